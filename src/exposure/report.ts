import { english, plainText, type Translate } from '../base/text';
import { firewallWords, type FirewallReading } from './firewall/firewall';
import type { Assessment, JudgedFinding } from './judge';
import { sectionsOf, type Section } from './sections';
import { bySeverity, severityWords, type Severity } from './severity';

export interface Audit {
  readonly hostname: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly assessments: readonly Assessment[];
  /** What the firewalls of this machine tell. */
  readonly firewall?: FirewallReading;
}

/** Listeners with something to say, most urgent first. What only this machine can reach is no finding. */
function worthTelling({ assessments }: Audit): Assessment[] {
  return assessments
    .filter(({ findings, subject }) => findings.length > 0 || subject.addresses.length > 0)
    .sort((a, b) => bySeverity(a.severity, b.severity) || a.subject.listener.port - b.subject.listener.port);
}

/** Facts beside the findings: they change no severity. */
function firewallLines({ firewall }: Audit, { subject: { listener } }: Assessment, t: Translate): string[] {
  return firewall && listener.scope !== 'loopback' ? firewallWords(firewall, listener, t) : [];
}

function headingOf({ subject, severity }: Assessment, t: Translate): string {
  const { listener, process } = subject;
  const name = process ? `${process.name} (${t('pid {0}', String(process.pid))})` : '';
  const title = `${listener.protocol.toUpperCase()} ${listener.port} ${name}`.trim();
  return plainText(`${severityWords(severity, t)} · ${title}`);
}

function titleOf({ hostname }: Audit, t: Translate): string {
  return plainText(t('Who can get into {0}', hostname));
}

/**
 * What Markdown (CommonMark, and GitHub's tables, strikethrough and automatic links, which the editor's preview makes
 * of any name like a.io) would act on is escaped: names and
 * banners are other people's. The rest stays as it is, since many read the source.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>&~|@]|:(?=\/)|\.(?=\p{L})|^[#+=-]|(?<=^\d+)[.)]/giu, (character) => `\\${character}`)
    .replace(/^\s+/u, '');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

export function auditMarkdown(audit: Audit, t: Translate): string {
  return [
    `# ${escapeMarkdown(titleOf(audit, t))}`,
    '',
    new Date(audit.takenAt).toISOString(),
    '',
    ...worthTelling(audit).flatMap((assessment) => [
      `## ${escapeMarkdown(headingOf(assessment, t))}`,
      '',
      ...sectionsOf(assessment, firewallLines(audit, assessment, t), t).flatMap(markdownSection),
    ]),
  ].join('\n');
}

function markdownSection({ title, items, ordered }: Section): string[] {
  const lines = items.flatMap(([first = '', ...more], index) => [
    `${ordered ? `${index + 1}.` : '-'} ${escapeMarkdown(first)}`,
    ...more.map((line) => `   - ${escapeMarkdown(line)}`),
  ]);
  return [`### ${escapeMarkdown(title)}`, '', ...lines, ...(lines.length > 0 ? [''] : [])];
}

const STYLE = `:root{color-scheme:light dark}
body{font-family:system-ui,sans-serif;line-height:1.5;max-width:60em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}
h2{border-top:1px solid;padding-top:1em}
h3{font-size:1em;margin-bottom:0}
ul,ol{margin-top:.3em}`;

/** @param language that of `t`, as a tag of BCP 47 */
export function auditHtml(audit: Audit, t: Translate, language = 'en'): string {
  const title = escapeHtml(titleOf(audit, t));
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><title>${title}</title>`,
    '<meta name="viewport" content="width=device-width">',
    `<style>${STYLE}</style></head>`,
    `<body><h1>${title}</h1><p>${new Date(audit.takenAt).toISOString()}</p>`,
    ...worthTelling(audit).flatMap((assessment) => [
      `<h2>${escapeHtml(headingOf(assessment, t))}</h2>`,
      ...sectionsOf(assessment, firewallLines(audit, assessment, t), t).flatMap(htmlSection),
    ]),
    '</body></html>',
    '',
  ].join('\n');
}

function htmlSection({ title, items, ordered }: Section): string[] {
  const list = ordered ? 'ol' : 'ul';
  const lines = items.map(([first = '', ...more]) => {
    const rest = more.map((line) => `<li>${escapeHtml(line)}</li>`).join('');
    return `<li>${escapeHtml(first)}${rest === '' ? '' : `<ul>${rest}</ul>`}</li>`;
  });
  return [
    `<h3>${escapeHtml(title)}</h3>`,
    ...(lines.length > 0 ? [`<${list}>`, ...lines, `</${list}>`] : []),
  ];
}

/** As data: one entry for each listener, with its evidence. */
export function auditJson(audit: Audit): unknown {
  return {
    schemaVersion: 1,
    hostname: audit.hostname,
    takenAt: new Date(audit.takenAt).toISOString(),
    listeners: worthTelling(audit).map((assessment) => {
      const { subject, severity, verdict, findings, sentence } = assessment;
      return {
        protocol: subject.listener.protocol,
        port: subject.listener.port,
        scope: subject.listener.scope,
        addresses: subject.addresses,
        ...(subject.process && { process: subject.process.name, pid: subject.process.pid }),
        ...(subject.service !== undefined && { service: subject.service }),
        severity,
        sentence,
        verdict,
        findings,
        ...(audit.firewall && { firewall: firewallLines(audit, assessment, english) }),
        ...(subject.result && { check: subject.result }),
      };
    }),
  };
}

const LEVELS: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  info: 'note',
  none: 'none',
};

/** SARIF 2.1.0 (OASIS), for tools that gather findings. What was accepted is suppressed, with its reason. */
export function auditSarif(audit: Audit, version: string): unknown {
  const found = worthTelling(audit).flatMap((assessment) =>
    assessment.findings.map((finding) => ({ assessment, finding })),
  );
  const ids = [...new Set(found.map(({ finding }) => finding.id))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Portlight', version, rules: ids.map((id) => ({ id })) } },
        results: found.map(({ assessment, finding }) => sarifResult(assessment, finding, audit)),
      },
    ],
  };
}

function sarifResult(assessment: Assessment, finding: JudgedFinding, audit: Audit): unknown {
  const { protocol, port } = assessment.subject.listener;
  const { accepted } = finding;
  return {
    ruleId: finding.id,
    level: LEVELS[finding.severity],
    message: { text: plainText([finding.sentence, ...finding.details].join(' ')) },
    locations: [{ logicalLocations: [{ fullyQualifiedName: `${protocol}/${port}`, kind: 'resource' }] }],
    ...(audit.firewall && { properties: { firewall: firewallLines(audit, assessment, english) } }),
    ...(accepted && { suppressions: [{ kind: 'external', justification: accepted.reason }] }),
  };
}

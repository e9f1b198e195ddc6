import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { english } from '../../../src/base/text';
import { assess } from '../../../src/exposure/judge';
import { auditHtml, auditJson, auditMarkdown, auditSarif, type Audit } from '../../../src/exposure/report';
import type { CheckResult } from '../../../src/exposure/result';
import { aListener, anOwner, NOW } from '../editor/views/sample';

const EVIL = '<script>[x](command:evil)`\u001b[31m';

function anAudit(): Audit {
  const listener = aListener({
    port: 6390,
    scope: 'wildcard',
    owner: anOwner({ name: EVIL, commandLine: ['redis-server'], executable: '/usr/bin/redis-server' }),
  });
  const result: CheckResult = {
    service: 'redis',
    address: '192.0.2.2',
    port: 6390,
    transport: 'tcp',
    verdict: { kind: 'open-proved', proof: { asked: 'PING', answered: EVIL } },
    transcript: [{ direction: 'in', bytes: 8, base64: Buffer.from('<b>hi</b>').toString('base64') }],
    tls: false,
    connections: 1,
    packetsOut: 1,
    ms: 1,
    notTried: 'passwords',
  };
  const options = { machine: { addresses: ['192.0.2.2'] }, now: NOW, t: english };
  return {
    hostname: EVIL,
    takenAt: NOW,
    assessments: [
      assess(aListener({ port: 3000 }), 'loopback-only', options),
      assess(listener, result, options),
    ],
  };
}

describe('the audit report', () => {
  it('tells what can be reached and leaves out what only this machine can', () => {
    const { listeners } = auditJson(anAudit()) as { listeners: { port: number; severity: string }[] };
    assert.deepEqual(
      listeners.map(({ port, severity }) => [port, severity]),
      [[6390, 'critical']],
    );
  });

  it('lets nothing in that acts on its reader', () => {
    const html = auditHtml(anAudit(), english);
    assert.ok(!html.includes('<script>') && !html.includes('<b>'));
    const markdown = auditMarkdown(anAudit(), english);
    assert.doesNotMatch(markdown, /(?<!\\)(?:<script|\[x|`)/u);
    assert.ok(
      markdown.includes(
        'bound to every interface; the addresses of this machine that this means: 192.0.2.2.',
      ),
    );
    for (const text of [html, markdown]) assert.ok(!text.includes('\u001b'));
    assert.match(markdown, /## Critical · TCP 6390/u);
  });

  it('is the same text when Markdown is rendered, whatever the name of a host', () => {
    const renderer = new MarkdownIt({ html: true, linkify: true });
    const piece = fc.oneof(
      fc.constantFrom(
        ...Array.from('\\`*_{}[]()#+-.!|<>&~:=@"\' 1a'),
        'http://',
        'www.a.io',
        'a.io',
        'a@b.io',
        '![x](y)',
        '<b>',
        '&lt;',
        '~~',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const hostname = pieces.join('');
        const tokens = renderer.parse(
          auditMarkdown({ ...anAudit(), assessments: [], hostname }, english),
          {},
        );
        assert.deepEqual(
          tokens.map(({ type }) => type),
          ['heading_open', 'inline', 'heading_close', 'paragraph_open', 'inline', 'paragraph_close'],
        );
        const inline = tokens[1]?.children ?? [];
        assert.ok(
          inline.every(({ type }) => type === 'text' || type === 'text_special'),
          JSON.stringify(inline),
        );
      }),
    );
  });

  it('sets what to do as numbered steps, with what belongs to each below it', () => {
    const html = auditHtml(anAudit(), english, 'en');
    assert.match(html, /^<!doctype html>\n<html lang="en">/u);
    assert.match(html, /<ol>\n<li>Bind it to localhost\.<ul><li>Now: redis-cli/u);
    const tokens = new MarkdownIt().parse(auditMarkdown(anAudit(), english), {});
    const types = tokens.map(({ type }) => type);
    const steps = types.slice(types.indexOf('ordered_list_open'), types.lastIndexOf('ordered_list_close'));
    assert.ok(steps.includes('bullet_list_open') && !steps.includes('heading_open'), steps.join(' '));
  });

  it('names each finding as a SARIF rule', () => {
    const sarif = auditSarif(anAudit(), '1.2.3') as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; level: string }[] }[];
    };
    const [run] = sarif.runs;
    assert.deepEqual(run?.tool.driver.rules, [{ id: 'open.redis' }]);
    assert.equal(run.results[0]?.level, 'error');
  });

  it('sets what the firewall tells beside each finding, whose severity stays', () => {
    const ufw = { config: 'ENABLED=yes', defaults: 'DEFAULT_INPUT_POLICY="DROP"', rules: [''] };
    const audit: Audit = {
      ...anAudit(),
      firewall: { nftables: { kind: 'absent' }, iptables: [], ufw },
    };
    const words = 'ufw, incoming by default: drop';
    for (const text of [auditHtml(audit, english), auditMarkdown(audit, english)])
      assert.ok(text.includes(words));
    const { listeners } = auditJson(audit) as { listeners: { severity: string; firewall: string[] }[] };
    assert.deepEqual(
      listeners.map(({ severity, firewall }) => [severity, firewall]),
      [['critical', [words]]],
    );
    const sarif = JSON.stringify(auditSarif(audit, '1.2.3'));
    assert.ok(sarif.includes(`"level":"error"`) && sarif.includes(`"properties":{"firewall":["${words}"]}`));
  });
});

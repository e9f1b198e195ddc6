import type { Clock } from '../../base/clock';
import type { Translate } from '../../base/text';
import { ScanError, type ScanClient } from '../../scan/client';
import { admit, rangeText, scopeName, type Permission } from '../../scan/guard';
import type { ScopeLimit } from '../../scan/scopeLimit';
import type { DiscoveryMethod, ScanPart, Timing } from '../../scan/report';
import { ScanSession } from '../../scan/session';
import { namesOf, parseTargets, scanTargets, type HostSet } from '../../scan/targets';
import type { Interaction } from '../interaction';
import { discoveryMethods } from './scanPlan';
import { failureWords, progressWords } from './scanWords';
import type { SessionList } from './sessionList';

export interface RunnerOptions {
  readonly client: ScanClient;
  readonly sessions: SessionList;
  readonly interaction: Interaction;
  readonly clock: Clock;
  readonly scopeLimit: () => ScopeLimit;
  readonly show: (sessionId: string) => void;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

/** What to scan, in the user's texts, with the parts that were made of them. */
export interface RunRequest {
  readonly targets: string;
  readonly ports: string;
  readonly parts: readonly ScanPart[];
  readonly discovery: 'skip' | 'find' | readonly DiscoveryMethod[];
  readonly timing: Timing;
}

/** Takes a wish to its end: names resolved, scope judged, permission asked, scan run, results kept. */
export class ScanRunner {
  private last = 0;

  constructor(private readonly options: RunnerOptions) {}

  /** Resolves when the scan has ended; results appear in the list while it runs. */
  async run(request: RunRequest): Promise<void> {
    const { interaction, client, t } = this.options;
    const admitted = await this.admitted(request.targets);
    if (admitted === undefined) return;
    const capabilities = await client.capabilities();
    const discovery = request.discovery === 'find' ? discoveryMethods(capabilities) : request.discovery;
    const session = this.begin(request, discovery, capabilities.version, admitted);
    await interaction.progress(t('Scanning {0}', request.targets), async (report, cancelled) => {
      const stop = new AbortController();
      const abort = (): void => {
        stop.abort();
      };
      cancelled.addEventListener('abort', abort);
      this.options.sessions.follow(session, abort);
      this.options.show(session.id);
      try {
        await this.runSession(session, { ...request, discovery, hosts: admitted }, report, stop.signal);
      } finally {
        cancelled.removeEventListener('abort', abort);
      }
    });
  }

  /** Resolves the names, judges every address and asks where it must. @returns undefined where nothing may run. */
  async admitted(text: string, purpose: 'scan' | 'check' = 'scan'): Promise<HostSet | undefined> {
    const { client, interaction, scopeLimit, t } = this.options;
    const list = parseTargets(text, t);
    if (!list.ok) {
      this.refuse(list.errors[0]?.message);
      return undefined;
    }
    const names = namesOf(list.value);
    const resolutions = names.length === 0 ? [] : await client.resolve(names);
    const { ownAddresses } = await client.capabilities();
    const judged = admit(list.value, resolutions, { ownAddresses, limit: scopeLimit() }, t);
    if (!judged.ok) {
      this.refuse(judged.errors[0]?.message);
      return undefined;
    }
    const { hosts, permission } = judged.value;
    if (permission.kind === 'run') return hosts;
    const [message, label] =
      purpose === 'scan'
        ? [t('Do you have the permission to scan {0}?', text), t('I Have Permission: Scan')]
        : [t('Do you have the permission to check {0}?', text), t('I Have Permission: Check')];
    const question = { message, detail: this.askDetail(permission), severity: 'warning' } as const;
    const yes = await interaction.ask(question, [{ label, value: true }]);
    return yes === true ? hosts : undefined;
  }

  private refuse(message: string | undefined): void {
    const { interaction, t } = this.options;
    interaction.tell({ kind: 'error', message: message ?? t('These targets are not scanned.') });
  }

  private askDetail(permission: Permission): string {
    const { t } = this.options;
    const parts = permission.kind === 'ask' ? permission.parts : [];
    const lines = parts.flatMap(({ scope, ranges }) => {
      const shown = ranges
        .slice(0, 5)
        .map((range) => t('{0} is {1}.', rangeText(range), scopeName(scope, t)));
      return ranges.length > 5 ? [...shown, t('… and {0} more ranges.', ranges.length - 5)] : shown;
    });
    return [
      ...lines,
      '',
      t(
        'Scanning machines of others without the permission of their owner is forbidden by many networks and, in many countries, by law. The owner of the addresses, or whoever runs the network, must have agreed.',
      ),
    ].join('\n');
  }

  private begin(
    request: RunRequest,
    discovery: 'skip' | readonly DiscoveryMethod[],
    version: string,
    hosts: HostSet,
  ): ScanSession {
    const { clock } = this.options;
    // Two scans may begin within one millisecond.
    this.last = Math.max(clock.now(), this.last + 1);
    return new ScanSession({
      id: `s${this.last.toString(36)}`,
      origin: 'scan',
      scanner: { name: 'Portlight', version },
      targets: request.targets,
      ports: request.ports,
      parts: request.parts,
      discovery,
      timing: request.timing,
      startedAt: clock.now(),
      hostsTotal: Number(hosts.count),
    });
  }

  private async runSession(
    session: ScanSession,
    request: RunRequest & {
      readonly hosts: HostSet;
      readonly discovery: 'skip' | readonly DiscoveryMethod[];
    },
    report: (text: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, clock, interaction, onError, t } = this.options;
    try {
      const end = await client.scan(
        {
          targets: scanTargets(request.hosts),
          parts: request.parts,
          discovery: request.discovery,
          timing: request.timing,
        },
        (event) => {
          session.apply(event);
          if (event.kind === 'progress') report(progressWords(event.progress, t));
        },
        signal,
      );
      session.finish(end, clock.now());
    } catch (error) {
      onError(error);
      const code = error instanceof ScanError ? error.code : 'internal';
      session.fail(code, error instanceof Error ? error.message : String(error), clock.now());
      interaction.tell({ kind: 'error', message: failureWords(code, t) });
    }
  }
}

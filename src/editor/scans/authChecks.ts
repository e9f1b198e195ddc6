import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { plainText, type Translate } from '../../base/text';
import { orderOf, type CheckOrder } from '../../exposure/choose';
import { checks } from '../../exposure/checks/index';
import type { Assessment } from '../../exposure/judge';
import type { ServiceChecker } from '../../exposure/model';
import { assessRemote, isLoopback, remoteChoice, type RemotePort } from '../../exposure/remote';
import type { CheckResult } from '../../exposure/result';
import { formatHostPort } from '../../scan/hostPort';
import { checkOfPort } from '../../scan/sessionData';
import type { Documents } from '../documents';
import { needsAttention } from '../exposure/exposureRow';
import { exposureText } from '../exposure/exposureText';
import type { Interaction } from '../interaction';
import { checkable, type CheckTarget } from './checkTargets';
import type { ScanRunner } from './scanRunner';
import type { ScanNode } from './scanSubject';
import type { SessionList } from './sessionList';

export interface AuthCheckOptions {
  readonly checker: ServiceChecker;
  /** Judges the hosts before anything is sent. */
  readonly runner: Pick<ScanRunner, 'admitted'>;
  readonly sessions: SessionList;
  readonly documents: Documents;
  readonly interaction: Interaction;
  readonly clock: Clock;
  /** The setting says that nothing is ever checked. */
  readonly forbidden: () => boolean;
  readonly t: Translate;
}

/** Few at a time: they may all be of one host. */
const CONCURRENCY = 4;
/** As many as a list to choose from can take. */
const MOST_OFFERED = 200;

interface Order extends CheckTarget {
  readonly order: CheckOrder;
}

/** Who can get into open ports of other hosts: the checks of our own listeners, on demand only. */
export class AuthChecks {
  constructor(private readonly options: AuthCheckOptions) {}

  async check(nodes: readonly ScanNode[]): Promise<void> {
    const { interaction, forbidden, t } = this.options;
    if (forbidden()) {
      this.inform(t('The setting “portlight.exposure.checks” turns all checks off.'));
      return;
    }
    const given = nodes.length === 0 ? await this.offer() : nodes.flatMap((node) => this.targetsOf(node));
    if (given === undefined) return;
    const orders = await this.ordersOf(given);
    if (orders === undefined || orders.length === 0) return;
    const addresses = [...new Set(orders.map(({ address }) => address))];
    if ((await this.options.runner.admitted(addresses.join(' '), 'check')) === undefined) return;
    const results = await interaction.progress(t('Checking authentication'), (report, cancel) =>
      this.run(orders, report, cancel),
    );
    this.summarize(results, orders);
  }

  /** The evidence of a port, or of every port of a host or scan that was checked. */
  async show([node]: readonly ScanNode[]): Promise<void> {
    const { t } = this.options;
    const results = node === undefined ? [] : this.resultsOf(node);
    if (results.length > 0) await this.showEvidence(results);
    else this.inform(t('Nothing was checked there yet: choose “Check Authentication…” first.'));
  }

  private async showEvidence(results: readonly CheckResult[]): Promise<void> {
    const { documents, t } = this.options;
    const texts = results.map((result) => {
      const title = `${result.transport.toUpperCase()} ${formatHostPort(result.address, result.port)}`;
      return exposureText(this.judge(result), t, { title });
    });
    await documents.show(`${t('Authentication')}.txt`, texts.join('\n'));
  }

  private judge(result: CheckResult): Assessment {
    const { clock, t } = this.options;
    return assessRemote(result, { now: clock.now(), t });
  }

  private resultsOf({ subject }: ScanNode): CheckResult[] {
    const hosts = this.options.sessions.get(subject.sessionId)?.data.hosts ?? [];
    const wanted = hosts.filter((host) => !('address' in subject) || host.address === subject.address);
    return wanted.flatMap((host) => {
      const only = subject.kind === 'port' && checkOfPort(host, subject.row.protocol, subject.row.port);
      const found = subject.kind === 'port' ? (only ? [only] : []) : (host.checks ?? []);
      return found.map(({ result }) => result);
    });
  }

  /** From the palette: the ports of all scans that a check knows. */
  private async offer(): Promise<CheckTarget[] | undefined> {
    const { sessions, t } = this.options;
    const all = sessions.all.flatMap(({ id, data }) => data.hosts.flatMap((host) => checkable(id, host)));
    const first = new Map(
      all.map((target) => [`${target.protocol} ${formatHostPort(target.address, target.port)}`, target]),
    );
    if (first.size === 0) {
      this.inform(t('No scan found an open port of another host that a check knows.'));
      return undefined;
    }
    const items = [...first.values()].slice(0, MOST_OFFERED).map((target) => ({
      label: formatHostPort(target.address, target.port),
      description: serviceNameOf(target) ?? '',
      target,
    }));
    const title = t('Check Authentication of Which Port?');
    const chosen = await vscode.window.showQuickPick(items, { title });
    return chosen && [chosen.target];
  }

  private targetsOf({ subject }: ScanNode): CheckTarget[] {
    const { sessionId } = subject;
    if (subject.kind === 'port') {
      const { protocol, port, state } = subject.row;
      return protocol === 'ip' || state !== 'open'
        ? []
        : [{ sessionId, address: subject.address, port, protocol }];
    }
    if (subject.kind !== 'host') return [];
    const host = this.options.sessions.host(sessionId, subject.address);
    return host === undefined ? [] : checkable(sessionId, host);
  }

  /** @returns undefined where the user chose not to go on. */
  private async ordersOf(targets: readonly CheckTarget[]): Promise<Order[] | undefined> {
    const { t } = this.options;
    const [only] = targets;
    if (only === undefined) {
      this.inform(t('There is no open port that a check knows.'));
      return undefined;
    }
    if (targets.every(({ address }) => isLoopback(address))) {
      this.inform(
        t(
          '{0} is this machine, which lets itself in: see the view Listeners for who else gets in.',
          only.address,
        ),
      );
      return undefined;
    }
    if (targets.length === 1) return await this.orderOf(only);
    return targets
      .filter(({ address }) => !isLoopback(address))
      .flatMap((target): Order[] => {
        const choice = remoteChoice(target);
        return choice.kind === 'check' ? [{ ...target, order: orderOf(choice) }] : [];
      });
  }

  private async orderOf(target: CheckTarget): Promise<Order[] | undefined> {
    const { t } = this.options;
    const choice = remoteChoice(target);
    switch (choice.kind) {
      case 'check':
        return [{ ...target, order: orderOf(choice) }];
      case 'never':
        this.inform(
          t(
            'Port {0} is where {1} listens by default. Connecting could resume, stop or occupy the program: nothing was sent.',
            String(target.port),
            choice.debugger.name,
          ),
        );
        return undefined;
      case 'greeting': {
        const order = await this.askService(target, orderOf(choice));
        return order && [{ ...target, order }];
      }
    }
  }

  /** Nothing but the user can tell what listens on an unusual port. */
  private async askService(
    { address, port, protocol }: CheckTarget,
    greeting: CheckOrder,
  ): Promise<CheckOrder | undefined> {
    const { t } = this.options;
    const named = checks
      .filter(({ transport }) => transport === protocol)
      .map(({ service, name }) => ({
        label: name,
        order: { service, transport: protocol, listenFirst: true },
      }))
      .sort((a, b) => a.label.localeCompare(b.label, 'en'));
    const only = {
      label: t('Only listen for a greeting'),
      detail: t('Sends nothing, unless it greets as something known.'),
      order: greeting,
    };
    const title = t('Check {0} as Which Service?', formatHostPort(address, port));
    const items = protocol === 'tcp' ? [only, ...named] : named;
    return (await vscode.window.showQuickPick(items, { title }))?.order;
  }

  private async run(
    orders: readonly Order[],
    report: (text: string) => void,
    cancel: AbortSignal,
  ): Promise<CheckResult[]> {
    const { checker, sessions, clock, t } = this.options;
    const waiting = [...orders];
    const results: CheckResult[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !cancel.aborted; next = waiting.shift()) {
        report(formatHostPort(next.address, next.port));
        const { address, port, order } = next;
        const result = await checkOrCancel(checker, { ...order, address, port }, cancel);
        if (result === undefined) return;
        results.push(result);
        sessions.addCheck(next.sessionId, { checkedAt: clock.now(), result });
        report(t('{0} of {1} checked', results.length, orders.length));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return results;
  }

  private summarize(results: readonly CheckResult[], orders: readonly Order[]): void {
    const { interaction, t } = this.options;
    const [first] = results;
    if (first === undefined) return;
    const judged = results.map((result) => this.judge(result));
    const urgent = judged.filter((assessment) => needsAttention(assessment)).length;
    const only = results.length === 1 ? judged[0] : undefined;
    const message = only
      ? t('{0}: {1}', formatHostPort(first.address, first.port), plainText(only.sentence, 300))
      : t(
          '{0} of {1} ports checked; {2} let anybody in or need attention.',
          results.length,
          orders.length,
          urgent,
        );
    interaction.tell({
      kind: urgent > 0 ? 'warning' : 'information',
      message,
      actions: [{ label: t('Show Evidence'), run: () => this.showEvidence(results) }],
    });
  }

  private inform(message: string): void {
    this.options.interaction.tell({ kind: 'information', message });
  }
}

function serviceNameOf(remote: RemotePort): string | undefined {
  const choice = remoteChoice(remote);
  return choice.kind === 'check' ? choice.check.name : undefined;
}

/** @returns undefined where the user gave up. */
async function checkOrCancel(
  checker: ServiceChecker,
  order: Parameters<ServiceChecker['check']>[0],
  cancel: AbortSignal,
): Promise<CheckResult | undefined> {
  try {
    const result = await checker.check(order, cancel);
    return cancel.aborted ? undefined : result;
  } catch (error) {
    if (cancel.aborted) return undefined;
    throw error;
  }
}

import { plainText, type Translate } from '../../base/text';
import { formatAddress } from '../../scan/address';
import type { PortCheck, ScanClient } from '../../scan/client';
import { formatHostPort, parseHostPort } from '../../scan/hostPort';
import { portNames, serviceGuess } from '../../scan/portSets';
import type { Memory } from '../choicesStore';
import type { Interaction } from '../interaction';
import { converse } from './conversation';
import { Recents } from './recents';
import { pointed } from './scanPlan';
import type { ScanRunner } from './scanRunner';
import { latencyText } from './scanWords';
import { askStep } from './steps';

export interface PortCheckOptions {
  readonly client: ScanClient;
  /** Judges the host before anything is sent. */
  readonly runner: Pick<ScanRunner, 'admitted'>;
  readonly interaction: Interaction;
  readonly memory: Memory;
  readonly t: Translate;
}

/** How long a connection attempt may take. */
const TIMEOUT_MS = 5000;

/** One connection to one port, as of telnet or nc: refused, timed out, or a conversation line by line. */
export class PortChecker {
  private readonly recents: Recents;

  constructor(private readonly options: PortCheckOptions) {
    this.recents = new Recents(options.memory, 'scan.checks');
  }

  async ask(given?: string): Promise<void> {
    const { t } = this.options;
    const answer = await askStep<string>({
      title: t('Check One Port'),
      placeholder: t('Host and port, for example localhost:5432 or [::1]:80'),
      number: 1,
      total: 1,
      ...(given !== undefined && { value: given }),
      items: (typed) => this.items(typed.trim()),
    });
    if (answer.kind !== 'value') return;
    await this.recents.remember(answer.value);
    await this.check(answer.value);
  }

  private items(typed: string): { label: string; description?: string; detail?: string; value?: string }[] {
    const { t } = this.options;
    const recent = this.recents.all.filter((text) => text !== typed && text.includes(typed));
    const known = recent.map((text) => ({ label: text, value: text }));
    if (typed === '') return known;
    const parsed = parseHostPort(typed, portNames, t);
    if (!parsed.ok) {
      const [error] = parsed.errors;
      return error === undefined
        ? known
        : [{ label: `$(error) ${error.message}`, detail: pointed(typed, error) }, ...known];
    }
    const name = serviceGuess('tcp', parsed.value.port);
    const item = { label: `$(plug) ${typed}`, value: typed };
    return [
      name === undefined ? item : { ...item, description: t('by its number perhaps {0}', name) },
      ...known,
    ];
  }

  /** @param text as `parseHostPort` reads it */
  async check(text: string): Promise<void> {
    const { client, runner, interaction, t } = this.options;
    const parsed = parseHostPort(text, portNames, t);
    if (!parsed.ok) return;
    const { host, port } = parsed.value;
    const hosts = await runner.admitted(host);
    const range = hosts?.ranges[0];
    if (range === undefined) return;
    const { family, first: value, zone } = range;
    const address = formatAddress(zone === undefined ? { family, value } : { family, value, zone });
    const title = formatHostPort(address, port);
    const result = await interaction.progress(t('Connecting to {0}', title), (_report, cancel) =>
      connectOrCancel(client, { address, port, timeoutMs: TIMEOUT_MS }, cancel),
    );
    if (result === undefined) return;
    if (result.kind === 'connected') {
      await converse(
        result.conversation,
        t('{0} · connected after {1} ms', title, latencyText(result.ms)),
        t,
      );
      return;
    }
    interaction.tell({
      kind: result.kind === 'refused' ? 'information' : 'warning',
      message: outcomeWords(result, title, t),
      actions: [{ label: t('Try Again'), run: () => this.check(text) }],
    });
  }
}

/** @returns undefined where the user gave up. */
async function connectOrCancel(
  client: ScanClient,
  target: Parameters<ScanClient['connect']>[0],
  cancel: AbortSignal,
): Promise<PortCheck | undefined> {
  try {
    return await client.connect(target, cancel);
  } catch (error) {
    if (cancel.aborted) return undefined;
    throw error;
  }
}

function outcomeWords(check: Exclude<PortCheck, { kind: 'connected' }>, title: string, t: Translate): string {
  const ms = latencyText(check.ms);
  switch (check.kind) {
    case 'refused':
      return t('{0} refused the connection after {1} ms: nothing listens there.', title, ms);
    case 'timed-out':
      return t(
        '{0} did not answer within {1} ms: a filter drops the connection, or the host is down.',
        title,
        ms,
      );
    case 'unreachable':
      return t(
        '{0} cannot be reached ({1}, after {2} ms): {3}',
        title,
        check.reason,
        ms,
        plainText(check.detail, 200),
      );
  }
}

import { DisposableStore, type Disposable } from '../../base/disposable';
import { plainText, type Translate } from '../../base/text';
import type { Assessment } from '../../exposure/judge';
import { severityWords } from '../../exposure/severity';
import type { Memory } from '../choicesStore';
import type { Interaction } from '../interaction';
import type { Current } from './exposures';
import { needsAttention } from './exposureRow';

export interface NoticeOptions {
  readonly exposures: Current<ReadonlyMap<string, Assessment>>;
  readonly enabled: () => boolean;
  /** What was told already, so that another window or tomorrow's session does not tell it again. */
  readonly memory: Memory;
  readonly interaction: Pick<Interaction, 'tell'>;
  readonly show: (listenerId: string) => unknown;
  readonly onError: (error: unknown) => void;
  readonly t: Translate;
}

const TOLD = 'exposure.told';
/** More than anybody has at once; the oldest are forgotten. */
const TOLD_LIMIT = 500;

/** Tells once of each listener that newly lets somebody in. What was closed and opens again is new. */
export class ExposureNotices implements Disposable {
  private readonly store = new DisposableStore();
  private told: readonly string[];

  constructor(private readonly options: NoticeOptions) {
    const told = options.memory.get(TOLD);
    this.told = Array.isArray(told) ? told.filter((key) => typeof key === 'string') : [];
    this.store.add(
      options.exposures.onDidChange(() => {
        this.look();
      }),
    );
  }

  dispose(): void {
    this.store.dispose();
  }

  private look(): void {
    const all = [...this.options.exposures.current.values()];
    const urgent = all.filter((assessment) => needsAttention(assessment));
    const fresh = urgent.filter((assessment) => !this.told.includes(keyOf(assessment)));
    const closed = new Set(all.filter(isClosed).map(portOf));
    const kept = this.told.filter((key) => !closed.has(key.split('/')[0] ?? ''));
    if (fresh.length === 0 && kept.length === this.told.length) return;
    this.told = [...kept, ...fresh.map(keyOf)].slice(-TOLD_LIMIT);
    Promise.resolve(this.options.memory.update(TOLD, this.told)).catch(this.options.onError);
    const [first] = fresh;
    if (first && this.options.enabled()) this.tell(first, fresh.length);
  }

  private tell(first: Assessment, count: number): void {
    const { interaction, show, t } = this.options;
    const { port } = first.subject.listener;
    const sentence = plainText(first.sentence, 200);
    const message =
      count === 1
        ? t('{0}, port {1}: {2}', severityWords(first.severity, t), String(port), sentence)
        : t('{0} listeners need attention. Port {1}: {2}', count, String(port), sentence);
    interaction.tell({
      kind: first.severity === 'critical' ? 'error' : 'warning',
      message,
      actions: [{ label: t('Show'), run: () => show(first.listenerId) }],
    });
  }
}

/** A verdict that strangers are turned away, not merely one that is missing. */
function isClosed({ severity, verdict }: Assessment): boolean {
  return severity === 'none' && (verdict.kind === 'auth-required' || verdict.kind === 'refused-by-policy');
}

function portOf({ subject }: Assessment): string {
  return `${subject.listener.protocol}:${subject.listener.port}`;
}

/** The same program on the same port with the same fault, whatever its pid. */
function keyOf(assessment: Assessment): string {
  const { subject, findings } = assessment;
  const finding = findings.find(({ accepted }) => accepted === undefined)?.id ?? '';
  return `${portOf(assessment)}/${finding}/${subject.process?.name ?? ''}`;
}

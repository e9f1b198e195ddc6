import type { Clock } from '../../base/clock';
import type { Translate } from '../../base/text';
import type { Listener } from '../../ports/listener';
import type { Process, ProcessId } from '../../ports/owner';
import type { ListenerWatcher } from '../../ports/watcher';
import type { ProcessControl } from '../../stop/control';
import { executeStop } from '../../stop/execute';
import type { GraceAnswer, GraceOver, StopPhase } from '../../stop/options';
import type { ListenerOutcome, StopOutcome } from '../../stop/outcome';
import { portStateOf } from '../../stop/port-state';
import { prepareStop, type StopLevel, type StopPlan } from '../../stop/plan';
import { readEditorFacts, type EditorFacts } from '../../stop/refusals';
import { confirmation, essentialConfirmation, graceQuestion } from '../../stop/confirmation';
import { processLabel } from '../../stop/programs';
import { outcomeSentence } from '../../stop/words';
import type { Answer, Interaction, NoticeAction } from '../interaction';
import type { Settings } from '../settings';
import type { ListenerNode } from '../views/listenersData';
import { listenerIdOf } from '../views/subject';
import type { OpenTerminalWith } from '../terminal';
import type { CommandTable } from './command';

export interface StopCommandOptions {
  readonly watcher: ListenerWatcher;
  readonly control: ProcessControl;
  readonly clock: Clock;
  readonly settings: () => Pick<Settings, 'graceMs' | 'afterGrace'>;
  /** What must never be stopped: this very editor. */
  readonly editorFacts: () => Promise<Omit<EditorFacts, 'ancestors'>>;
  readonly interaction: Interaction;
  readonly openTerminalWith: OpenTerminalWith;
  readonly t: Translate;
}

/** Asks, stops, and tells what has come of it. There is no way to a signal that does not pass the question. */
export class StopCommands {
  constructor(private readonly options: StopCommandOptions) {}

  readonly table = {
    stop: (nodes) => this.stopNodes('stop', nodes),
    killNow: (nodes) => this.stopNodes('kill', nodes),
    stopTree: (nodes) => this.stopNodes('tree', nodes),
  } satisfies CommandTable;

  /**
   * @param root the tree's top, where the user chose one of the owner's parents
   * @returns what became of each listener; undefined where the user said no
   */
  async stop(
    level: StopLevel,
    listeners: readonly Listener[],
    root?: ProcessId,
  ): Promise<readonly ListenerOutcome[] | undefined> {
    const plan = await this.plan(level, listeners, root);
    if (plan.targets.length > 0 && !(await this.confirmed(plan))) return undefined;
    const outcomes = await this.execute(plan);
    await this.options.watcher.refreshNow('tables');
    for (const outcome of outcomes) this.tell(outcome);
    return outcomes;
  }

  private async stopNodes(level: StopLevel, nodes: readonly ListenerNode[]): Promise<void> {
    const { watcher, interaction, t } = this.options;
    // From a menu that stood open for a while: look again before anything is promised.
    await watcher.refreshNow('tables');
    const ids = new Set(nodes.map(({ subject }) => listenerIdOf(subject)).filter((id) => id !== undefined));
    const listeners = [...ids].flatMap((id) => watcher.snapshot?.listeners.get(id) ?? []);
    if (ids.size > 0 && listeners.length === 0) {
      interaction.tell({ kind: 'information', message: t('It no longer listens.') });
    }
    if (listeners.length === 0) return;
    const [only] = nodes;
    const chosenParent = level === 'tree' && nodes.length === 1 && only?.subject.kind === 'process';
    await this.stop(level, listeners, chosenParent ? only.subject.process : undefined);
  }

  private async plan(level: StopLevel, listeners: readonly Listener[], root?: ProcessId): Promise<StopPlan> {
    const { watcher, control, editorFacts } = this.options;
    const snapshot = watcher.snapshot;
    const editor = await readEditorFacts(control, await editorFacts());
    const view = {
      listeners: [...(snapshot?.listeners.values() ?? listeners)],
      uid: snapshot?.machine.uid ?? -1,
      editor,
    };
    return prepareStop({ level, listeners, ...(root && { root }) }, view, control);
  }

  private async confirmed(plan: StopPlan): Promise<boolean> {
    const { interaction, openTerminalWith, t } = this.options;
    const first = confirmation(plan, t);
    if (!first) return false;
    const command = plan.warnings
      .map((warning) => ('command' in warning ? warning.command : undefined))
      .find(Boolean);
    const detail = command === undefined ? first.detail : `${first.detail}\n\n${command}`;
    const answer = await interaction.ask<'yes' | 'terminal'>({ ...first, detail, severity: 'warning' }, [
      { label: first.confirm, value: 'yes' },
      ...(command === undefined
        ? []
        : [{ label: t('Open Terminal with Command'), value: 'terminal' as const }]),
    ]);
    if (answer === 'terminal' && command !== undefined) openTerminalWith(command);
    if (answer !== 'yes') return false;
    const second = essentialConfirmation(plan, t);
    if (!second) return true;
    const sure = await interaction.ask({ ...second, severity: 'warning' }, [
      { label: second.confirm, value: true },
    ]);
    return sure === true;
  }

  private async execute(plan: StopPlan): Promise<readonly ListenerOutcome[]> {
    const { watcher, control, clock, interaction, settings, t } = this.options;
    const ports = portStateOf(watcher);
    const title = t('Stopping {0}', [...new Set(plan.listeners.map(({ port }) => port))].join(', '));
    return interaction.progress(title, (report, cancel) =>
      executeStop(
        plan,
        { control, ports, clock },
        {
          graceMs: settings().graceMs,
          onGraceOver: (still, moot) => this.graceOver(still, moot),
          onPhase: (phase) => {
            report(phaseWords(phase, t));
          },
          cancel,
        },
      ),
    );
  }

  private async graceOver(still: GraceOver, moot: AbortSignal): Promise<GraceAnswer> {
    const { afterGrace } = this.options.settings();
    if (afterGrace !== 'ask') return afterGrace;
    const { interaction, t } = this.options;
    const words = graceQuestion(still, t);
    const answers: Answer<GraceAnswer>[] = [
      // First what does no harm: the list may open under a hand that types.
      { label: words.wait, value: 'wait' },
      { label: words.kill, value: 'kill' },
      { label: words.leave, value: 'leave' },
    ];
    return (await interaction.choose(words.message, answers, moot)) ?? 'leave';
  }

  private tell(result: ListenerOutcome): void {
    const { interaction, t } = this.options;
    const { outcome } = result;
    const kind = GOOD_NEWS.has(outcome.kind) ? 'information' : 'warning';
    interaction.tell({ kind, message: outcomeSentence(result, t), actions: this.nextSteps(outcome) });
  }

  /** What the user may want to do about it: asked like every stop. */
  private nextSteps(outcome: StopOutcome): readonly NoticeAction[] {
    const { openTerminalWith, t } = this.options;
    const stop = (
      process: Process,
      level: StopLevel,
      listener: Listener,
      root?: ProcessId,
    ): NoticeAction => ({
      label: t('Stop {0}…', processLabel(process)),
      run: async () => {
        await this.stop(level, [listener], root);
      },
    });
    if (outcome.kind === 'came-back' && outcome.sameParent && outcome.startedBy !== undefined) {
      return [stop(outcome.startedBy, 'tree', outcome.listener, outcome.startedBy)];
    }
    if (outcome.kind === 'port-held') {
      return outcome.holders.flatMap(({ listener }) =>
        'process' in listener.owner ? [stop(listener.owner.process, 'stop', listener)] : [],
      );
    }
    const command = commandOf(outcome);
    if (command === undefined) return [];
    return [
      {
        label: t('Open Terminal with Command'),
        run: () => {
          openTerminalWith(command);
        },
      },
    ];
  }
}

const GOOD_NEWS: ReadonlySet<StopOutcome['kind']> = new Set(['stopped', 'gone-already']);

/** What an administrator could do in a terminal. */
function commandOf(outcome: StopOutcome): string | undefined {
  if (outcome.kind === 'not-permitted') return outcome.command;
  if (outcome.kind === 'refused' && 'command' in outcome.refusal) return outcome.refusal.command;
  return undefined;
}

function phaseWords(phase: StopPhase, t: Translate): string {
  switch (phase) {
    case 'checking':
      return t('looking again…');
    case 'ending':
      return t('asked to end…');
    case 'killing':
      return t('killing…');
    case 'watching':
      return t('the port is free; watching whether it comes back…');
  }
}

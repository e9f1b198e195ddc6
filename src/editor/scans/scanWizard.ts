import type { Translate } from '../../base/text';
import type { Capabilities } from '../../scan/client';
import type { GrammarError, Parsed } from '../../scan/grammar';
import { judgeLiterals, type Permission } from '../../scan/guard';
import type { ScopeLimit } from '../../scan/scopeLimit';
import { countPorts, parsePorts } from '../../scan/ports';
import { PORT_SETS, portNames, portSetDetail } from '../../scan/portSets';
import { TIMINGS, type ScanPart, type Timing } from '../../scan/report';
import { parseTargets, type TargetList } from '../../scan/targets';
import {
  techniqueDetail,
  techniqueName,
  TECHNIQUES,
  type ScanProtocol,
  type TechniqueId,
} from '../../scan/techniques';
import type { Memory } from '../choicesStore';
import { dotted } from '../views/words';
import { Recents } from './recents';
import { pointed, readTechnique, readTiming, techniqueOptions } from './scanPlan';
import { hostCount, portCount, timingDetail, timingName } from './scanWords';
import { askStep, type Step, type StepAnswer, type StepItem } from './steps';

export interface WizardResult {
  readonly targets: string;
  readonly ports: string;
  readonly parts: readonly ScanPart[];
  readonly discovery: 'skip' | 'find';
  readonly timing: Timing;
}

export interface WizardOptions {
  readonly memory: Memory;
  /** Asked when the technique is to be chosen; the helper starts while the user types. */
  readonly capabilities: Promise<Capabilities>;
  readonly scopeLimit: () => ScopeLimit;
  readonly grant: (executable: string) => void;
  readonly t: Translate;
}

const TECHNIQUE = 'scan.technique';
const TIMING = 'scan.timing';
const DISCOVERY = 'scan.discovery';
const FIRST_TARGET = 'localhost';

/** Target, ports, technique, how hosts are found, timing: each prefilled with the last choice, each with a way back. */
export class ScanWizard {
  private readonly targets: Recents;
  private readonly ports: Recents;
  /** This machine's addresses, as soon as the helper has told them. */
  private own: readonly string[] | undefined;
  private answers: Partial<{
    targets: string;
    ports: string;
    technique: ChosenTechnique;
    discovery: 'skip' | 'find';
    timing: Timing;
  }> = {};

  constructor(private readonly options: WizardOptions) {
    this.targets = new Recents(options.memory, 'scan.targets');
    this.ports = new Recents(options.memory, 'scan.ports');
  }

  /** @returns undefined where the user gave up. */
  async ask(target?: string): Promise<WizardResult | undefined> {
    const capabilities = this.options.capabilities;
    capabilities.then(
      ({ ownAddresses }) => {
        this.own = ownAddresses;
      },
      // Told where it is awaited.
      () => undefined,
    );
    let step = 0;
    for (;;) {
      const names = this.stepNames();
      const name = names[step];
      if (name === undefined) return await this.finish();
      const answer = await this.askNamed(name, step + 1, names.length, target);
      if (answer === 'cancelled') return undefined;
      step += answer === 'back' ? -1 : 1;
    }
  }

  /** How hosts are found is a question only where there are several. */
  private stepNames(): readonly StepName[] {
    const { targets } = this.answers;
    const parsed = targets === undefined ? undefined : parseTargets(targets, this.options.t);
    const several = parsed?.ok === true && parsed.value.count > 1n;
    return several
      ? ['targets', 'ports', 'technique', 'discovery', 'timing']
      : ['targets', 'ports', 'technique', 'timing'];
  }

  private async askNamed(
    name: StepName,
    number: number,
    total: number,
    target?: string,
  ): Promise<'next' | 'back' | 'cancelled'> {
    const place = { title: this.options.t('Scan Host'), number, total };
    switch (name) {
      case 'targets':
        return this.take(await askStep(this.targetStep(place, target)), (targets) => ({ targets }));
      case 'ports':
        return this.take(await askStep(this.portStep(place)), (ports) => ({ ports }));
      case 'technique':
        return this.take(
          await askStep(this.techniqueStep(place, await this.options.capabilities)),
          (technique) => ({ technique }),
        );
      case 'discovery':
        return this.take(await askStep(this.discoveryStep(place)), (discovery) => ({ discovery }));
      case 'timing':
        return this.take(await askStep(this.timingStep(place)), (timing) => ({ timing }));
    }
  }

  private take<T>(
    answer: StepAnswer<T>,
    keep: (value: T) => ScanWizard['answers'],
  ): 'next' | 'back' | 'cancelled' {
    if (answer.kind !== 'value') return answer.kind;
    this.answers = { ...this.answers, ...keep(answer.value) };
    return 'next';
  }

  private targetStep(place: Place, target: string | undefined): Step<string> {
    const { t, capabilities } = this.options;
    const recent = this.targets.all;
    const known = recent.includes(FIRST_TARGET) ? recent : [...recent, FIRST_TARGET];
    const value = this.answers.targets ?? target;
    return {
      ...place,
      ...(value !== undefined && { value }),
      placeholder: t('Host, address, 192.168.1.0/24, 10.0.0.1-50, several with blanks, !exclusion'),
      // Which addresses are this machine's, and so what is asked or refused.
      learned: capabilities,
      items: (typed) => [
        ...typedItem(typed, (text) => this.readTargets(text)),
        ...matching(known, typed).map((text) => ({
          label: text,
          value: text,
          description: this.readTargets(text).note,
        })),
      ],
    };
  }

  private readTargets(text: string): Read {
    const { t } = this.options;
    const parsed = parseTargets(text, t);
    if (!parsed.ok) return wrong(text, parsed.errors);
    const judged = this.judge(parsed.value);
    if (!judged.ok) return wrong(text, judged.errors);
    const asked = judged.value.kind === 'ask' ? t('you will be asked whose permission you have') : undefined;
    return { ok: true, note: dotted([hostCount(Number(parsed.value.count), t), asked]) };
  }

  /** What can be judged already; names, and everything once more, are judged before the scan. */
  private judge(list: TargetList): Parsed<Permission> {
    const { scopeLimit, t } = this.options;
    if (this.own === undefined) return { ok: true, value: { kind: 'run' } };
    return judgeLiterals(list, { ownAddresses: this.own, limit: scopeLimit() }, t);
  }

  private portStep(place: Place): Step<string> {
    const { t } = this.options;
    const main: ScanProtocol =
      TECHNIQUES[readTechnique(this.options.memory.get(TECHNIQUE)) ?? 'connect'].protocol;
    const recent = this.ports.all.filter((text) => !PORT_SETS.some((set) => set === text));
    const last = this.ports.all[0];
    const sets = PORT_SETS.map((set) => ({
      label: set,
      value: set,
      description: portSetDetail(set, main, t),
    }));
    // The last choice first, whichever kind it is.
    sets.sort((a, b) => Number(b.value === last) - Number(a.value === last));
    return {
      ...place,
      ...(this.answers.ports !== undefined && { value: this.answers.ports }),
      placeholder: t('80 · 21,23 · 1-1024 · 1024- · - (all) · T:80,U:53 · http'),
      items: (typed) => [
        ...typedItem(typed, (text) => this.readPorts(text, main)),
        ...matching(recent.slice(0, recent[0] === last ? 1 : 0), typed).map((text) =>
          this.recentPorts(text, main),
        ),
        ...sets.filter(({ label }) => label.startsWith(typed) || typed === ''),
        ...matching(recent.slice(recent[0] === last ? 1 : 0), typed).map((text) =>
          this.recentPorts(text, main),
        ),
      ],
    };
  }

  private recentPorts(text: string, main: ScanProtocol): StepItem<string> {
    return { label: text, value: text, description: this.readPorts(text, main).note };
  }

  private readPorts(text: string, main: ScanProtocol): Read {
    const { t } = this.options;
    const parsed = parsePorts(text, main, portNames, t);
    if (!parsed.ok) return wrong(text, parsed.errors);
    const counts = (['tcp', 'udp', 'ip'] as const).flatMap((protocol) => {
      const ranges = parsed.value[protocol];
      return ranges === undefined ? [] : [portCount(countPorts(ranges), protocol, t)];
    });
    return { ok: true, note: counts.join(', ') };
  }

  private techniqueStep(place: Place, capabilities: Capabilities): Step<ChosenTechnique> {
    const { t, memory, grant } = this.options;
    const { executable } = capabilities;
    const last = readTechnique(memory.get(TECHNIQUE)) ?? 'connect';
    const options = techniqueOptions(this.answers.ports ?? '', capabilities, t);
    const items = options.map((option): StepItem<ChosenTechnique> => {
      const label = techniqueName(option.id, t);
      const detail = techniqueDetail(option.id, t);
      if ('parts' in option) return { label, detail, value: option };
      const remedy =
        option.grantable && executable !== undefined
          ? {
              label: t('Grant…'),
              run: () => {
                grant(executable);
              },
            }
          : undefined;
      return {
        label: `$(lock) ${label}`,
        description: remedy === undefined ? option.problem : t('{0}: Enter to grant it', option.problem),
        detail,
        ...(remedy && { remedy }),
      };
    });
    const usable = items.filter((item) => item.value !== undefined);
    usable.sort((a, b) => Number(b.value?.id === last) - Number(a.value?.id === last));
    return {
      ...place,
      filters: true,
      placeholder: t('Technique'),
      items: () => [...usable, ...items.filter((item) => item.value === undefined)],
    };
  }

  private discoveryStep(place: Place): Step<'skip' | 'find'> {
    const { t, memory } = this.options;
    const items: StepItem<'skip' | 'find'>[] = [
      { label: t('Find hosts first'), value: 'find', detail: t('Scans only the hosts that answer.') },
      {
        label: t('Skip discovery'),
        value: 'skip',
        detail: t('Takes every host for up: slower, and finds hosts that hide.'),
      },
    ];
    if (memory.get(DISCOVERY) === 'skip') items.reverse();
    return { ...place, filters: true, placeholder: t('How hosts are found'), items: () => items };
  }

  private timingStep(place: Place): Step<Timing> {
    const { t, memory } = this.options;
    const last = readTiming(memory.get(TIMING)) ?? 'polite';
    const items = TIMINGS.map((timing) => ({
      label: timingName(timing, t),
      detail: timingDetail(timing, t),
      value: timing,
    }));
    items.sort((a, b) => Number(b.value === last) - Number(a.value === last));
    return { ...place, filters: true, placeholder: t('Timing'), items: () => items };
  }

  private async finish(): Promise<WizardResult | undefined> {
    const { targets, ports, technique, timing, discovery = 'skip' } = this.answers;
    if (targets === undefined || ports === undefined || technique === undefined || timing === undefined)
      return undefined;
    await this.targets.remember(targets);
    await this.ports.remember(ports);
    await this.options.memory.update(TECHNIQUE, technique.id);
    await this.options.memory.update(TIMING, timing);
    if (this.answers.discovery !== undefined) await this.options.memory.update(DISCOVERY, discovery);
    return { targets, ports, parts: technique.parts, discovery, timing };
  }
}

type StepName = 'targets' | 'ports' | 'technique' | 'discovery' | 'timing';
type Place = Pick<Step<unknown>, 'title' | 'number' | 'total'>;

interface ChosenTechnique {
  readonly id: TechniqueId;
  readonly parts: readonly ScanPart[];
}

/** What a text means, or what is wrong with it and where. */
interface Read {
  readonly ok: boolean;
  readonly note: string;
  readonly where?: string;
}

function wrong(text: string, [error]: readonly GrammarError[]): Read {
  return { ok: false, note: error?.message ?? '', where: error === undefined ? text : pointed(text, error) };
}

function typedItem(typed: string, read: (text: string) => Read): StepItem<string>[] {
  const text = typed.trim();
  if (text === '') return [];
  const { ok, note, where } = read(text);
  return ok
    ? [{ label: `$(check) ${text}`, description: note, value: text }]
    : [{ label: `$(error) ${note}`, detail: where ?? text }];
}

function matching(known: readonly string[], typed: string): string[] {
  const text = typed.trim();
  return known.filter((each) => each !== text && each.includes(text));
}

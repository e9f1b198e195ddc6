import { plainText, type Translate } from '../../base/text';
import { shortCommand } from '../../ownership/shortCommand';
import { originsOf, originWords, type OriginContext } from '../../ownership/origin';
import { knownPort, knownUseWords } from '../../ports/knownPorts';
import type { Protocol } from '../../ports/endpoint';
import type { Listener } from '../../ports/listener';
import { portClassWords } from '../../ports/portClass';
import type { MachineFacts } from '../../ports/snapshot';
import { bindsWords, ownerLabel, ownerNotes } from '../../ports/words';
import { commandText } from './words';

/**
 * Paragraphs of plain text: what the row is, what its port is known for, whom its binds let in, how sure that is.
 * @param exposure paragraphs on who can get in
 */
export function rowTooltip(
  listener: Listener,
  machine: Pick<MachineFacts, 'ephemeralPorts'>,
  origins: OriginContext,
  t: Translate,
  exposure: readonly string[] = [],
): string[] {
  const { owner, port, protocol } = listener;
  const name = 'process' in owner ? shortCommand(owner.process) : ownerLabel(owner, t);
  const lines = [
    t('{0} port {1}, {2}', protocol.toUpperCase(), String(port), name),
    ...exposure,
    portClassWords(port, machine.ephemeralPorts, t),
    ...knownPortWords(port, protocol, t),
    ...bindsWords(listener.endpoints, t),
  ];
  if ('process' in owner) {
    const { process } = owner;
    lines.push(t('Process {0}, pid {1}', plainText(process.name, 64), String(process.pid)));
    const command = plainText(commandText(process.commandLine), 500);
    if (command !== '') lines.push(command);
    lines.push(...originsOf(process, owner.parents, origins).map((origin) => originWords(origin, t)));
  }
  return [...lines, ...ownerNotes(listener, t).map((note) => note.sentence)];
}

/** What a number is known for. Never a statement about the process that listens there. */
function knownPortWords(port: number, protocol: Protocol, t: Translate): string[] {
  const { ianaName, knownFor, backdoor } = knownPort(port, protocol);
  const uses = knownFor.map((use) => knownUseWords(use, t)).join(', ');
  return [
    ...(ianaName === undefined ? [] : [t('IANA service name: {0}', ianaName)]),
    ...(uses === '' ? [] : [t('The number is known for: {0}', uses)]),
    ...(backdoor
      ? [t('A backdoor has this default port: {0} (source: {1})', backdoor.name, backdoor.source)]
      : []),
  ];
}

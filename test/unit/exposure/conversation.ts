import { advance, budget, type Check, type CheckContext, type Reply } from '../../../src/exposure/check';
import type { Verdict } from '../../../src/exposure/verdict';

export const context: CheckContext = { address: '192.0.2.2', port: 4000, nonce: 'abc123' };

/** What a peer says to each question of a check, in order; then it closes. */
export interface Conversation {
  readonly verdict: Verdict;
  readonly sent: readonly Uint8Array[];
}

/**
 * Plays a check against fixed replies, without any I/O. Each reply is what came after one question (or as a greeting),
 * and is given byte by byte first where `dribble` asks for it: an incomplete reply must never decide wrongly.
 */
export function converse(check: Check, replies: readonly Reply[], dribble = false): Conversation {
  const sent: Uint8Array[] = [];
  const left = [...replies];
  let step = check.start(context);
  for (let turn = 0; turn < 10; turn += 1) {
    if (step.kind === 'done') return { verdict: step.verdict, sent };
    if (step.kind === 'reconnect' || step.kind === 'start-tls') {
      step = step.then();
      continue;
    }
    if (step.kind === 'send') sent.push(step.bytes);
    if (sent.length > budget.packetsOut) throw new Error(`${check.service} sends a third packet`);
    const asked = step.kind === 'send' ? step.asked : undefined;
    const reply = left.shift() ?? { bytes: new Uint8Array(), ended: 'closed' };
    const { then } = step;
    let next = dribble ? firstDecision(reply, (part) => advance(then, part, asked)) : 'more';
    if (next === 'more') next = advance(then, reply, asked);
    if (next === 'more') next = advance(then, { bytes: reply.bytes, ended: 'closed' }, asked);
    if (next === 'more') throw new Error(`${check.service} waits after the end`);
    step = next;
  }
  throw new Error(`${check.service} does not come to a verdict`);
}

function firstDecision<T>(reply: Reply, decide: (part: Reply) => T | 'more'): T | 'more' {
  for (let length = 1; length < reply.bytes.length; length += 1) {
    const next = decide({ bytes: reply.bytes.subarray(0, length) });
    if (next !== 'more') return next;
  }
  return 'more';
}

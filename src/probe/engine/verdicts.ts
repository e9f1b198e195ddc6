import type { Verdict } from '../../scan/states';
import type { Reply, Technique } from '../../scan/techniques';

/** Numbers for verdicts, so that a million ports cost a byte each. 0 means none. */
export class VerdictTable {
  private readonly list: Verdict[] = [{ state: 'filtered', reason: 'no-response' }];
  private readonly numbers = new Map<string, number>();
  private readonly replies = new Map<number, number>();
  /** The number of the technique's verdict on silence. */
  readonly silence: number;

  constructor(private readonly technique: Pick<Technique, 'classify' | 'silence'>) {
    this.silence = this.numberOf(technique.silence);
  }

  numberOf(verdict: Verdict): number {
    const key = `${verdict.state} ${verdict.reason}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.list.push(verdict) - 1;
    this.numbers.set(key, number);
    return number;
  }

  get(number: number): Verdict {
    const verdict = this.list[number];
    if (verdict === undefined) throw new RangeError(`No verdict ${number}`);
    return verdict;
  }

  isOpen(number: number): boolean {
    return this.get(number).state === 'open';
  }

  /**
   * What a reply means, 0 where it says nothing. `key` stands for all that the technique looks at in the reply, so
   * that the reply itself is only made, from what came, the first time.
   */
  classify<T>(key: number, replyOf: (from: T) => Reply, from: T): number {
    const known = this.replies.get(key);
    if (known !== undefined) return known;
    const number = this.numberOfReply(replyOf(from));
    this.replies.set(key, number);
    return number;
  }

  numberOfReply(reply: Reply): number {
    const verdict = this.technique.classify(reply);
    return verdict === undefined ? 0 : this.numberOf(verdict);
  }
}

import { RandomOrder, seededRandom } from '../../src/probe/engine/order';

/** 0 … count-1 in an order that the seed decides. */
export function shuffled(count: number, seed: number): number[] {
  const order = new RandomOrder(count, seededRandom(seed));
  return Array.from({ length: count }, (_, index) => order.at(index));
}

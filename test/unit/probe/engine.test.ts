import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameGuard } from '../../../src/probe/client/frames';
import { RandomOrder, seededRandom } from '../../../src/probe/engine/order';
import { RoundTrip } from '../../../src/probe/engine/roundTrip';
import { Cells } from '../../../src/probe/engine/cells';
import { rangesOf } from '../../../src/scan/ports';
import { Slots } from '../../../src/probe/engine/slots';
import { TIMING_PROFILES } from '../../../src/probe/engine/timing';
import { Pace, Window } from '../../../src/probe/engine/window';
import { neighboursOf, parseArpTable } from '../../../src/probe/engine/neighbours';
import { crc32c } from '../../../src/probe/techniques/protocolShape';

describe('the round trip', () => {
  it('waits for the smoothed time and four variations, with a floor, doubled each try up to a limit', () => {
    const trip = new RoundTrip();
    const profile = { initialTimeout: 500, minTimeout: 100, maxTimeout: 3_000 };
    assert.equal(trip.timeout(0, profile), 500);
    trip.sample(50);
    assert.equal(trip.timeout(0, profile), 150);
    assert.equal(trip.timeout(1, profile), 300);
    assert.equal(trip.timeout(9, profile), 3_000);
    for (let count = 0; count < 100; count++) trip.sample(1);
    assert.equal(trip.timeout(0, profile), 100);
  });

  it('waits longer than the limit where the way itself takes longer', () => {
    const trip = new RoundTrip();
    trip.sample(5_000);
    assert(trip.timeout(3, TIMING_PROFILES.fast) >= 5_000);
  });
});

describe('the window', () => {
  /** Answers and losses in turn, at a loss in percent; each sent after the last cut. */
  function feed(window: Window, percent: number, count: number): void {
    for (let index = 1; index <= count; index++) {
      if ((index * percent) % 100 < percent) window.onLoss(index, index);
      else window.onAnswer(index, index);
    }
  }

  it('doubles while everything is answered, up to its limit', () => {
    const window = new Window(64, 1_000);
    feed(window, 0, 64);
    assert.equal(window.size, 128);
    feed(window, 0, 5_000);
    assert.equal(window.size, 1_000);
  });

  it('keeps growing at 4 % loss, and is cut at 20 %', () => {
    const window = new Window(64, 100_000);
    feed(window, 4, 2_000);
    assert(window.size > 64);
    const before = window.size;
    feed(window, 20, 3_000);
    assert(window.size < before);
    assert(window.size >= 4);
  });
});

describe('the pace', () => {
  it('allows the rate, and ten milliseconds of it at once', () => {
    const pace = new Pace(1_000, 0);
    assert.equal(pace.available(0), 10);
    pace.take(10);
    assert.equal(pace.available(0), 0);
    assert.equal(pace.available(5), 5);
    assert.equal(pace.available(1_000), 10);
  });
});

describe('the slots', () => {
  it('expire once each, at their deadline and not before, however the clock jumps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 100 }),
        fc.integer({ min: 1, max: 9_000 }),
        (delays, step) => {
          const slots = new Slots(128, 0);
          const due = new Map(delays.map((delay) => [slots.take(0, 0), delay]));
          for (const [slot, delay] of due) slots.wait(slot, delay);
          for (let now = 0; now <= 40_000; now += step) {
            slots.expire(now, (slot) => {
              // Beyond the wheel a deadline is as far as the wheel goes.
              assert(Math.min(due.get(slot) ?? Infinity, 16_000) <= now + 2, `slot ${slot} at ${now}`);
              assert(due.delete(slot));
              slots.free(slot);
            });
          }
          assert.equal(due.size, 0);
          assert.equal(slots.inFlight, 0);
          assert.equal(slots.used, 0);
        },
      ),
    );
  });
});

describe('the cells', () => {
  it('are the ports of the ranges in their order, and no other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (ports) => {
        const sorted = [...new Set(ports)].sort((a, b) => a - b);
        const cells = new Cells(rangesOf(ports));
        assert.equal(cells.count, sorted.length);
        for (const [cell, port] of sorted.entries()) assert.equal(cells.portOf(cell), port);
        for (let port = 0; port <= 401; port++) assert.equal(cells.cellOf(port), sorted.indexOf(port));
      }),
    );
  });
});

describe('the order', () => {
  it('is a permutation, repeatable by its seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.nat(), (count, seed) => {
        const places = Array.from({ length: count }, (_, index) => index);
        const order = new RandomOrder(count, seededRandom(seed));
        const values = places.map((place) => order.at(place));
        assert.deepEqual(
          [...values].sort((a, b) => a - b),
          places,
        );
        const again = new RandomOrder(count, seededRandom(seed));
        assert.equal(again.at(count >> 1), values[count >> 1]);
        assert.deepEqual(
          places.map((place) => again.at(place)),
          values,
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('the frames of the helper', () => {
  function through(chunks: readonly Buffer[]): { out: string; error?: string } {
    const guard = new FrameGuard();
    let out = '';
    let error: string | undefined;
    for (const chunk of chunks)
      guard._transform(chunk, 'buffer' as BufferEncoding, (problem) => {
        error ??= problem?.message;
      });
    for (let part = guard.read() as Buffer | null; part !== null; part = guard.read() as Buffer | null)
      out += part.toString();
    return error === undefined ? { out } : { out, error };
  }

  it('pass unchanged, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (texts, size) => {
          const whole = Buffer.from(
            texts.map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`).join(''),
          );
          const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
            whole.subarray(index * size, (index + 1) * size),
          );
          assert.deepEqual(through(chunks), { out: whole.toString() });
        },
      ),
    );
  });

  it('are told from anything else at once', () => {
    assert.match(through([Buffer.from('hello')]).error ?? '', /hello/u);
    assert.match(through([Buffer.from(`Content-Length: ${'9'.repeat(300)}`)]).error ?? '', /no message/u);
    assert.match(through([Buffer.from('Content-Length: 99999999999\r\n\r\n')]).error ?? '', /length/u);
  });
});

describe('tables and sums', () => {
  it('reads complete entries of the ARP table', () => {
    const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.2         0x1         0x2         02:AA:64:cc:4d:3a     *        eth0
10.0.0.3         0x1         0x0         00:00:00:00:00:00     *        eth0
nonsense
`;
    assert.deepEqual([...parseArpTable(text)], [['10.0.0.2', '02:aa:64:cc:4d:3a']]);
  });

  it('tells a link-local neighbour of one link from that of another, and reads no half record', () => {
    const record = (family: number, link: number, mac: number, address: readonly number[]): Uint8Array => {
      const bytes = new Uint8Array(28);
      bytes[0] = family;
      bytes.fill(mac, 2, 8);
      new Uint32Array(bytes.buffer)[2] = link;
      bytes.set(address, 12);
      return bytes;
    };
    const local = Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    const global = Uint8Array.from([0xfd, ...local.subarray(1)]);
    const records = Buffer.concat([
      record(6, 2, 0x22, [...local]),
      record(6, 3, 0x33, [...local]),
      record(6, 3, 0x44, [...global]),
      record(4, 3, 0x55, [10, 0, 0, 2]),
      record(4, 3, 0, [10, 0, 0, 3]),
      Uint8Array.of(4, 0, 1),
    ]);
    const neighbours = neighboursOf(records);
    const of = (family: 4 | 6, bytes: Uint8Array, scope: number): string | undefined =>
      neighbours({ text: '', family, bytes, scope });
    assert.equal(of(6, local, 2), '22:22:22:22:22:22');
    assert.equal(of(6, local, 3), '33:33:33:33:33:33');
    assert.equal(of(6, local, 0), undefined);
    assert.equal(of(6, global, 0), '44:44:44:44:44:44');
    assert.equal(of(4, Uint8Array.of(10, 0, 0, 2), 0), '55:55:55:55:55:55');
    assert.equal(of(4, Uint8Array.of(10, 0, 0, 3), 0), undefined);
  });

  it('has the check value of CRC-32C', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  });
});

import assert from 'node:assert/strict';
import { Cells } from '../../../src/probe/engine/cells';
import { HostRun } from '../../../src/probe/engine/host';
import type { ProbeSink } from '../../../src/probe/engine/prober';
import { RoundTrip } from '../../../src/probe/engine/roundTrip';
import { seededRandom } from '../../../src/probe/engine/order';
import { TIMING_PROFILES } from '../../../src/probe/engine/timing';
import { VerdictTable } from '../../../src/probe/engine/verdicts';
import { Cookies } from '../../../src/probe/packets/cookie';
import { decodeIpv4, decodeIpv6, emptyDecoded } from '../../../src/probe/packets/decode';
import type { PacketIo, PacketIoFactory, PacketSink } from '../../../src/probe/packets/io';
import { protocolShape } from '../../../src/probe/techniques/protocolShape';
import { RawProber, type ProbeShape } from '../../../src/probe/techniques/raw';
import { tcpShape } from '../../../src/probe/techniques/tcpShape';
import { udpShape } from '../../../src/probe/techniques/udpShape';
import { rangesOf } from '../../../src/scan/ports';
import { TECHNIQUES, type TechniqueId } from '../../../src/scan/techniques';

const PACKETS = 100_000;
const SOURCE = Uint8Array.of(10, 0, 0, 1);
const TARGET = Uint8Array.of(10, 0, 0, 2);
const PORTS = new Cells([[1, 1000]]);

/** Raw sockets that keep what is sent and hand over what the test gives them. */
class FakeIo implements PacketIo {
  readonly sent: Uint8Array[] = [];
  readonly waiting: Uint8Array[] = [];

  setHost(): void {
    // One host only.
  }
  send(records: Uint8Array, stride: number, count: number): number {
    const view = new DataView(records.buffer, records.byteOffset);
    for (let index = 0; index < count; index++) {
      const at = index * stride;
      this.sent.push(records.slice(at + 4, at + 4 + view.getUint16(at + 2, true)));
    }
    return 0;
  }
  receive(sink: PacketSink): void {
    for (const packet of this.waiting.splice(0)) {
      const buffer = new Uint8Array(4 + packet.length);
      buffer.set(packet.subarray(12, 16));
      buffer.set(packet, 4);
      sink(buffer, 4, buffer.length, 0);
    }
  }
  watch(): void {
    // The test asks by itself.
  }
  close(): void {
    // Nothing is open.
  }
}

interface Reply {
  readonly cell: number;
  readonly attempt: number;
}

function setup(technique: TechniqueId, shapeOf: (cookies: Cookies) => ProbeShape) {
  const io = new FakeIo();
  const randomKey = () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const packets: PacketIoFactory = { name: 'addon', open: () => io, sourceFor: () => SOURCE, randomKey };
  const cookies = new Cookies(randomKey());
  const verdicts = new VerdictTable(TECHNIQUES[technique]);
  const prober = new RawProber(packets, shapeOf(cookies), cookies, verdicts, new Set([4]));
  const address = { text: '10.0.0.2', family: 4, bytes: TARGET, scope: 0 } as const;
  const run = new HostRun(
    0,
    { index: 0, address, roundTrip: new RoundTrip() },
    PORTS.count,
    0,
    TIMING_PROFILES.fast,
  );
  prober.admit(run);
  const replies: Reply[] = [];
  const sink: ProbeSink = {
    onReply: (_run, cell, attempt, verdict) => {
      if (verdict !== 0) replies.push({ cell, attempt });
    },
    onExpired: () => undefined,
    onTrouble: () => undefined,
  };
  const probe = (cell: number, attempt: number): Uint8Array => {
    prober.send(run, cell, attempt);
    prober.flush();
    return io.sent.pop() ?? new Uint8Array(0);
  };
  const receive = (packet: Uint8Array): Reply[] => {
    io.waiting.push(packet);
    prober.receive(sink);
    return replies.splice(0);
  };
  return { probe, receive };
}

function ipv4(protocol: number, body: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + body.length);
  packet.set([
    0x45,
    0,
    packet.length >> 8,
    packet.length & 0xff,
    0,
    1,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...from,
    ...to,
  ]);
  packet.set(body, 20);
  return packet;
}

/** What a closed port answers to a SYN: ports swapped, acknowledgment one further. */
function resetFor(syn: Uint8Array, change = 0): Uint8Array {
  const reset = new Uint8Array(20);
  const view = new DataView(reset.buffer);
  const probe = new DataView(syn.buffer, syn.byteOffset);
  view.setUint16(0, probe.getUint16(2));
  view.setUint16(2, probe.getUint16(0));
  view.setUint32(8, (probe.getUint32(4) + 1 + change) >>> 0);
  reset[12] = 0x50;
  reset[13] = 0x14;
  return ipv4(6, reset, TARGET, SOURCE);
}

function unreachableFor(probe: Uint8Array, protocol: number, from = TARGET): Uint8Array {
  const body = Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0, ...ipv4(protocol, probe.subarray(0, 8), SOURCE, TARGET));
  return ipv4(1, body, from, SOURCE);
}

describe('what comes from the network', () => {
  const tcp = () => setup('syn', (cookies) => tcpShape(TECHNIQUES.syn, PORTS, cookies));
  const udp = () => setup('udp', (cookies) => udpShape(PORTS, cookies));

  it('is matched to the probe that it answers, try and all', () => {
    const { probe, receive } = tcp();
    assert.deepEqual(receive(resetFor(probe(41, 3))), [{ cell: 41, attempt: 3 }]);
    assert.deepEqual(receive(unreachableFor(probe(7, 1), 6)), [{ cell: 7, attempt: 1 }]);
    const datagrams = udp();
    assert.deepEqual(datagrams.receive(unreachableFor(datagrams.probe(99, 2), 17)), [
      { cell: 99, attempt: 2 },
    ]);
  });

  it('counts from a router too, where it quotes our probe', () => {
    const { probe, receive } = tcp();
    assert.deepEqual(receive(unreachableFor(probe(7, 0), 6, Uint8Array.of(10, 9, 9, 9))), [
      { cell: 7, attempt: 0 },
    ]);
  });

  it('is left alone where port, sequence, sender or quote are not those of a probe', () => {
    const { probe, receive } = tcp();
    const syn = probe(41, 0);
    for (const change of [-2, 1, 2, 1000, 0x7fffffff]) assert.deepEqual(receive(resetFor(syn, change)), []);
    const other = resetFor(syn);
    other[15] = 3;
    assert.deepEqual(receive(other), [], 'another sender');
    const port = resetFor(syn);
    new DataView(port.buffer).setUint16(20, 43);
    assert.deepEqual(receive(port), [], 'another port');
    const quote = unreachableFor(syn, 6);
    quote[20 + 8 + 20 + 5] = (quote[20 + 8 + 20 + 5] ?? 0) ^ 1;
    assert.deepEqual(receive(quote), [], 'another sequence in the quote');
    const source = unreachableFor(syn, 6);
    source[20 + 8 + 12] = 11;
    assert.deepEqual(receive(source), [], 'a quote of somebody else’s packet');
    const fragment = resetFor(syn);
    fragment[7] = 4;
    assert.deepEqual(receive(fragment), [], 'a later fragment');
    assert.deepEqual(
      receive(syn.length === 0 ? syn : ipv4(6, syn, TARGET, SOURCE)),
      [],
      'a SYN of the other side',
    );
  });

  it(`never throws on ${PACKETS} random and mutated packets, and never takes one for an answer of another port`, () => {
    const random = seededRandom(4711);
    const byte = (): number => Math.floor(random() * 256);
    const shapes = [
      { ...tcp(), good: (probe: Uint8Array) => resetFor(probe) },
      { ...tcp(), good: (probe: Uint8Array) => unreachableFor(probe, 6) },
      { ...udp(), good: (probe: Uint8Array) => unreachableFor(probe, 17) },
      {
        ...setup('ip-protocol', (cookies) => protocolShape(new Cells(rangesOf([6, 17, 47, 132])), cookies)),
        good: (probe: Uint8Array) =>
          ipv4(1, Uint8Array.of(3, 2, 0, 0, 0, 0, 0, 0, ...probe.subarray(0, 28)), TARGET, SOURCE),
      },
    ];
    for (let count = 0; count < PACKETS; count++) {
      const { probe, receive, good } = shapes[count % shapes.length]!;
      const cell = count % 4;
      const right = { cell, attempt: count % 8 };
      let packet = good(probe(right.cell, right.attempt));
      if (count % 3 === 0) packet = Uint8Array.from({ length: Math.floor(random() * 200) }, byte);
      else if (count % 3 === 1) packet = packet.subarray(0, Math.floor(random() * (packet.length + 1)));
      else {
        packet = packet.slice();
        for (let flips = Math.ceil(random() * 4); flips > 0; flips--)
          packet[Math.floor(random() * packet.length)] = byte();
      }
      // A change that leaves all checked fields alone leaves the right attribution; any other gives none.
      for (const reply of receive(packet)) {
        // A protocol without fields of its own to match: whatever the host sends of it is its answer.
        if (count % shapes.length === 3 && packet[9] === 47)
          assert.deepEqual(reply, { cell: 2, attempt: -1 });
        else assert.deepEqual(reply, right, `packet ${count}: ${Buffer.from(packet).toString('hex')}`);
      }
    }
  });

  it('is read within its bounds, whatever its bytes', () => {
    const random = seededRandom(99);
    const out = emptyDecoded();
    for (let count = 0; count < PACKETS / 10; count++) {
      const bytes = Uint8Array.from({ length: 120 }, () => Math.floor(random() * 256));
      if (count % 2 === 0) bytes[0] = 0x45;
      const end = Math.floor(random() * 121);
      decodeIpv4(bytes, 0, end, out);
      const first = JSON.stringify(out);
      decodeIpv4(
        Uint8Array.from([...bytes.subarray(0, end), ...new Uint8Array(120 - end).fill(0xee)]),
        0,
        end,
        out,
      );
      if (out.kind !== 'none') assert.equal(JSON.stringify(out), first);
      decodeIpv6(bytes, 0, end, [6, 17, 58, 132][count % 4] ?? 6, out);
    }
  });
});

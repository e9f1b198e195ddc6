import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { onSignal } from '../../support/cleanup';
import { run, runOrThrow } from '../../support/run';

const STEP_MS = 20_000;

/** A relay between the two hosts; see relay.c. */
export interface Wire {
  readonly delayMs?: number;
  /** Packets lost of 100, each way. */
  readonly lossPercent?: number;
  readonly packetsPerSecond?: number;
  readonly queue?: number;
  readonly seed?: number;
}

export const SCANNER = { ipv4: '10.77.0.1', ipv6: 'fd77::1' } as const;
export const TARGET = { ipv4: '10.77.0.2', ipv6: 'fd77::2' } as const;

/** Two hosts of our own, joined by a cable or by a bad wire. All that a test sends stays between them. */
export class Network {
  private readonly id = randomBytes(3).toString('hex');
  private readonly children = new Set<ChildProcessByStdio<Writable, Readable, null>>();
  private readonly made: string[] = [];
  private forget: () => void = () => undefined;

  /** @param tools the folder with the compiled relay; only needed with a wire. */
  static async make(wire?: Wire, tools?: string): Promise<Network> {
    const network = new Network();
    network.forget = onSignal(() => network.remove());
    try {
      await network.build(wire, tools);
    } catch (error) {
      await network.remove();
      throw error;
    }
    return network;
  }

  private name(part: 'scanner' | 'relay' | 'target'): string {
    return `portlight-${part}-${this.id}`;
  }

  private async build(wire: Wire | undefined, tools: string | undefined): Promise<void> {
    const hosts =
      wire === undefined ? (['scanner', 'target'] as const) : (['scanner', 'relay', 'target'] as const);
    for (const host of hosts) {
      await ip('netns', 'add', this.name(host));
      this.made.push(this.name(host));
      await ip('-n', this.name(host), 'link', 'set', 'lo', 'up');
    }
    if (wire === undefined) {
      await this.cable('scanner', 'eth0', 'target', 'eth0');
    } else {
      await this.cable('scanner', 'eth0', 'relay', 'left');
      await this.cable('target', 'eth0', 'relay', 'right');
    }
    await this.address('scanner', SCANNER);
    await this.address('target', TARGET);
    // A flood of SYNs to a listener is what a scan is; and cells flip where the target limits its errors.
    await this.in('target', 'sysctl', '-qw', 'net.ipv4.tcp_syncookies=1');
    await this.limitIcmp(false);
    if (wire !== undefined) await this.startRelay(wire, tools ?? '');
  }

  private async cable(
    a: 'scanner' | 'target',
    nameA: string,
    b: 'relay' | 'target',
    nameB: string,
  ): Promise<void> {
    await ip(
      'link',
      'add',
      nameA,
      'netns',
      this.name(a),
      'type',
      'veth',
      'peer',
      'name',
      nameB,
      'netns',
      this.name(b),
    );
    await ip('-n', this.name(a), 'link', 'set', nameA, 'up');
    await ip('-n', this.name(b), 'link', 'set', nameB, 'up');
  }

  private async address(
    host: 'scanner' | 'target',
    of: { readonly ipv4: string; readonly ipv6: string },
  ): Promise<void> {
    await ip('-n', this.name(host), 'addr', 'add', `${of.ipv4}/24`, 'dev', 'eth0');
    await ip('-n', this.name(host), 'addr', 'add', `${of.ipv6}/64`, 'dev', 'eth0', 'nodad');
  }

  private async startRelay(wire: Wire, tools: string): Promise<void> {
    const relay = path.join(tools, 'relay');
    await this.in('scanner', relay, '--plain', 'eth0');
    await this.in('target', relay, '--plain', 'eth0');
    const { delayMs = 0, lossPercent = 0, packetsPerSecond = 0, queue = 0, seed = 1 } = wire;
    const numbers = [delayMs * 1000, lossPercent * 1000, packetsPerSecond, queue, seed].map(String);
    await this.startIn('relay', relay, 'left', 'right', ...numbers);
  }

  /** Linux gives a peer one ICMP error a second, unless told otherwise. */
  async limitIcmp(limited: boolean): Promise<void> {
    const ms = limited ? 1000 : 0;
    await this.in(
      'target',
      'sysctl',
      '-qw',
      `net.ipv4.icmp_ratelimit=${ms}`,
      `net.ipv6.icmp.ratelimit=${ms}`,
    );
  }

  /** Loads rules of nft in the target. */
  async rules(text: string): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.name('target'), 'nft', '-f', '-'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(text);
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`nft: ${said}`);
  }

  /** Starts a host's services; see target.py. They end with the network. */
  async listen(
    tcp: readonly number[],
    udp: readonly number[] = [],
    silentUdp: readonly number[] = [],
  ): Promise<void> {
    const script = path.join(__dirname, 'target.py');
    const lists = [tcp, udp, silentUdp].map((ports) => (ports.length === 0 ? '-' : ports.join(',')));
    await this.startIn('target', 'python3', script, ...lists);
  }

  /** Starts a program that prints "ready" and runs until the network is removed. */
  private async startIn(host: 'relay' | 'target', ...command: string[]): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.name(host), ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.children.add(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => {
        resolve();
      });
      child.once('close', (code) => {
        this.children.delete(child);
        reject(new Error(`${command.join(' ')} ended with ${String(code)}`));
      });
    });
  }

  /** Runs a command on one of the hosts; throws where it fails. */
  async in(host: 'scanner' | 'target', command: string, ...args: string[]): Promise<string> {
    return runOrThrow('ip', ['netns', 'exec', this.name(host), command, ...args], { timeoutMs: STEP_MS });
  }

  /** The arguments after `ip` that run something as the scanning host. */
  asScanner(command: string, args: readonly string[]): string[] {
    return ['netns', 'exec', this.name('scanner'), command, ...args];
  }

  /** Packets that the scanning host has sent since the network was made. */
  async packetsSent(): Promise<number> {
    return Number(await this.in('scanner', 'cat', '/sys/class/net/eth0/statistics/tx_packets'));
  }

  async linkDown(): Promise<void> {
    await ip('-n', this.name('scanner'), 'link', 'set', 'eth0', 'down');
  }

  /** Ends what runs in it and removes it; safe to call twice. */
  async remove(): Promise<void> {
    this.forget();
    const ended = [...this.children].map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
          child.kill('SIGKILL');
        }),
    );
    await Promise.all(ended);
    for (const name of this.made.splice(0)) await run('ip', ['netns', 'del', name], { timeoutMs: STEP_MS });
  }
}

async function ip(...args: string[]): Promise<void> {
  await runOrThrow('ip', args, { timeoutMs: STEP_MS });
}

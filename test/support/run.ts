import { spawn } from 'node:child_process';
import { onSignal } from './cleanup';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After this many milliseconds the command and everything that it started is ended. */
  readonly timeoutMs: number;
  /** Show the output as it comes, instead of keeping it. */
  readonly show?: boolean;
}

export interface RunResult {
  /** Exit code; 143 for a command that a signal ended. */
  readonly code: number;
  /** Standard output and standard error, in the order in which they came; empty with `show`. */
  readonly output: string;
  readonly timedOut: boolean;
}

/**
 * Runs a command to its end, without a shell, without standard input, in a process group of its own, so that a
 * deadline or Ctrl-C ends its children too. Rejects only when the command cannot be started.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 143);
    });
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  if (child.pid === undefined) return { code: await ended, output, timedOut: false };
  const group = ownGroup(child.pid, ended);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void group.end();
  }, options.timeoutMs);
  try {
    return { code: await ended, output, timedOut };
  } finally {
    clearTimeout(timer);
    group.forget();
  }
}

/** The same, but a command that fails or does not end throws, with the end of what it said. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<string> {
  const result = await run(command, args, options);
  if (result.code === 0 && !result.timedOut) return result.output;
  const how = result.timedOut ? `did not end in ${options.timeoutMs / 1000} s` : `exited with ${result.code}`;
  throw new Error(`${command} ${args.join(' ')} ${how}\n${result.output.slice(-2000)}`);
}

/** A process group that this process started (`detached`) and answers for. */
export interface OwnedGroup {
  /** SIGTERM, time to clean up, then SIGKILL; resolves when the process that leads the group is gone. */
  end(): Promise<void>;
  /** No longer ours to end. */
  forget(): void;
}

const PATIENCE_MS = 5000;
const owned = new Set<number>();

/** Takes charge of the group of `pid`: when this process ends, however it ends, so does the group. */
export function ownGroup(pid: number, ended: Promise<unknown>): OwnedGroup {
  const gone = ended.catch(() => undefined);
  const end = async () => {
    killGroup(pid, 'SIGTERM');
    const timer = setTimeout(killGroup, PATIENCE_MS, pid, 'SIGKILL');
    await gone;
    clearTimeout(timer);
    killGroup(pid, 'SIGKILL');
    forget();
  };
  const forgetStep = onSignal(end);
  const forget = () => {
    owned.delete(pid);
    if (owned.size === 0) process.off('exit', killAll);
    forgetStep();
  };
  if (owned.size === 0) process.on('exit', killAll);
  owned.add(pid);
  return { end, forget };
}

function killAll(): void {
  for (const pid of owned) killGroup(pid, 'SIGKILL');
}

/** Signals a process group; that it is gone already is no error. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

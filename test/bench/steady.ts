// One contender of the steady figures, in a process of its own: looks at the listeners on a real 2 s timer, and prints
// what a look costs in CPU time. Arguments: ours | ss | lsof | idle, the number of ticks, and the bundled worker.
// `idle` only keeps the timer: what this program costs without looking.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { openMachine } from '../../src/machine/machine';

export interface Steady {
  /** CPU time of a tick, user and system, of this process with all its threads, in ms. */
  readonly selfMs: number;
  /** The same of the processes that it started. */
  readonly childrenMs: number;
}

const TICK_MS = 2000;
/** Not counted: the first listing, and code that has just been loaded. */
const WARM_UP_TICKS = 8;
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ss: ['-H', '-tulnpe'],
  lsof: ['-nP', '-iTCP', '-sTCP:LISTEN'],
};

/** CPU time of ended children, in ms: fields 16 and 17 of proc_pid_stat(5), in hundredths of a second. */
function childrenMs(): number {
  const text = readFileSync('/proc/self/stat', 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function selfMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function look(contender: string, worker: string): { look: () => Promise<unknown>; end: () => void } {
  if (contender === 'ours') {
    const machine = openMachine({ workerPath: worker });
    return {
      look: () => machine.listeners.refresh('tick'),
      end: () => {
        machine.dispose();
      },
    };
  }
  const args = COMMANDS[contender];
  if (args === undefined) return { look: () => Promise.resolve(), end: () => undefined };
  return {
    look: () =>
      new Promise<void>((resolve, reject) => {
        execFile(contender, args, { timeout: 10_000, maxBuffer: 64 * 1024 * 1024 }, (error) => {
          // lsof also fails where it finds nothing; ss and lsof that are missing must not count as cheap.
          if (error?.code === 'ENOENT') reject(new Error(`${contender} is not installed`));
          else resolve();
        });
      }),
    end: () => undefined,
  };
}

async function main(contender: string, ticks: number, worker: string): Promise<void> {
  const { look: once, end } = look(contender, worker);
  let start = { self: 0, children: 0 };
  for (let tick = 0; tick < WARM_UP_TICKS + ticks; tick++) {
    if (tick === WARM_UP_TICKS) start = { self: selfMs(), children: childrenMs() };
    await once();
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const result: Steady = {
    selfMs: (selfMs() - start.self) / ticks,
    childrenMs: (childrenMs() - start.children) / ticks,
  };
  end();
  console.log(JSON.stringify(result));
}

const [contender = 'ours', ticks = '10', worker = ''] = process.argv.slice(2);
void main(contender, Number(ticks), worker);

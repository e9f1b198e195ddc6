import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

type Step = () => Promise<void>;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const steps = new Set<Step>();

/**
 * Has `step` run when a signal ends this process; last added, first run. Returns the function that forgets it.
 * What ends well cleans up by itself, in a `finally`.
 */
export function onSignal(step: Step): () => void {
  if (steps.size === 0) for (const signal of Object.keys(SIGNALS)) process.on(signal, endAll);
  steps.add(step);
  return () => {
    steps.delete(step);
    if (steps.size === 0) for (const signal of Object.keys(SIGNALS)) process.off(signal, endAll);
  };
}

let ending = false;

function endAll(signal: keyof typeof SIGNALS): void {
  if (ending) return;
  ending = true;
  void runSteps().finally(() => process.exit(SIGNALS[signal]));
}

/** What goes on meanwhile may still add a step: it is run too. */
async function runSteps(): Promise<void> {
  for (let step = [...steps].pop(); step !== undefined; step = [...steps].pop()) {
    steps.delete(step);
    await step().catch((error: unknown) => {
      console.error(error);
    });
  }
}

export interface TemporaryFolder {
  readonly folder: string;
  remove(): Promise<void>;
}

/** An empty folder of one's own, to be removed; a signal removes it too. */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `portlight-${name}-`));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  const forget = onSignal(remove);
  return {
    folder,
    remove: async () => {
      forget();
      await remove();
    },
  };
}

/** Gives `work` an empty folder of its own and removes it afterwards, however that goes. */
export async function withTemporaryFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const temporary = await temporaryFolder(name);
  try {
    return await work(temporary.folder);
  } finally {
    await temporary.remove();
  }
}

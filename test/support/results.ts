import { readFile } from 'node:fs/promises';

export interface Remark {
  readonly title: string;
  readonly reason: string;
}

/** What one run of tests came to. */
export interface Results {
  readonly passed: number;
  readonly failed: readonly Remark[];
  readonly skipped: readonly Remark[];
  /** Failed once, as the reason says, and then did not: said, since whoever knows of it may find the cause. */
  readonly retried: readonly Remark[];
}

export const noResults: Results = { passed: 0, failed: [], skipped: [], retried: [] };

export const oneFailed = (title: string, reason: string): Results => ({
  ...noResults,
  failed: [{ title, reason }],
});

export function addResults(a: Results, b: Results): Results {
  return {
    passed: a.passed + b.passed,
    failed: [...a.failed, ...b.failed],
    skipped: [...a.skipped, ...b.skipped],
    retried: [...a.retried, ...b.retried],
  };
}

/** Reads what the reporter wrote; undefined where the run ended before it could. */
export async function readResults(file: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

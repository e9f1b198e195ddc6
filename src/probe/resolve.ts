import { lookup } from 'node:dns/promises';
import type { Resolution } from '../scan/targets';

/** Addresses of host names, by the system's resolver. A name that does not resolve is an answer, not an error. */
export function resolveNames(names: readonly string[]): Promise<Resolution[]> {
  return Promise.all(
    names.map(async (name): Promise<Resolution> => {
      try {
        const found = await lookup(name, { all: true, verbatim: true });
        return { name, addresses: found.map(({ address }) => address) };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
        return { name, addresses: [], error: code };
      }
    }),
  );
}

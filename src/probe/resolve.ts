import type { Resolution } from '../scan/targets';

/** Addresses of host names, by the system's resolver. A name that does not resolve is an answer, not an error. */
export function resolveNames(names: readonly string[]): Promise<Resolution[]> {
  return Promise.all(
    names.map(async (name): Promise<Resolution> => {
      try {
        // Only where there is a name: loading it is a hundredth of a short scan.
        const { lookup } = await import('node:dns/promises');
        const found = await lookup(name, { all: true, verbatim: true });
        return { name, addresses: found.map(({ address }) => address) };
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
        return { name, addresses: [], error: code };
      }
    }),
  );
}

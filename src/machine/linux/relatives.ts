import { tryReadText } from './files';

/** Parent, children and siblings of a process, with repeats; of what pid 1 adopted, nobody is a sibling. */
export function* relativesOf(root: string, pid: number): Generator<number> {
  yield* childrenOf(root, pid);
  const status = tryReadText(`${root}/${pid}/status`) ?? '';
  const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  if (parent <= 1) return;
  yield parent;
  yield* childrenOf(root, parent);
}

function childrenOf(root: string, pid: number): number[] {
  const children = tryReadText(`${root}/${pid}/task/${pid}/children`) ?? '';
  return children
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

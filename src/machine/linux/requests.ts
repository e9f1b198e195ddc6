import type { ProcessId } from '../../ports/owner';
import type { RefreshDepth } from '../../ports/source';
import type { Signal, SignalOptions } from '../../stop/control';
import type { ProcessController } from './control';
import type { LinuxReader } from './reader';

/**
 * Everything that the worker can be asked on Linux: **one line a request**. A line's name, parameters and result are
 * its type on both sides: `client.request('connections', id)` is checked against this table, so nothing else needs an
 * edit. Parameters and results cross a thread: plain data only (structured clone). A handler may be async; what it
 * throws arrives at the caller as an error of the same message and `code`.
 */
export function linuxRequests(reader: LinuxReader, controller: ProcessController) {
  return {
    refresh: (depth: RefreshDepth) => reader.refresh(depth),
    connections: (listenerId: string) => reader.connections(listenerId),
    inspect: (pid: number) => controller.inspect(pid),
    verify: (target: ProcessId, options: SignalOptions) => controller.verify(target, options),
    signal: (target: ProcessId, signal: Signal, options: SignalOptions) =>
      controller.signal(target, signal, options),
    descendants: (root: ProcessId) => controller.descendants(root),
  };
}

export type LinuxRequests = ReturnType<typeof linuxRequests>;

import type { Disposable } from '../base/disposable';
import { SourceError, type ListenerSource } from '../ports/source';
import type { ProcessControl } from '../stop/control';
import { WorkerClient, type ClientOptions } from './client';
import type { LinuxRequests } from './linux/requests';
import { LinuxProcessControl } from './linux/process-control';
import { LinuxSource } from './linux/source';

/** This machine, read through a worker thread of its own. */
export interface Machine extends Disposable {
  readonly listeners: ListenerSource;
  readonly processes: ProcessControl;
}

export type MachineOptions = Omit<ClientOptions, 'platform'> & { readonly platform?: NodeJS.Platform };

/** Nothing is started here: the first request starts the worker. One branch a platform. */
export function openMachine(options: MachineOptions): Machine {
  const platform = options.platform ?? process.platform;
  if (platform !== 'linux') return unsupported(platform);
  const client = new WorkerClient<LinuxRequests>({ ...options, platform });
  return {
    listeners: new LinuxSource(client),
    processes: new LinuxProcessControl(client),
    dispose: () => {
      client.dispose();
    },
  };
}

function unsupported(platform: NodeJS.Platform): Machine {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new SourceError(
        'unsupported-platform',
        `Listeners can be read on Linux only, so far; this extension host runs on ${platform}. ` +
          'A window that is connected to Linux (WSL, SSH, a container) shows the listeners there.',
      ),
    );
  return {
    listeners: { refresh: refuse, connections: refuse },
    processes: { inspect: refuse, verify: refuse, signal: refuse, descendants: refuse },
    dispose: () => undefined,
  };
}

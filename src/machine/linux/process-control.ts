import type { Process, ProcessId } from '../../ports/owner';
import type { ProcessControl, Signal, SignalOptions, SignalRefusal } from '../../stop/control';
import type { WorkerClient } from '../client';
import type { LinuxRequests } from './requests';

/** Processes of this machine, looked at and signalled by the worker. */
export class LinuxProcessControl implements ProcessControl {
  constructor(private readonly client: WorkerClient<LinuxRequests>) {}

  async inspect(pid: number): Promise<Process | undefined> {
    return (await this.client.request('inspect', pid)).value;
  }

  async verify(
    target: ProcessId,
    options: SignalOptions = {},
  ): Promise<{ readonly kind: 'valid' } | SignalRefusal> {
    return (await this.client.request('verify', idOf(target), options)).value;
  }

  async signal(
    target: ProcessId,
    signal: Signal,
    options: SignalOptions = {},
  ): Promise<{ readonly kind: 'sent' } | SignalRefusal> {
    return (await this.client.request('signal', idOf(target), signal, options)).value;
  }

  async descendants(root: ProcessId): Promise<readonly Process[]> {
    return (await this.client.request('descendants', idOf(root))).value;
  }
}

/** A whole process is passed where its identity is wanted: only that crosses to the worker. */
const idOf = ({ pid, startTicks }: ProcessId): ProcessId => ({ pid, startTicks });

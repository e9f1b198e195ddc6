import { parentPort, workerData } from 'node:worker_threads';
import { ProcessController } from './linux/control';
import { errorCode } from './linux/files';
import { LinuxReader } from './linux/reader';
import { linuxRequests } from './linux/requests';
import type { Reply, Request, RequestTable, WorkerData } from './wire';

/** One line a platform: the requests that its worker answers. */
const PLATFORMS: Partial<Record<NodeJS.Platform, () => RequestTable>> = {
  linux: () => linuxRequests(new LinuxReader(), new ProcessController()),
};

async function answer(table: RequestTable, { id, name, args }: Request): Promise<Reply> {
  try {
    const handler = Object.hasOwn(table, name) ? table[name] : undefined;
    if (handler === undefined) throw new Error(`The worker knows no request '${name}'`);
    return { id, kind: 'done', value: await handler(...(args as never[])) };
  } catch (error) {
    const code = errorCode(error);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return {
      id,
      kind: 'failed',
      message,
      ...(code === undefined ? {} : { code }),
      ...(stack === undefined ? {} : { stack }),
    };
  }
}

const port = parentPort;
const table = PLATFORMS[(workerData as WorkerData).platform]?.();
if (port === null || table === undefined)
  throw new Error('Started neither by a client nor for a known platform');
port.on('message', (request: Request) => {
  void answer(table, request).then((reply) => {
    port.postMessage(reply);
  });
});

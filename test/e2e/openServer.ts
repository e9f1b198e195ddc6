import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/cleanup';
import { ownGroup, run } from '../support/run';

const execute = promisify(execFile);

/** A real server that every neighbour reaches, with nothing in it, for as long as a test runs. */
export interface OpenServer {
  readonly port: number;
  readonly config: string;
  stop(): Promise<void>;
}

/** Lets anybody in: as its redis.conf in `folder` says. */
export async function startRedis(folder: string): Promise<OpenServer> {
  const port = await freePort();
  const config = path.join(folder, 'redis.conf');
  const lines = ['# Settings of the shop', 'bind 0.0.0.0', `port ${port}`, 'protected-mode no', 'save ""'];
  await writeFile(config, `${lines.join('\n')}\n`);
  return await start('redis-server', config, folder, port);
}

/** Lets anybody in under the name “anonymous”. Needs root, as vsftpd does. */
export async function startFtp(): Promise<OpenServer> {
  const port = await freePort();
  const temporary = await temporaryFolder('ftp');
  const { folder } = temporary;
  const config = path.join(folder, 'vsftpd.conf');
  const lines = [
    `listen=YES\nlisten_port=${port}\nbackground=NO\nseccomp_sandbox=NO`,
    `anonymous_enable=YES\nanon_root=${folder}\nsecure_chroot_dir=${folder}\nxferlog_enable=NO`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  // It takes no anonymous visitor where the folder could be written.
  await chmod(folder, 0o555);
  const server = await start('vsftpd', config, folder, port);
  const stop = async (): Promise<void> => {
    await server.stop();
    await temporary.remove();
  };
  return { ...server, stop };
}

async function start(program: string, config: string, cwd: string, port: number): Promise<OpenServer> {
  // As an administrator has it: adopted by pid 1, and not started by the npm script that runs these tests.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const background = 'setsid "$0" "$1" </dev/null >/dev/null 2>&1 & echo $!';
  const { stdout } = await execute('sh', ['-c', background, program, config], { cwd, env });
  const pid = Number(stdout);
  const group = ownGroup(pid, ended(pid));
  while (!(await takesConnections(port))) {
    if (!(await runs(pid))) throw new Error(`${program} ended before it listened`);
    await sleep(50);
  }
  return { port, config, stop: () => group.end() };
}

/** Resolves when the process is gone, which is not ours to wait for. */
async function ended(pid: number): Promise<void> {
  while (await runs(pid)) await sleep(50);
}

/** Not so a zombie, for which its parent has not waited yet. */
async function runs(pid: number): Promise<boolean> {
  try {
    return !(await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ');
  } catch {
    return false;
  }
}

async function takesConnections(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** A program of this name is installed. */
export async function installed(program: string): Promise<boolean> {
  const { code } = await run('sh', ['-c', 'command -v "$1"', 'sh', program], { timeoutMs: 10_000 });
  return code === 0;
}

/** An address of this machine that its neighbours reach. */
export function ownAddress(): string | undefined {
  const all = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** A port that is free now: one that the system just gave and got back. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

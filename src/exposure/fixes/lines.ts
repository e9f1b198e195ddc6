import type { Process } from '../../ports/owner';
import type { LineFix } from './fix';

/** A configuration of one setting a line. Sources: each server's own manual of its file. */
interface LineFile {
  readonly service: string;
  /** Where it is, most likely first: from the arguments, then the usual places. */
  readonly files: (process: Process) => readonly string[];
  /** The setting that lets strangers in; the last one in the file counts. */
  readonly setting: RegExp;
  /** What stands there instead. */
  readonly instead: (line: string) => string;
  /** Whether a file without the setting needs one at its end. */
  readonly append?: string;
}

/** The value after a flag, `-c FILE` or `--config=FILE`. */
function valueOf(args: readonly string[], ...flags: readonly string[]): string[] {
  return args.flatMap((argument, index) => {
    const flag = flags.find((each) => argument === each || argument.startsWith(`${each}=`));
    if (flag === undefined) return [];
    const value = argument === flag ? args[index + 1] : argument.slice(flag.length + 1);
    return value === undefined ? [] : [value];
  });
}

/** Paths of a command line are meant from the process's folder. */
function resolve(process: Process, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path.startsWith('/')) return [path];
    return process.cwd === undefined ? [] : [`${process.cwd.replace(/\/$/u, '')}/${path}`];
  });
}

const dataFolder = (process: Process): string[] =>
  resolve(process, valueOf(process.commandLine, '-D', '--data-directory'));

const LINE_FILES: readonly LineFile[] = [
  {
    service: 'redis',
    // Redis writes its address over its arguments, so that the file's name is often lost.
    files: (process) => [
      ...resolve(
        process,
        process.commandLine.slice(1).filter((argument) => argument.endsWith('.conf')),
      ),
      ...resolve(process, ['redis.conf']),
      '/etc/redis/redis.conf',
      '/etc/valkey/valkey.conf',
    ],
    setting: /^\s*bind\s+(?!127\.|::1\s*$|localhost\s*$).*$/iu,
    instead: () => 'bind 127.0.0.1 -::1',
    append: 'bind 127.0.0.1 -::1',
  },
  {
    service: 'postgresql',
    files: (process) => dataFolder(process).map((folder) => `${folder}/pg_hba.conf`),
    setting: /^\s*host\w*\s+.*\btrust\b.*$/u,
    instead: (line) => line.replace(/\btrust\b/u, 'scram-sha-256'),
  },
  {
    service: 'postgresql',
    files: (process) => [
      ...resolve(process, valueOf(process.commandLine, '--config_file', '--config-file', 'config_file')),
      ...dataFolder(process).map((folder) => `${folder}/postgresql.conf`),
    ],
    setting: /^\s*listen_addresses\s*=?\s*'(?!localhost'|127\.).*$/u,
    instead: () => "listen_addresses = 'localhost'",
  },
  {
    service: 'mqtt',
    files: (process) => [
      ...resolve(process, valueOf(process.commandLine, '-c')),
      '/etc/mosquitto/mosquitto.conf',
    ],
    setting: /^\s*allow_anonymous\s+true\b.*$/u,
    instead: () => 'allow_anonymous false',
  },
  {
    service: 'memcached',
    files: () => ['/etc/memcached.conf'],
    setting: /^\s*-l\s+(?!127\.|::1|localhost).*$/u,
    instead: () => '-l 127.0.0.1',
    append: '-l 127.0.0.1',
  },
  {
    service: 'mysql',
    files: () => ['/etc/mysql/mariadb.conf.d/50-server.cnf', '/etc/mysql/my.cnf', '/etc/my.cnf'],
    setting: /^\s*bind-address\s*=\s*(?!127\.|::1|localhost).*$/u,
    instead: () => 'bind-address = 127.0.0.1',
  },
  {
    service: 'mongodb',
    files: (process) => [
      ...resolve(process, valueOf(process.commandLine, '-f', '--config')),
      '/etc/mongod.conf',
    ],
    setting: /^\s+bindIp\s*:\s*(?!127\.|localhost).*$/u,
    instead: (line) => line.replace(/:.*$/u, ': 127.0.0.1'),
  },
  {
    service: 'elasticsearch',
    files: () => ['/etc/elasticsearch/elasticsearch.yml', '/etc/opensearch/opensearch.yml'],
    setting: /^\s*network\.host\s*:\s*(?!127\.|localhost|_local_).*$/u,
    instead: () => 'network.host: 127.0.0.1',
  },
  {
    service: 'influxdb',
    files: (process) => [
      ...resolve(process, valueOf(process.commandLine, '-config', '--config')),
      '/etc/influxdb/influxdb.conf',
    ],
    setting: /^\s*#?\s*auth-enabled\s*=\s*false.*$/u,
    instead: () => '  auth-enabled = true',
  },
  {
    service: 'rsync',
    files: (process) => [...resolve(process, valueOf(process.commandLine, '--config')), '/etc/rsyncd.conf'],
    setting: /^\s*hosts allow\s*=\s*\*.*$/u,
    instead: () => 'hosts allow = 127.0.0.1',
    append: 'hosts allow = 127.0.0.1',
  },
];

/** Files that may hold the setting of this service, with how to find it in their text. */
export function lineFixes(
  service: string,
  process: Process,
): { file: string; locate: (text: string) => LineFix | undefined }[] {
  return LINE_FILES.filter((each) => each.service === service).flatMap((kind) =>
    kind.files(process).map((file) => ({ file, locate: (text: string) => locate(text, kind) })),
  );
}

function locate(text: string, { setting, instead, append }: LineFile): LineFix | undefined {
  const lines = text.split(/\r?\n/u);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const before = lines[index] ?? '';
    if (setting.test(before)) return { line: index + 1, before, after: instead(before) };
  }
  if (append === undefined) return undefined;
  // A setting that is right already needs no second one.
  const word = append.split(/[\s=]/u)[0] ?? append;
  const there = lines.some(
    (line) => line.trimStart().startsWith(`${word} `) || line.trimStart().startsWith(`${word}=`),
  );
  return there ? undefined : { line: lines.length, before: '', after: append };
}

import { ascii, latin1 } from '../bytes';
import { listen, proved, send, undecided, wholeLine, type Check, type Reply, type Step } from '../check';
import type { Facts } from '../verdict';

const GREETING = /^@RSYNCD: (\d+\.\d+)/u;
const HELLO = '@RSYNCD: 31.0\n';

function greeted(reply: Reply): Step | 'more' {
  const line = wholeLine(reply.bytes);
  if (line === undefined) return 'more';
  const version = GREETING.exec(line)?.[1];
  if (version === undefined) return undecided('unexpected-reply', undefined, line);
  return send(ascii(`${HELLO}#list\n`), '#list', (list) => listed(list, { version: `protocol ${version}` }));
}

function listed(reply: Reply, facts: Facts): Step | 'more' {
  const text = latin1(reply.bytes);
  if (!/^@RSYNCD: EXIT$/mu.test(text) && reply.ended === undefined) return 'more';
  const modules = text.split('\n').flatMap((line) => /^([^\s@][^\t\n]*?)\s*\t/u.exec(line)?.[1] ?? []);
  const module = modules.find((name) => /^[\w.@ -]{1,60}$/u.test(name));
  if (module === undefined)
    return /^@RSYNCD: EXIT$/mu.test(text)
      ? undecided('not-provable', '#list', 'no module is listed', facts)
      : undecided('unexpected-reply', '#list', reply, facts);
  const all = { ...facts, modules: modules.join(' ') };
  // The server closes after its list, so the question about a module needs a connection of its own.
  return { kind: 'reconnect', then: () => listen((again) => ask(again, module, modules.length, all)) };
}

function ask(reply: Reply, module: string, modules: number, facts: Facts): Step | 'more' {
  const line = wholeLine(reply.bytes);
  if (line === undefined) return 'more';
  if (!GREETING.test(line)) return undecided('unexpected-reply', undefined, line, facts);
  return send(ascii(`${HELLO}${module}\n`), module, (answer) => judge(answer, module, modules, facts));
}

/** The line that decides; a message of the day may stand before it. */
function judge(reply: Reply, module: string, modules: number, facts: Facts): Step | 'more' {
  const lines = latin1(reply.bytes).split('\n').slice(0, -1);
  const answer = lines.find((line) => line.startsWith('@'));
  if (answer === undefined) return 'more';
  const named = { ...facts, module };
  if (answer === '@RSYNCD: OK') return proved('open-proved', module, answer, named);
  const shown = answer.replace(/ [^ ]+$/u, '');
  // One module asks for a password; the others, which two packets do not reach, may not.
  if (/^@RSYNCD: AUTHREQD \S+$/u.test(answer))
    return modules === 1
      ? proved('auth-required', module, shown, named)
      : undecided('not-provable', module, shown, named);
  if (answer.startsWith('@ERROR: access denied to '))
    return proved('refused-by-policy', module, answer, { ...named, policy: 'hosts allow' });
  return undecided('unexpected-reply', module, answer, named);
}

/** An rsync daemon: the list of modules, then whether the first one asks for a password. No file is listed. */
export const rsync: Check = {
  service: 'rsync',
  name: 'rsync daemon',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^rsyncd?$/u, ports: [873], greeting: /^@RSYNCD: \d/u },
  notTried: 'users and passwords, modules after the first, listing or transferring files',
  start: () => listen(greeted),
};

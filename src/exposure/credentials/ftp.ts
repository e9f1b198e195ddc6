import { ascii, latin1 } from '../bytes';
import { listen, proved, send, undecided, type Reply, type Step } from '../check';
import { ftp } from '../checks/ftp';
import type { CredentialCheck } from './credential';

/** The last line of a reply, which alone has a blank after its code (RFC 959, 4.2). */
function finalLine(reply: Reply): string | undefined {
  return latin1(reply.bytes)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/\r$/u, ''))
    .find((line) => /^\d{3} /u.test(line));
}

const ask = (command: string, then: (line: string) => Step): Step =>
  send(ascii(`${command}\r\n`), command, (reply) => {
    const line = finalLine(reply);
    return line === undefined ? 'more' : then(line);
  });

function judge(asked: string, line: string): Step {
  if (line.startsWith('230 ')) return proved('open-proved', asked, line, { account: 'anonymous' });
  if (line.startsWith('530 ')) return proved('auth-required', asked, line, { refused: 'anonymous' });
  return undecided('unexpected-reply', asked, line);
}

/** Anonymous FTP (RFC 1635): the name, and an address in place of a password. */
export const ftpAnonymous: CredentialCheck = {
  ...ftp,
  account: 'anonymous',
  warning: (t) =>
    t(
      'This logs in as “anonymous”: the server writes it into its log, and may count a failure against this address.',
    ),
  notTried: 'other accounts, listing or transferring files',
  start: () =>
    listen((reply) => {
      const line = finalLine(reply);
      if (line === undefined) return 'more';
      if (!line.startsWith('220 ')) return undecided('unexpected-reply', undefined, line);
      return ask('USER anonymous', (answer) =>
        answer.startsWith('331 ')
          ? ask('PASS portlight@', (last) => judge('USER anonymous, PASS', last))
          : judge('USER anonymous', answer),
      );
    }),
};

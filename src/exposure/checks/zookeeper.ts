import { ascii, latin1 } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

function judge(reply: Reply): Step | 'more' {
  const text = latin1(reply.bytes);
  if (text.startsWith('srvr is not executed because it is not in the whitelist.'))
    return proved('refused-by-policy', 'srvr', text.trim(), { policy: '4lw.commands.whitelist' });
  if (text.startsWith('This ZooKeeper instance is not currently serving requests'))
    return undecided('not-provable', 'srvr', text.trim());
  const version = /^Zookeeper version: (\d[\d.]{0,20})[^\n]*\n/u.exec(text)?.[1];
  if (version === undefined)
    return (!text.includes('\n') && 'Zookeeper version: '.startsWith(text.slice(0, 19))) ||
      'This ZooKeeper'.startsWith(text.slice(0, 14))
      ? 'more'
      : undecided('unexpected-reply', 'srvr', reply);
  return undecided('not-provable', 'srvr', `Zookeeper version: ${version}`, { version });
}

/**
 * ZooKeeper's admin word `srvr`, the only one that is allowed from the start (since 3.5.3). It tells nothing about
 * authentication: that would take a session, which is a write to the transaction log. By its own default any client
 * may open one.
 */
export const zookeeper: Check = {
  service: 'zookeeper',
  name: 'ZooKeeper',
  transport: 'tcp',
  tls: 'never',
  recognition: { commandLine: /org\.apache\.zookeeper\./u, ports: [2181] },
  notTried:
    'a client session: it would be written to the transaction log, so ACLs and enforce.auth are not tested',
  start: () => send(ascii('srvr'), 'srvr', judge),
};

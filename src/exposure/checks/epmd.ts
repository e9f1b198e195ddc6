import { hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** NAMES_REQ (Erlang distribution protocol). */
const NAMES = hex('0001 6e');

function judge(reply: Reply): Step | 'more' {
  const port = uint(reply.bytes, 0, 4);
  if (port === undefined || (reply.ended !== 'closed' && reply.ended !== 'full')) return 'more';
  const text = latin1(reply.bytes.subarray(4));
  if (port < 1 || port > 65535 || !/^(?:name [\x21-\x7e]{1,120} at port \d{1,5}\n)*$/u.test(text))
    return undecided('unexpected-reply', 'NAMES', reply);
  const nodes = [...text.matchAll(/^name (\S+) at port/gmu)].map((match) => match[1] ?? '');
  return proved('no-auth-by-design', 'NAMES', text.trim() || 'no nodes', { nodes: nodes.join(' ') });
}

/** Erlang's port mapper tells every caller the names and ports of its nodes; the nodes themselves ask for a cookie. */
export const epmd: Check = {
  service: 'epmd',
  name: 'Erlang port mapper',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^epmd$/u, ports: [4369] },
  notTried: 'the nodes (which a cookie guards), registering or stopping one',
  start: () => send(NAMES, 'NAMES', judge),
};

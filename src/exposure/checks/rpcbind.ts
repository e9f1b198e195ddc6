import { concat, hex, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** ONC RPC (RFC 5531) call 0x706c to the port mapper (RFC 1833): program 100000, version 2, procedure DUMP. */
const CALL = hex('0000706c 00000000 00000002 000186a0 00000002 00000004 00000000 00000000 00000000 00000000');
const DUMP = concat(hex('80000028'), CALL);
const programs: Readonly<Record<number, string>> = {
  100000: 'portmapper',
  100003: 'nfs',
  100005: 'mountd',
  100021: 'nlockmgr',
  100024: 'status',
};

function judge(reply: Reply): Step | 'more' {
  const length = (uint(reply.bytes, 0, 4) ?? 0) & 0x7fffffff;
  if (reply.bytes.length < 4) return 'more';
  if (length > 4000 || length < 24) return undecided('unexpected-reply', 'DUMP', reply);
  if (reply.bytes.length < length + 4) return 'more';
  const words = Array.from(
    { length: Math.floor(length / 4) },
    (_, index) => uint(reply.bytes, 4 + index * 4, 4) ?? 0,
  );
  // id, REPLY, MSG_ACCEPTED, verifier (two words), SUCCESS
  if ([0x706c, 1, 0, 0, 0, 0].some((word, index) => words[index] !== word))
    return words[0] === 0x706c && words[1] === 1 && words[2] === 1
      ? proved('refused-by-policy', 'DUMP', 'MSG_DENIED')
      : undecided('unexpected-reply', 'DUMP', reply);
  const found = new Set<string>();
  for (let at = 6; words[at] === 1; at += 5) found.add(programs[words[at + 1] ?? 0] ?? String(words[at + 1]));
  return proved('no-auth-by-design', 'DUMP', [...found].join(', '), { programs: [...found].join(' ') });
}

/** The list of RPC programs, NFS among them, is for everybody; exports are not asked for. */
export const rpcbind: Check = {
  service: 'rpcbind',
  name: 'rpcbind (NFS)',
  transport: 'tcp',
  tls: 'never',
  recognition: { processes: /^(?:rpcbind|portmap)$/u, ports: [111] },
  notTried: 'exports and mounts of NFS, registering programs',
  start: () => send(DUMP, 'DUMP', judge),
};

import { ascii, concat, hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

function judge(reply: Reply, asked: string): Step | 'more' {
  const operation = uint(reply.bytes, 0, 2);
  const code = uint(reply.bytes, 2, 2);
  if (operation === undefined || code === undefined) return 'more';
  const message = latin1(reply.bytes.subarray(4)).replace(/\0$/u, '');
  if (operation !== 5 || code > 8 || !/^[\x20-\x7e]{0,200}$/u.test(message) || !reply.bytes.includes(0, 4))
    return undecided('unexpected-reply', asked, reply);
  return proved('no-auth-by-design', asked, `ERROR ${code} ${message}`);
}

/** TFTP has no authentication at all (RFC 1350). We ask for a file that does not exist. */
export const tftp: Check = {
  service: 'tftp',
  name: 'TFTP',
  transport: 'udp',
  tls: 'never',
  recognition: { processes: /^(?:in\.tftpd|tftpd|atftpd|utftpd)$/u, ports: [69] },
  notTried: 'files that may exist, writing; a lost datagram looks like silence',
  start: ({ nonce }) => {
    const asked = `RRQ portlight-${nonce}`;
    const bytes = concat(hex('0001'), ascii(`portlight-${nonce}\0octet\0`));
    return send(bytes, asked, (reply) => judge(reply, asked));
  },
};

import { concat, hex, latin1, uint } from '../bytes';
import { proved, send, undecided, type Check, type Reply, type Step } from '../check';

/** OP_MSG (2013): { listDatabases: 1, nameOnly: true, $db: "admin" }. nameOnly takes no lock on a database. */
const LIST_DATABASES = concat(
  hex('47000000 02000000 00000000 dd070000 00000000 00'),
  hex('32000000 10 6c697374446174616261736573 00 01000000 08 6e616d654f6e6c79 00 01'),
  hex('02 246462 00 06000000 61646d696e 00 00'),
);
const ASKED = 'listDatabases nameOnly';
const OP_MSG = 2013;

interface Field {
  readonly type: number;
  readonly name: string;
  readonly value: number | string | undefined;
}

/** Fixed widths of BSON types (bsonspec.org, version 1.1); strings and documents say their own. */
const widths: Readonly<Record<number, number>> = {
  0x01: 8,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
};

/** The fields of a BSON document, as far as it is there: a list of many databases may be cut at the budget. */
function fields(document: Uint8Array): Field[] {
  const found: Field[] = [];
  let at = 4;
  for (;;) {
    const type = uint(document, at, 1);
    const end = document.indexOf(0, at + 1);
    if (type === undefined || type === 0 || end < 0) return found;
    const name = latin1(document.subarray(at + 1, end));
    const start = end + 1;
    const length = uint(document, start, 4, 'little') ?? 0;
    found.push({ type, name, value: scalar(document, type, start, length) });
    const width =
      type === 0x02 || type === 0x05 ? length + (type === 0x02 ? 4 : 5) : (widths[type] ?? length);
    if (width < 0 || (width === 0 && type !== 0x0a)) return found;
    at = start + width;
  }
}

function scalar(
  document: Uint8Array,
  type: number,
  start: number,
  length: number,
): number | string | undefined {
  if (type === 0x02) return latin1(document.subarray(start + 4, start + 4 + Math.min(length - 1, 200)));
  if (type === 0x10) return uint(document, start, 4, 'little');
  if (type === 0x01 && start + 8 <= document.length)
    return new DataView(document.buffer, document.byteOffset).getFloat64(start, true);
  return undefined;
}

function judge(reply: Reply): Step | 'more' {
  const length = uint(reply.bytes, 0, 4, 'little');
  if (length === undefined || reply.bytes.length < 25) return 'more';
  if (uint(reply.bytes, 12, 4, 'little') !== OP_MSG || uint(reply.bytes, 8, 4, 'little') !== 2)
    return undecided('unexpected-reply', ASKED, reply);
  if (uint(reply.bytes, 20, 1) !== 0) return undecided('unexpected-reply', ASKED, reply);
  if (reply.bytes.length < Math.min(length, 4096) && reply.ended === undefined) return 'more';
  const document = fields(reply.bytes.subarray(21));
  const get = (name: string): Field | undefined => document.find((field) => field.name === name);
  if (get('databases')?.type === 0x04 && (get('ok')?.value ?? 1) === 1)
    return proved('open-proved', ASKED, 'ok: 1, databases: […]');
  const code = get('code')?.value;
  const message = `code ${String(code)} ${String(get('codeName')?.value ?? '')} ${String(get('errmsg')?.value ?? '')}`;
  // 13 Unauthorized; since 5.x the same text comes with 13 whether nobody logged in or a role is missing.
  if (get('ok')?.value === 0 && code === 13) return proved('auth-required', ASKED, message);
  return undecided('unexpected-reply', ASKED, code === undefined ? reply : message);
}

/** MongoDB from 3.6 on: older servers do not know OP_MSG and close. `hello` always answers and proves nothing. */
export const mongodb: Check = {
  service: 'mongodb',
  name: 'MongoDB',
  transport: 'tcp',
  tls: 'after',
  recognition: { processes: /^(?:mongod|mongos|ferretdb)$/u, ports: [27017, 27018] },
  notTried: 'users and passwords, collections, documents',
  start: () => send(LIST_DATABASES, ASKED, judge),
};

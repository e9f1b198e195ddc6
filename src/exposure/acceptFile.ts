import { applyEdits, modify, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { sameTarget, type Acceptance } from './accept';
import { record } from './http';

export interface AcceptFile {
  readonly acceptances: readonly Acceptance[];
  /** What is wrong with the file, for the user; its good entries count all the same. */
  readonly problems: readonly string[];
}

const day = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u;

/** Reads the file with its comments; an entry that is not of the form counts for nothing and is told. */
export function parseAcceptFile(text: string): AcceptFile {
  const errors: ParseError[] = [];
  const value: unknown = text.trim() === '' ? {} : parse(text, errors, { allowTrailingComma: true });
  const problems = errors.map(({ error, offset }) => `${printParseErrorCode(error)} at offset ${offset}`);
  const list = record(value)?.['accepted'] ?? [];
  if (!Array.isArray(list)) return { acceptances: [], problems: [...problems, '"accepted" is not a list'] };
  const acceptances: Acceptance[] = [];
  list.forEach((entry: unknown, index) => {
    const read = readEntry(entry);
    if (typeof read === 'string') problems.push(`accepted[${index}]: ${read}`);
    else acceptances.push(read);
  });
  return { acceptances, problems };
}

function readEntry(entry: unknown): Acceptance | string {
  const fields = record(entry);
  if (!fields) return 'not an object';
  const { finding, protocol = 'tcp', port, reason, until } = fields;
  if (typeof finding !== 'string' || finding === '') return '"finding" is missing';
  if (protocol !== 'tcp' && protocol !== 'udp') return '"protocol" is neither tcp nor udp';
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535)
    return '"port" is not a port';
  if (typeof reason !== 'string' || reason.trim() === '') return '"reason" is missing';
  if (until === undefined) return { finding, protocol, port, reason };
  return typeof until === 'string' && day.test(until)
    ? { finding, protocol, port, reason, until }
    : '"until" is not a day such as 2026-12-31';
}

/** The file's text with one more entry; comments and layout stay. An entry for the same finding and port is replaced. */
export function addAcceptance(text: string, acceptance: Acceptance): string {
  const source = text.trim() === '' ? '{}\n' : text;
  const before: unknown = record(parse(source))?.['accepted'];
  const list: unknown[] = Array.isArray(before) ? before : [];
  const same = list.findIndex((entry) => {
    const read = readEntry(entry);
    return typeof read !== 'string' && sameTarget(read, acceptance);
  });
  const at = same < 0 ? list.length : same;
  const formattingOptions = { tabSize: 2, insertSpaces: true, eol: '\n' };
  const path = Array.isArray(before) ? ['accepted', at] : ['accepted'];
  const value = Array.isArray(before) ? acceptance : [acceptance];
  return applyEdits(
    source,
    modify(source, path, value, { formattingOptions, isArrayInsertion: same < 0 && Array.isArray(before) }),
  );
}

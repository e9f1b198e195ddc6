import { randomUUID } from 'node:crypto';
import { EXPORT_FORMATS } from '../../scan/formats/formats';
import { ScanSession } from '../../scan/session';
import { VERSION } from '../load';
import type { ScanArguments } from './arguments';
import type { Output } from './output';
import type { Printer } from './printer';
import { serviceGuess } from './services';

/** The report of the editor's export, at the end. */
export function reportPrinter(
  given: ScanArguments,
  format: 'text' | 'json' | 'xml',
  hosts: number,
  output: Output,
): Printer {
  const session = new ScanSession({
    id: randomUUID(),
    origin: 'scan',
    scanner: { name: 'Portlight', version: VERSION },
    targets: given.targetText,
    ports: given.portText,
    parts: given.parts,
    discovery: given.discovery,
    timing: given.timing,
    startedAt: Date.now(),
    hostsTotal: hosts,
  });
  return {
    onEvent: (event) => {
      session.apply(event);
      if (event.kind === 'trouble') process.stderr.write(`portlight-probe: while sending: ${event.code}\n`);
    },
    end: (end) => {
      session.finish(end, Date.now());
      const exporter = EXPORT_FORMATS.find(({ id }) => id === format);
      output.print(exporter?.write(session.data(), { version: VERSION, service: serviceGuess }) ?? '');
    },
  };
}

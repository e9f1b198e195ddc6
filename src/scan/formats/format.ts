import type { ScanProtocol } from '../techniques';

/** A file that cannot be read. `message` is one English sentence; `where` the line and column, or the JSON path. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    message: string,
    readonly where: string,
    options?: ErrorOptions,
  ) {
    super(where === '' ? message : `${message} (${where})`, options);
  }
}

/** The usual service of a port number; a guess. */
export type ServiceGuess = (protocol: ScanProtocol, port: number) => string | undefined;

/** Facts that an export says about us. */
export interface ExportContext {
  readonly version: string;
  readonly service: ServiceGuess;
}

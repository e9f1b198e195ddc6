/** What crosses between the extension host's thread and the worker: plain data only (structured clone). */
export interface Request {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly message: string;
      readonly code?: string;
      /** For the log. */
      readonly stack?: string;
    };

/** The requests of one platform by name. */
export type RequestTable = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What the worker is started with. */
export interface WorkerData {
  readonly platform: NodeJS.Platform;
}

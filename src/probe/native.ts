/** A handle that the addon gave; only the addon can look inside. */
declare const handle: unique symbol;
export interface NativeHandle {
  readonly [handle]: true;
}

/** The addon in native/: see its C files for what each function does. Raw sockets and capabilities: Linux only. */
export interface NativeAddon {
  createConnector(threads: number, sockets: number, onReady: () => void): NativeHandle;
  connectorHost(
    connector: NativeHandle,
    index: number,
    family: 4 | 6,
    bytes: Uint8Array,
    scope: number,
  ): void;
  connectorSubmit(connector: NativeHandle, words: Uint32Array, count: number): number;
  connectorDrain(connector: NativeHandle, words: Uint32Array): number;
  connectorCancel(connector: NativeHandle): void;
  connectorPressure(connector: NativeHandle): number;
  connectorClose(connector: NativeHandle): void;
  raiseFileLimit(): number;
  neighbours?(): Uint8Array;
  rawOpen?(family: 4 | 6, protocol: number, ownHeader: 0 | 1, receiveBytes: number): NativeHandle;
  localAddress?(family: 4 | 6, bytes: Uint8Array, scope: number): Uint8Array;
  randomKey?(): Uint8Array;
  rawFilter?(raw: NativeHandle, program: Uint32Array): void;
  rawHost?(raw: NativeHandle, index: number, family: 4 | 6, bytes: Uint8Array, scope: number): void;
  rawSend?(
    raw: NativeHandle,
    records: Uint8Array,
    stride: number,
    count: number,
    results: Uint32Array,
  ): number;
  rawReceive?(raw: NativeHandle, records: Uint8Array): number;
  rawWatch?(raw: NativeHandle, callback: () => void): void;
  rawClose?(raw: NativeHandle): void;
  capabilities?(): number;
  dropCapabilities?(keep: number): number;
}

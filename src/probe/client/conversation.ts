import { Emitter, type Event } from '../../base/event';
import type { Conversation } from '../../scan/client';

/** An open connection of the helper. What comes before anybody listens waits for the first who does. */
export class RemoteConversation implements Conversation {
  private readonly data = new Emitter<Uint8Array>();
  private readonly closing = new Emitter<{ readonly error?: string }>();
  private early: Uint8Array[] | undefined = [];
  private end: { readonly error?: string } | undefined;

  constructor(
    private readonly write: (bytes: Uint8Array) => Promise<void>,
    private readonly release: () => void,
  ) {}

  readonly onData: Event<Uint8Array> = (listener) => {
    const subscription = this.data.event(listener);
    const early = this.early ?? [];
    this.early = undefined;
    for (const bytes of early) this.data.fire(bytes);
    return subscription;
  };

  readonly onClose: Event<{ readonly error?: string }> = (listener) => {
    const subscription = this.closing.event(listener);
    if (this.end !== undefined) listener(this.end);
    return subscription;
  };

  receive(bytes: Uint8Array): void {
    if (this.early === undefined) this.data.fire(bytes);
    else this.early.push(bytes);
  }

  close(end: { readonly error?: string }): void {
    if (this.end !== undefined) return;
    this.end = end;
    this.closing.fire(end);
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.write(bytes);
  }

  dispose(): void {
    if (this.end === undefined) this.release();
    this.end ??= {};
    this.data.dispose();
    this.closing.dispose();
  }
}

import type { Memory } from '../choicesStore';

const MOST = 8;

/** What was typed before, the newest first; kept for the workspace. */
export class Recents {
  constructor(
    private readonly memory: Memory,
    private readonly key: string,
  ) {}

  get all(): string[] {
    const kept = this.memory.get(this.key);
    return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string').slice(0, MOST) : [];
  }

  async remember(text: string): Promise<void> {
    const others = this.all.filter((known) => known !== text);
    await this.memory.update(this.key, [text, ...others].slice(0, MOST));
  }
}

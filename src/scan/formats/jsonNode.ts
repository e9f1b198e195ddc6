import { FormatError } from './format';

/** A value of a JSON document that knows its path, so that every complaint says where. */
export class JsonNode {
  private constructor(
    private readonly value: unknown,
    private readonly path: string,
  ) {}

  /** @throws FormatError where the text is no JSON. */
  static parse(text: string): JsonNode {
    try {
      return new JsonNode(JSON.parse(text), '');
    } catch (error) {
      throw new FormatError('This is not JSON', error instanceof Error ? error.message : '', {
        cause: error,
      });
    }
  }

  /** A value that came as JSON already. */
  static of(value: unknown): JsonNode {
    return new JsonNode(value, '');
  }

  fail(expected: string): never {
    throw new FormatError(`Expected ${expected}`, this.path === '' ? 'at the top' : this.path);
  }

  optional(key: string): JsonNode | undefined {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      return this.fail('an object');
    if (!Object.hasOwn(this.value, key)) return undefined;
    return new JsonNode(
      (this.value as Record<string, unknown>)[key],
      this.path === '' ? key : `${this.path}.${key}`,
    );
  }

  get(key: string): JsonNode {
    return this.optional(key) ?? this.fail(`"${key}"`);
  }

  /** Fields made of an optional one, for spreading; none where it is absent. */
  map<T extends object>(key: string, read: (node: JsonNode) => T): T | Record<string, never> {
    const node = this.optional(key);
    return node === undefined ? {} : read(node);
  }

  is(value: string): boolean {
    return this.value === value;
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.fail('text');
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  number(min: number): number {
    return typeof this.value === 'number' && this.value >= min
      ? this.value
      : this.fail(`a number from ${min}`);
  }

  integer(min: number, max: number): number {
    const value = this.number(min);
    return Number.isInteger(value) && value <= max
      ? value
      : this.fail(`a whole number from ${min} to ${max}`);
  }

  /** Milliseconds since the epoch of an ISO 8601 text. */
  time(): number {
    const time = Date.parse(this.string());
    return Number.isNaN(time) ? this.fail('a time in ISO 8601') : time;
  }

  oneOf<const T extends string>(allowed: readonly T[]): T {
    return allowed.find((each) => each === this.value) ?? this.fail(`one of ${allowed.join(', ')}`);
  }

  /** Every field of an object. */
  entries(): [key: string, value: JsonNode][] {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      return this.fail('an object');
    return Object.entries(this.value).map(([key, value]) => [
      key,
      new JsonNode(value, `${this.path}.${key}`),
    ]);
  }

  array<T>(read: (node: JsonNode) => T): T[] {
    if (!Array.isArray(this.value)) return this.fail('a list');
    return this.value.map((value, index) => read(new JsonNode(value, `${this.path}[${index}]`)));
  }
}

/**
 * A place in a parsed report: its value, and the path of keys that complaints name.
 * Yields  own properties only; absent and null read as absent.
 * Errors  `FormatError` for a value of the wrong type.
 */
import { FormatError } from '#base';

export class Cursor {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  at(key: string): Cursor {
    const { value } = this;
    const held = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return new Cursor(
      held ? ((value as Record<string, unknown>)[key] ?? undefined) : undefined,
      this.path ? `${this.path}.${key}` : key,
    );
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  /** Reads the object here with `read`; `undefined` when there is none. */
  optional<T>(read: (cursor: Cursor) => T): T | undefined {
    return this.isAbsent ? undefined : read(this.object());
  }

  object(): this {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.#wrong('an object');
    return this;
  }

  /** The elements, read with `read`; `undefined` when there is no list. */
  list<T>(read: (cursor: Cursor) => T): readonly T[] | undefined {
    if (this.isAbsent) return undefined;
    if (!Array.isArray(this.value)) throw this.#wrong('a list');
    return this.value.map((element: unknown, i) => read(new Cursor(element, `${this.path}[${i}]`)));
  }

  /** The members by key, read with `read`. */
  map<T>(read: (cursor: Cursor) => T): Readonly<Record<string, T>> | undefined {
    if (this.isAbsent) return undefined;
    const keys = Object.keys(this.object().value as object);
    return Object.fromEntries(keys.map((key) => [key, read(this.at(key))]));
  }

  text(): string | undefined {
    if (this.isAbsent || typeof this.value === 'string') return this.value as string | undefined;
    throw this.#wrong('a text');
  }

  /** A text that must be there. */
  word(): string {
    return this.text() ?? this.#fail('missing');
  }

  texts(): readonly string[] | undefined {
    return this.list((cursor) => cursor.word());
  }

  number(): number | undefined {
    if (this.isAbsent || typeof this.value === 'number') return this.value as number | undefined;
    throw this.#wrong('a number');
  }

  flag(): boolean {
    if (this.isAbsent) return false;
    if (typeof this.value === 'boolean') return this.value;
    throw this.#wrong('true or false');
  }

  /** A text that is one of `values`. */
  oneOf<const T extends string>(values: readonly T[]): T | undefined {
    const text = this.text();
    if (text === undefined || text === '') return undefined;
    return (
      values.find((value) => value === text) ?? this.#fail(`${JSON.stringify(text)}, not one of ${values.join(', ')}`)
    );
  }

  #wrong(wanted: string): FormatError {
    const kind = Array.isArray(this.value) ? 'a list' : this.value === null ? 'null' : `of type ${typeof this.value}`;
    return new FormatError(`${this.path || 'the report'} is ${kind} where ${wanted} is expected`);
  }

  #fail(what: string): never {
    throw new FormatError(`${this.path || 'the report'} is ${what}`);
  }
}

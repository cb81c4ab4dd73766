/**
 * Reads one table of a document that people write, field by field; `end` refuses what nobody asked for.
 * Limits  1,000 elements a list, 1,000 characters a text.
 * Errors  `FormatError` with the path of the field.
 */
import { FormatError } from '#base';
import { fieldOf, isTable } from '#formats';

const MAX_ELEMENTS = 1000;
const MAX_TEXT = 1000;

export class TableReader {
  readonly path: string;
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  /** `whole` names the outermost table in errors. */
  constructor(value: unknown, path: string, whole = 'the document') {
    if (!isTable(value)) throw new FormatError(`${path || whole}: a table of fields is expected`);
    this.path = path;
    this.#value = value;
  }

  get value(): unknown {
    return this.#value;
  }

  text(key: string): string {
    const value = this.#field(key);
    if (typeof value !== 'string' || value === '') throw this.#wrong(key, 'a text is expected');
    return this.#bounded(key, value);
  }

  optionalText(key: string): string | undefined {
    return this.#field(key) === undefined ? undefined : this.text(key);
  }

  oneOf<T extends string>(key: string, values: readonly T[], absent: T): T {
    const value = this.#field(key);
    if (value === undefined) return absent;
    const found = values.find((one) => one === value);
    if (found === undefined) throw this.#wrong(key, `one of ${values.join(', ')} is expected`);
    return found;
  }

  flag(key: string, absent: boolean): boolean {
    const value = this.#field(key);
    if (value === undefined) return absent;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw this.#wrong(key, 'true or false is expected');
  }

  number(key: string, absent: number, least: number, most: number): number {
    const value = this.#field(key);
    if (value === undefined) return absent;
    const number = typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number) || number < least || number > most)
      throw this.#wrong(key, `a number from ${least} to ${most} is expected`);
    return number;
  }

  optionalNumber(key: string, least: number, most: number): number | undefined {
    return this.#field(key) === undefined ? undefined : this.number(key, least, least, most);
  }

  texts(key: string, absent: readonly string[] = []): readonly string[] {
    return (
      this.#list(key)?.map((one) => {
        if (typeof one !== 'string' || one === '') throw this.#wrong(key, 'a list of texts is expected');
        return this.#bounded(key, one);
      }) ?? absent
    );
  }

  optionalChild(key: string): TableReader | undefined {
    return this.#field(key) === undefined ? undefined : this.child(key);
  }

  child(key: string): TableReader {
    return new TableReader(this.#field(key) ?? {}, this.#at(key));
  }

  children(key: string): readonly TableReader[] {
    return this.#list(key)?.map((one, i) => new TableReader(one, `${this.#at(key)}[${i}]`)) ?? [];
  }

  end(): void {
    for (const key of Object.keys(this.#value))
      if (!this.#asked.has(key)) throw new FormatError(`${this.#at(key.slice(0, 100))}: there is no such field`);
  }

  #field(key: string): unknown {
    this.#asked.add(key);
    return fieldOf(this.#value, key) ?? undefined;
  }

  #list(key: string): readonly unknown[] | undefined {
    const value = this.#field(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list is expected');
    if (value.length > MAX_ELEMENTS) throw this.#wrong(key, `more than ${MAX_ELEMENTS} elements`);
    return value;
  }

  #bounded(key: string, text: string): string {
    if (text.length > MAX_TEXT) throw this.#wrong(key, `longer than ${MAX_TEXT} characters`);
    return text;
  }

  #at(key: string): string {
    return this.path ? `${this.path}.${key}` : key;
  }

  #wrong(key: string, problem: string): FormatError {
    return new FormatError(`${this.#at(key)}: ${problem}`);
  }
}

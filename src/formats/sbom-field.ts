/**
 * Reads fields of bills of materials, strict about types: a field that is there but of another type is an error that
 * names the field, for a bill read in part would look like a clean one. `null` and empty texts count as absent.
 * Errors  `FieldError`, whose path leads to the field; `decodeSbom` adds the line.
 */
import { FormatError } from '#base';

export type Table = Readonly<Record<string, unknown>>;

export class FieldError extends FormatError {
  /** Keys and indexes from the document's root. */
  readonly path: readonly (string | number)[];
  readonly problem: string;

  constructor(path: readonly (string | number)[], problem: string, options?: ErrorOptions) {
    super(`${pathText(path)} ${problem}`, options);
    this.path = path;
    this.problem = problem;
  }

  under(...outer: readonly (string | number)[]): FieldError {
    return new FieldError([...outer, ...this.path], this.problem, { cause: this.cause });
  }
}

export function textField(table: Table, key: string): string | undefined {
  const value = table[key];
  if (typeof value === 'string') return value || undefined;
  if (value === undefined || value === null) return undefined;
  throw new FieldError([key], `is ${nameOf(value)}, a text is expected`);
}

/** The object of a key, read by `read`; `undefined` when there is none. */
export function tableField<T>(table: Table, key: string, read: (table: Table) => T): T | undefined {
  const value = table[key];
  if (value === undefined || value === null) return undefined;
  try {
    return read(asTable(value));
  } catch (error) {
    throw placed(error, key);
  }
}

/** The objects in the list of a key, each read by `read`. */
export function tablesField<T>(table: Table, key: string, read: (table: Table, index: number) => T): T[] {
  return elements(table, key).map((element, index) => {
    try {
      return read(asTable(element), index);
    } catch (error) {
      throw placed(error, key, index);
    }
  });
}

/** The texts in the list of a key. */
export function textsField(table: Table, key: string): string[] {
  return elements(table, key).map((element, index) => {
    if (typeof element === 'string') return element;
    throw new FieldError([key, index], `is ${nameOf(element)}, a text is expected`);
  });
}

export function asTable(value: unknown): Table {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table;
  throw new FieldError([], `is ${nameOf(value)}, an object is expected`);
}

/** What a value is, in words. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

function elements(table: Table, key: string): readonly unknown[] {
  const value = table[key];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new FieldError([key], `is ${nameOf(value)}, a list is expected`);
}

const placed = (error: unknown, ...path: readonly (string | number)[]): unknown =>
  error instanceof FieldError ? error.under(...path) : error;

function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the document';
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/**
 * JSON written piece by piece, so that a long list is never in memory as text.
 * A `Map` is an object and any other iterator an array, both written element by element; all else is plain data.
 * Control characters of the upper range, bidirectional controls and `##vso[` are escaped: the text is inert on a terminal
 * and in the log of a job.
 * Source  https://www.rfc-editor.org/rfc/rfc8259
 */
export type Streamed = ReadonlyMap<string, unknown> | IterableIterator<unknown>;

/** Indented by two spaces; keys of maps whose value is `undefined` are left out. */
export function* jsonText(value: unknown, indent = ''): Generator<string> {
  const inner = `${indent}  `;
  if (value instanceof Map) yield* brackets('{', '}', members(value as ReadonlyMap<string, unknown>, inner), indent);
  else if (isIterator(value)) yield* brackets('[', ']', elements(value, inner), indent);
  else yield plainJson(value, indent);
}

const escaped = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|#(?=#(?:vso)?\[)/gi;

function plainJson(value: unknown, indent: string): string {
  const text = JSON.stringify(value, null, 2).replace(
    escaped,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return indent ? text.replaceAll('\n', `\n${indent}`) : text;
}

function* members(map: ReadonlyMap<string, unknown>, indent: string): Generator<Iterable<string>> {
  for (const [key, value] of map) {
    if (value !== undefined) yield keyed(key, value, indent);
  }
}

function* keyed(key: string, value: unknown, indent: string): Generator<string> {
  yield `${plainJson(key, '')}: `;
  yield* jsonText(value, indent);
}

function* elements(values: Iterable<unknown>, indent: string): Generator<Iterable<string>> {
  for (const value of values) yield jsonText(value, indent);
}

function* brackets(open: string, close: string, parts: Iterable<Iterable<string>>, indent: string): Generator<string> {
  let separator = open;
  for (const part of parts) {
    yield `${separator}\n${indent}  `;
    yield* part;
    separator = ',';
  }
  yield separator === open ? open + close : `\n${indent}${close}`;
}

function isIterator(value: unknown): value is IterableIterator<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Symbol.iterator in value &&
    typeof (value as { next?: unknown }).next === 'function'
  );
}

/**
 * Reads documents of unknown shape (parsed JSON, TOML, YAML) without trusting it.
 * Yields  own properties only, so a key such as `__proto__` never reaches a prototype; the wrong type reads as absent.
 * Errors  none.
 */
export function fieldOf(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** The string at a path of keys. */
export function textOf(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = fieldOf(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** The elements of the array at a path of keys; none when it is no array. */
export function listOf(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The strings of the array at a path of keys. */
export function textsOf(value: unknown, ...keys: readonly string[]): readonly string[] {
  return listOf(value, ...keys).filter((element) => typeof element === 'string');
}

/** Keys and values of the table at a path of keys; none when it is no table. */
export function entriesOf(value: unknown, ...keys: readonly string[]): readonly (readonly [string, unknown])[] {
  const found = fieldOf(value, ...keys);
  return isTable(found) ? Object.entries(found) : [];
}

export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

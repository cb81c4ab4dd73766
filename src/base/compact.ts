/** The same object type with `undefined` taken out of its optional fields. */
export type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the keys whose value is `undefined`, in the order given. */
export function compact<T extends object>(object: T): Compact<T> {
  const out: Record<string, unknown> = {};
  // `for in` costs a third of listing the keys, and the objects are plain ones.
  for (const key in object) {
    const value = (object as Record<string, unknown>)[key];
    if (value !== undefined) out[key] = value;
  }
  return out as Compact<T>;
}

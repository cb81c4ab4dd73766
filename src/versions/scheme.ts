/**
 * The contract of a version scheme: which strings are versions, how they order, what a constraint admits.
 * A scheme is one file exporting one `defineScheme({...})` value; its metadata are data.
 * Hostile input is expected: nothing throws, every operation is linear in its input, caches are bounded.
 */
export interface Scheme {
  readonly id: string;
  readonly title: string;
  /** URL of the specification of the order. */
  readonly source: string;
  /** Characters and fragments, separated by spaces, from which property tests build random versions. */
  readonly alphabet: string;
  valid(version: string): boolean;
  /** Negative, 0 or positive; undefined when either side is no version of this scheme. Never throws. */
  compare(a: string, b: string): number | undefined;
  /**
   * Whether the version lies inside the constraint: commas or spaces mean AND, `||` means OR.
   * undefined: not decidable, because the version or the constraint is not of this scheme. Never throws.
   */
  satisfies(version: string, constraint: string): boolean | undefined;
}

/** A compiled constraint; undefined where it cannot decide. */
export type Range<V> = (version: V) => boolean | undefined;

export interface SchemeDefinition<Id extends string, V> {
  readonly id: Id;
  readonly title: string;
  readonly source: string;
  readonly alphabet: string;
  /** undefined when the text is no version of this scheme. */
  parse(text: string): V | undefined;
  order(a: V, b: V): number;
  range(constraint: string): Range<V>;
}

/** Adds the caches that matching profits from: one installed version meets many bounds, a constraint many versions. */
export function defineScheme<const Id extends string, V>(
  definition: SchemeDefinition<Id, V>,
): Scheme & { readonly id: Id } {
  const { id, title, source, alphabet, order } = definition;
  const left = rememberLast(definition.parse);
  const right = rememberLast(definition.parse);
  const range = rememberMany(definition.range);
  return {
    id,
    title,
    source,
    alphabet,
    valid: (version) => left(version) !== undefined,
    compare(a, b) {
      const x = left(a);
      if (x === undefined) return undefined;
      const y = right(b);
      return y === undefined ? undefined : order(x, y);
    },
    satisfies(version, constraint) {
      const x = left(version);
      return x === undefined ? undefined : range(constraint)(x);
    },
  };
}

function rememberLast<V>(parse: (text: string) => V): (text: string) => V {
  let lastText: string | undefined;
  let lastValue: V;
  return (text) => {
    if (text !== lastText) {
      lastValue = parse(text);
      lastText = text;
    }
    return lastValue;
  };
}

const rememberedConstraints = 512;
/** Longer constraints are hostile or rare; they are compiled each time rather than kept. */
const rememberedLength = 4096;

function rememberMany<V extends object>(compile: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = compile(text);
    if (text.length <= rememberedLength) {
      if (known.size >= rememberedConstraints) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

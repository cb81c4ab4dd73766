/**
 * Regular expressions that users write, in RE2 syntax and in time linear in the text, whatever the expression.
 * They are matched against bytes, read as UTF-8: places are places in the file.
 * Errors  `SyntaxError` for what is no expression.
 * Source  https://github.com/google/re2/wiki/Syntax
 */
export interface LinearRegex {
  test(bytes: Uint8Array): boolean;
  /** Matches in order, not overlapping, from `from` on. */
  matches(bytes: Uint8Array, from: number): Iterable<LinearMatch>;
}

export interface LinearMatch {
  readonly start: number;
  readonly end: number;
  /** Where the named group lies, when it took part. */
  readonly group?: readonly [start: number, end: number];
}

export type CompileLinear = (source: string, group?: string) => LinearRegex;

/** The library is loaded at first use. */
export async function linearRegexes(): Promise<CompileLinear> {
  const { RE2JS } = await import('re2js');
  return (source, group) => {
    const regex = compile(() => RE2JS.compile(source));
    if (group !== undefined && !Object.hasOwn(regex.namedGroups(), group))
      throw new SyntaxError(`there is no group named ${group}`);
    return {
      test: (bytes) => regex.test(bytes),
      *matches(bytes, from) {
        const matcher = regex.matcher(bytes);
        for (let found = from <= bytes.length && matcher.find(from); found; found = matcher.find()) {
          const start = group === undefined ? -1 : matcher.start(group);
          yield {
            start: matcher.start(),
            end: matcher.end(),
            ...(start >= 0 && { group: [start, matcher.end(group)] as const }),
          };
        }
      },
    };
  };
}

function compile<T>(create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

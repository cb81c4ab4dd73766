/** Regular expressions for built-in functions, each compiled once. */
import type { Budget } from './budget.js';
import { BuiltinFailure, type Regex, type RegexMatch } from './builtins/builtin.js';

const MAX_PATTERN = 4096;
const MAX_KEPT = 1000;

/** The library is loaded at first use. */
export async function loadRegexes(budget: Budget): Promise<(source: string) => Regex> {
  const { RE2JS } = await import('re2js');
  const kept = new Map<string, Regex | BuiltinFailure>();
  return (source) => {
    if (source.length > MAX_PATTERN) throw new BuiltinFailure(`an expression longer than ${MAX_PATTERN} characters`);
    let regex = kept.get(source);
    if (!regex) {
      budget.spend(10 * weightOf(source));
      regex = create(source);
      if (kept.size < MAX_KEPT) kept.set(source, regex);
    }
    if (regex instanceof BuiltinFailure) throw regex;
    return regex;
  };

  function create(source: string): Regex | BuiltinFailure {
    let compiled: ReturnType<typeof RE2JS.compile>;
    try {
      compiled = RE2JS.compile(source);
    } catch (error) {
      return new BuiltinFailure(error instanceof Error ? error.message : String(error));
    }
    const groups: string[] = [];
    for (const [name, index] of Object.entries(compiled.namedGroups())) groups[Number(index)] = name;
    return {
      groups,
      *matches(text): Iterable<RegexMatch> {
        budget.spend((text.length * weightOf(source)) >> 5);
        const matcher = compiled.matcher(text);
        while (matcher.find()) {
          const all = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
          yield { start: matcher.start(), end: matcher.end(), groups: all };
        }
      },
    };
  }
}

/** About how many states the expression has: repetitions are written out. */
function weightOf(source: string): number {
  const repetitions = [...source.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)];
  const product = repetitions.reduce(
    (all, [, least, most]) => Math.min(1000, all * Math.max(1, Number(most || least))),
    1,
  );
  return source.length + product * repetitions.length;
}

/**
 * Version requirements of Cargo manifests: `^` (also when nothing is written), `~`, `=`, `>`, `>=`, `<`, `<=` and
 * wildcards, joined by commas. A pre-release counts only when a comparator names one of the same numbers.
 * Source  https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
 */
import { scheme } from '#versions';

interface Comparator {
  readonly operator: string;
  /** One to three numbers; fewer where the rest is open. */
  readonly numbers: readonly number[];
  readonly prerelease: string;
}

/** False also when either is not what it should be. */
export function meetsRequirement(version: string, requirement: string): boolean {
  const [, core, prerelease] = /^(\d+\.\d+\.\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version) ?? [];
  if (core === undefined) return false;
  const comparators = requirement.split(',').map(readComparator);
  if (comparators.includes(undefined)) return false;
  const known = comparators as readonly Comparator[];
  if (prerelease !== undefined && !known.some((c) => c.prerelease && c.numbers.join('.') === core)) return false;
  return known.every((comparator) => meets(version, comparator));
}

function readComparator(text: string): Comparator | undefined {
  const found = /^(\^|~|>=|<=|>|<|=)?\s*([\dxX*.]+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text.trim());
  if (!found) return undefined;
  const [, operator, core = '', prerelease = ''] = found;
  const parts = core.split('.');
  const open = parts.findIndex((part) => /^[xX*]$/.test(part));
  const numbers = (open < 0 ? parts : parts.slice(0, open)).map(Number);
  if (numbers.length > 3 || numbers.some((n) => !Number.isSafeInteger(n)) || parts.includes('')) return undefined;
  return { operator: operator ?? (open < 0 ? '^' : '='), numbers, prerelease };
}

function meets(version: string, { operator, numbers, prerelease }: Comparator): boolean {
  const [major, minor = 0, patch = 0] = numbers;
  if (major === undefined) return true;
  const low = `${major}.${minor}.${patch}${prerelease && `-${prerelease}`}`;
  const atLeast = compare(version, low) >= 0;
  switch (operator) {
    case '>=':
      return atLeast;
    case '<':
      return compare(version, low) < 0;
    case '>':
      return (
        compare(version, numbers.length === 3 ? low : after(numbers, numbers.length)) >= (numbers.length === 3 ? 1 : 0)
      );
    case '<=':
      return numbers.length === 3 ? compare(version, low) <= 0 : compare(version, after(numbers, numbers.length)) < 0;
    case '=':
      return numbers.length === 3
        ? compare(version, low) === 0
        : atLeast && compare(version, after(numbers, numbers.length)) < 0;
    case '~':
      return atLeast && compare(version, after(numbers, Math.min(2, numbers.length))) < 0;
    default:
      return atLeast && compare(version, after(numbers, significant(numbers))) < 0;
  }
}

/** How many leading numbers `^` pins: up to the first that is not zero. */
function significant(numbers: readonly number[]): number {
  const first = numbers.findIndex((n) => n > 0);
  return first < 0 ? numbers.length : first + 1;
}

/** The first version past those that share the leading numbers. */
function after(numbers: readonly number[], count: number): string {
  const next = [0, 1, 2].map((i) => (i < count ? numbers[i]! : 0));
  next[count - 1]! += 1;
  return next.join('.');
}

function compare(a: string, b: string): number {
  return scheme('semver').compare(a, b) ?? Number.NaN;
}

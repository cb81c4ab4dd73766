/**
 * Versions by Semantic Versioning 2.0.0, the base of several schemes.
 * Errors  text of any other form, leading zeros included, is no version.
 * Source  https://semver.org/
 */
import { compareNaturals, digitsEnd, natural, type Natural } from './natural.js';
import { comparePrereleases, readIdentifiers, type Identifier } from './prerelease.js';

export interface SemanticVersion {
  readonly major: Natural;
  readonly minor: Natural;
  readonly patch: Natural;
  readonly prerelease: readonly Identifier[];
  readonly build: readonly Identifier[];
}

export function parseSemanticVersion(text: string, start = 0): SemanticVersion | undefined {
  const majorEnd = plainNumberEnd(text, start);
  if (majorEnd < 0 || text[majorEnd] !== '.') return undefined;
  const minorEnd = plainNumberEnd(text, majorEnd + 1);
  if (minorEnd < 0 || text[minorEnd] !== '.') return undefined;
  const patchEnd = plainNumberEnd(text, minorEnd + 1);
  if (patchEnd < 0) return undefined;
  const tail = readTail(text, patchEnd);
  if (!tail || hasLeadingZero(text, patchEnd + 1, tail.prereleaseEnd)) return undefined;
  return {
    major: natural(text, start, majorEnd),
    minor: natural(text, majorEnd + 1, minorEnd),
    patch: natural(text, minorEnd + 1, patchEnd),
    prerelease: tail.prerelease,
    build: tail.build,
  };
}

/** Precedence: build metadata do not count. */
export function orderSemanticVersions(a: SemanticVersion, b: SemanticVersion): number {
  return compareReleases(a, b) || comparePrereleases(a.prerelease, b.prerelease);
}

export function compareReleases(a: SemanticVersion, b: SemanticVersion): number {
  return compareNaturals(a.major, b.major) || compareNaturals(a.minor, b.minor) || compareNaturals(a.patch, b.patch);
}

export interface Tail {
  readonly prerelease: readonly Identifier[];
  readonly prereleaseEnd: number;
  readonly build: readonly Identifier[];
}

/** `-prerelease+build`, from where the numbers end to the end of the text; both may be missing. */
export function readTail(text: string, start: number): Tail | undefined {
  const plus = text.indexOf('+', start);
  const prereleaseEnd = plus < 0 ? text.length : plus;
  const prerelease = start === prereleaseEnd ? [] : readAfter('-', text, start, prereleaseEnd);
  const build = plus < 0 ? [] : readIdentifiers(text, plus + 1, text.length);
  return prerelease && build && { prerelease, prereleaseEnd, build };
}

function readAfter(mark: string, text: string, start: number, end: number): Identifier[] | undefined {
  return text[start] === mark ? readIdentifiers(text, start + 1, end) : undefined;
}

/** The end of a number without leading zeros; negative when there is none. */
function plainNumberEnd(text: string, start: number): number {
  const end = digitsEnd(text, start);
  return end === start || (text[start] === '0' && end > start + 1) ? -1 : end;
}

/** Does a numeric identifier begin with a zero it does not need? */
function hasLeadingZero(text: string, start: number, end: number): boolean {
  for (let from = start; from < end;) {
    const dot = text.indexOf('.', from);
    const to = dot < 0 || dot > end ? end : dot;
    if (text[from] === '0' && to > from + 1 && digitsEnd(text, from) >= to) return true;
    from = to + 1;
  }
  return false;
}

/**
 * Version specifiers of Python distributions: `~= == != <= >= < > ===`, also `=` and none for `==`, and `*` for all.
 * Pre-releases count in every specifier, as advisories mean them: `<2.0` holds for `2.0rc1`.
 * Local labels of the version are left out unless the specifier names one, which only equality may;
 * `strict` labels may be named everywhere and always count, as feeds of patched rebuilds (`+sp1`) need it.
 * Source  https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers
 */
import { alternativesRange, anyOf, relations, undecidable, type Comparator } from './comparators.js';
import { compareNaturals, type Natural } from '../order/natural.js';
import { compareBase, orderPep440, orderPublic, parsePep440, type Pep440Version } from '../order/pep440-version.js';
import type { Range } from '../scheme.js';

export type LocalLabels = 'lenient' | 'strict';

/** A version with the text it was read from, which `===` compares. */
export interface PythonVersion extends Pep440Version {
  readonly text: string;
}

type PythonRange = Range<PythonVersion>;

export function pep440Range(labels: LocalLabels): (text: string) => PythonRange {
  const compile = (comparator: Comparator) => withLongWords(comparator, labels);
  return (text) =>
    anyOf(text.split('||').map((part) => alternativesRange(part.trim() === '*' ? '>=0' : part, compile)));
}

/** A release, one of the long words in lower case, and a number after it. */
const longWord = /^(v?(?:\d+!)?\d+(?:\.\d+)*[-_.]?(?:a|b|pre))(?:lpha|eta|view)[^\d]?(\d.*)$/;

/**
 * In specifiers the reference takes `alpha`, `beta` and `preview` for `a`, `b` and `pre`, and the number after the word
 * for an equality of its own: to it `<2.0-beta.1` is `<2.0b0, ==1`. Where that reading and the right one disagree the
 * specifier is undecided, so that findings are the same and the disagreement is reported.
 */
function withLongWords(comparator: Comparator, labels: LocalLabels): PythonRange {
  const right = specifier(comparator, labels);
  const cut = longWord.exec(comparator.version);
  if (!cut) return right;
  const shortened = specifier({ operator: comparator.operator, version: cut[1]! }, labels);
  const number = specifier({ operator: '', version: cut[2]! }, labels);
  const asReference: PythonRange = (version) => shortened(version) === true && number(version) === true;
  if (right === undecidable) return asReference;
  return (version) => {
    const answer = right(version);
    return answer === asReference(version) ? answer : undefined;
  };
}

function specifier({ operator, version }: Comparator, labels: LocalLabels): PythonRange {
  if (operator === '===') return (candidate) => candidate.text.toLowerCase() === version.toLowerCase();
  if (version.endsWith('.*')) return wildcard(operator, version.slice(0, -2));
  const bound = parsePep440(version);
  if (!bound) return undecidable;
  const named = bound.local.length > 0;
  if (named && !isEquality(operator) && operator !== '!=' && labels === 'lenient') return undecidable;
  const [order, operators] = labels === 'strict' || named ? withLabels : withoutLabels;
  if (operator === '>') return greater(bound, order);
  if (operator === '~=') return compatible(bound, order);
  return operators.get(operator)?.(bound) ?? undecidable;
}

function isEquality(operator: string): boolean {
  return operator === '' || operator === '=' || operator === '==';
}

type Order = (a: Pep440Version, b: Pep440Version) => number;

const withLabels = [orderPep440, new Map(relations(orderPep440))] as const;
const withoutLabels = [orderPublic, new Map(relations(orderPublic))] as const;

/** A post-release is not greater than its own release, unless the bound is a post-release, too. */
function greater(bound: Pep440Version, order: Order): PythonRange {
  return (version) =>
    order(version, bound) > 0 &&
    (bound.post !== undefined || version.post === undefined || compareBase(version, bound) !== 0);
}

/** `~=2.2.1` is `>=2.2.1, ==2.2.*`; suffixes do not count for the second part. */
function compatible(bound: Pep440Version, order: Order): PythonRange {
  if (bound.release.length < 2) return undecidable;
  const isWithin = startsWith({ epoch: bound.epoch, release: bound.release.slice(0, -1), local: [] });
  return (version) => order(version, bound) >= 0 && isWithin(version);
}

function wildcard(operator: string, text: string): PythonRange {
  const prefix = parsePep440(text);
  if (!prefix || prefix.dev !== undefined || prefix.local.length > 0) return undecidable;
  const matches = startsWith(prefix);
  if (isEquality(operator)) return matches;
  return operator === '!=' ? (version) => !matches(version) : undecidable;
}

/** Prefix match over the numbers of the release, with missing ones zero, and then the suffixes that the prefix has. */
function startsWith(prefix: Pep440Version): (version: Pep440Version) => boolean {
  const hasSuffix = prefix.pre !== undefined || prefix.post !== undefined;
  return (version) => {
    if (compareNaturals(version.epoch, prefix.epoch) !== 0) return false;
    const length = hasSuffix ? Math.max(version.release.length, prefix.release.length) : prefix.release.length;
    for (let i = 0; i < length; i++) if (!areSame(version.release[i] ?? 0, prefix.release[i] ?? 0)) return false;
    if (prefix.pre && !(version.pre?.letter === prefix.pre.letter && areSame(version.pre.number, prefix.pre.number)))
      return false;
    if (!prefix.pre && hasSuffix && version.pre) return false;
    return prefix.post === undefined || (version.post !== undefined && areSame(version.post, prefix.post));
  };
}

function areSame(a: Natural, b: Natural): boolean {
  return compareNaturals(a, b) === 0;
}

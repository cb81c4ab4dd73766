/**
 * One entry of a feed in the OSV format, as statements.
 * Reads   parsed JSON or YAML; scalars may be strings.
 * Yields  an advisory per package: constraints from its ranges (those of commits left out) and from versions listed
 *         beyond them; details with the CVSS vectors of the entry and of its packages. Withdrawn entries are skipped.
 * Errors  FormatError for an entry without id or packages; a problem for what cannot be used of one.
 * Source  https://ossf.github.io/osv-schema/
 */
import { compact, FormatError } from '#base';
import { fieldOf, listOf, textOf, textsOf } from '#formats';
import type { StoredAdvisory } from '#model';
import { scheme, type Scheme, type SchemeId } from '#versions';
import type { Statement } from './advisory-source.js';
import { osvConstraints } from './osv-ranges.js';
import { nameOf } from './vulnerability-id.js';

export interface OsvReading {
  /** The source's id, for ratings. */
  readonly provider: string;
  /** `package.ecosystem` of what belongs to the source. */
  readonly ecosystem: string;
  readonly bucket: string;
  readonly scheme: SchemeId;
  /** The constraint that admits every version; default `>=0`. */
  readonly everything?: string;
  normalize(name: string): string;
  /** Ranges to read in place of `ranges`. */
  rangesOf?(affected: unknown): readonly unknown[];
  /** Further fields of the advisory. */
  extrasOf?(affected: unknown): StoredAdvisory;
}

export function* osvStatements(entry: unknown, reading: OsvReading): Generator<Statement> {
  const own = textOf(entry, 'id');
  const named = nameOf(own, [...textsOf(entry, 'aliases'), ...textsOf(entry, 'upstream')]);
  if (!own || !named) throw new FormatError('no id');
  yield* dates(entry);
  if (textOf(entry, 'withdrawn')) return yield { kind: 'skipped', why: 'withdrawn' };
  const affected = listOf(entry, 'affected');
  if (affected.length === 0) throw new FormatError(`${own}: no packages`);
  for (const item of affected) yield* advisoryOf(item, own, named, reading);
  const vectors = [entry, ...affected].flatMap((rated) =>
    listOf(rated, 'severity').flatMap((severity) => textOf(severity, 'score') ?? []),
  );
  const severity = textOf(entry, 'database_specific', 'severity');
  if (vectors.length > 0 || severity) {
    const rating = compact({ provider: reading.provider, vectors: [...new Set(vectors)], severity });
    yield { kind: 'details', id: named.id, ratings: [rating] };
  }
}

/** Feeds that are their own repository may have zero dates (0001-01-01), to be set at publication. */
function* dates(entry: unknown): Generator<Statement> {
  if (textOf(entry, 'modified')?.startsWith('0001')) return;
  for (const field of ['published', 'modified']) {
    const date = textOf(entry, field);
    if (date) yield { kind: 'dated', date };
  }
}

function* advisoryOf(
  affected: unknown,
  own: string,
  { id, vendorIds }: { readonly id: string; readonly vendorIds: readonly string[] },
  reading: OsvReading,
): Generator<Statement> {
  const name = textOf(affected, 'package', 'name');
  const ecosystem = textOf(affected, 'package', 'ecosystem');
  if (!name || !ecosystem) return yield { kind: 'problem', message: `${own}: a package without name or ecosystem` };
  if (ecosystem !== reading.ecosystem) return yield { kind: 'skipped', why: `ecosystem ${ecosystem}` };
  const { constraints, problems } = constraintsOf(affected, reading);
  for (const problem of problems) yield { kind: 'problem', message: `${own}: ${name}: ${problem}` };
  if (constraints.length === 0) return yield { kind: 'problem', message: `${own}: ${name}: no versions` };
  yield {
    kind: 'advisory',
    bucket: reading.bucket,
    package: reading.normalize(name),
    id,
    advisory: {
      VulnerableVersions: constraints,
      ...(vendorIds.length > 0 && { VendorIDs: vendorIds }),
      ...reading.extrasOf?.(affected),
    },
  };
}

interface Constraints {
  readonly constraints: readonly string[];
  readonly problems: readonly string[];
}

function constraintsOf(affected: unknown, reading: OsvReading): Constraints {
  const versions = scheme(reading.scheme);
  const ranges = reading.rangesOf?.(affected) ?? listOf(affected, 'ranges');
  const constraints: string[] = [];
  const problems: string[] = [];
  for (const range of ranges) {
    if (textOf(range, 'type') === 'GIT') continue;
    try {
      constraints.push(...osvConstraints(range, versions, reading.everything));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(error.message);
    }
  }
  const usable = constraints.filter((constraint) => isDecidable(versions, constraint));
  const unusable = constraints.filter((constraint) => !usable.includes(constraint));
  problems.push(...unusable.map((constraint) => `the range ${constraint} cannot be decided`));
  usable.push(...listedBeyond(textsOf(affected, 'versions'), usable, versions));
  // One undecidable range would make all undecidable; if there is no other, the scan says that it is so.
  return { constraints: usable.length > 0 ? [...new Set(usable)] : unusable, problems };
}

/** Versions that no range has. What is no version of the ecosystem can be installed, but not compared with anything. */
function listedBeyond(listed: readonly string[], ranges: readonly string[], versions: Scheme): string[] {
  const all = ranges.join(' || ');
  return listed
    .filter((version) => versions.valid(version) && (ranges.length === 0 || !versions.satisfies(version, all)))
    .map((version) => `=${version}`)
    .filter((constraint) => isDecidable(versions, constraint));
}

export function isDecidable(versions: Pick<Scheme, 'satisfies'>, constraint: string): boolean {
  return versions.satisfies('1.0.0', constraint) !== undefined;
}

/** Values of one field over the imports of a package, where every import has some. */
export function unionOver(items: readonly unknown[], field: string): readonly string[] {
  const lists = items.map((item) => (Array.isArray(fieldOf(item, field)) ? textsOf(item, field) : []));
  return lists.every((list) => list.length > 0) ? [...new Set(lists.flat())].sort() : [];
}

/**
 * The RustSec advisory database.
 * Reads   `crates/<crate>/RUSTSEC-*.md`: Markdown that begins with a block of TOML. What is about Rust itself (`rust`)
 *         concerns no crate.
 * Yields  patched and unaffected requirements; a crate with neither has no fix, so every version is vulnerable.
 *         Withdrawn entries are skipped, and so are those that warn of no vulnerability (`unmaintained`, `notice`);
 *         `unsound` ones stay, since they are about memory safety.
 * Errors  FormatError for a file without that block, crate or id.
 * Source  https://github.com/RustSec/advisory-db#advisory-format
 */
import { compact, FormatError } from '#base';
import { parseToml, textOf, textsOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { nameOf } from './vulnerability-id.js';

const bucket = 'cargo::RustSec Advisory Database';

export const rustsec = defineAdvisorySource({
  id: 'rustsec',
  title: 'RustSec Advisory Database',
  url: 'https://github.com/RustSec/advisory-db',
  license: 'CC0-1.0, in part CC-BY-4.0',
  feed: 'rustsec',
  files: /(?:^|\/)crates\/[^/]+\/[^/]+\.md$/,
  buckets: [bucket],
  scheme: 'generic',
  async *parse(file) {
    yield* statementsOf(await parseToml(frontMatter(await file.text())));
  },
});

function frontMatter(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() !== '');
  const end = lines.findIndex((line, index) => index > start && line.startsWith('```'));
  if (!lines[start]?.startsWith('```toml') || end < 0) throw new FormatError('does not begin with a block of TOML');
  return lines.slice(start + 1, end).join('\n');
}

function* statementsOf(entry: unknown): Generator<Statement> {
  const crate = textOf(entry, 'advisory', 'package')?.toLowerCase();
  const named = nameOf(textOf(entry, 'advisory', 'id'), textsOf(entry, 'advisory', 'aliases'));
  if (!crate || !named) throw new FormatError('no crate or no id');
  const date = textOf(entry, 'advisory', 'date');
  if (date) yield { kind: 'dated', date };
  if (textOf(entry, 'advisory', 'withdrawn')) return yield { kind: 'skipped', why: 'withdrawn' };
  const informational = textOf(entry, 'advisory', 'informational');
  if (informational === 'unmaintained' || informational === 'notice')
    return yield { kind: 'skipped', why: informational };
  const patched = textsOf(entry, 'versions', 'patched').map(requirement);
  const unaffected = textsOf(entry, 'versions', 'unaffected').map(requirement);
  yield {
    kind: 'advisory',
    bucket,
    package: crate,
    id: named.id,
    advisory: compact({
      VulnerableVersions: patched.length + unaffected.length === 0 ? ['>=0.0.0-0'] : undefined,
      PatchedVersions: patched.length > 0 ? patched : undefined,
      UnaffectedVersions: unaffected.length > 0 ? unaffected : undefined,
      VendorIDs: named.vendorIds.length > 0 ? named.vendorIds : undefined,
    }),
  };
  const vector = textOf(entry, 'advisory', 'cvss');
  if (vector) yield { kind: 'details', id: named.id, ratings: [{ provider: 'rustsec', vectors: [vector] }] };
}

/** A requirement of Cargo without operator is a compatible one. https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html */
function requirement(text: string): string {
  return text
    .split(',')
    .map((part) => (/^\d/.test(part.trim()) ? `^${part.trim()}` : part.trim()))
    .join(', ');
}

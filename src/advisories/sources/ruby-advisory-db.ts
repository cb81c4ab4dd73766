/**
 * The Ruby advisory database.
 * Reads   `gems/<gem>/*.yml`: `cve`, `ghsa` and `osvdb` without their prefixes, `patched_versions`, `unaffected_versions`
 *         and CVSS scores. What is about Ruby engines (`rubies`) concerns no gem.
 * Yields  patched and unaffected requirements; a gem with neither has no fix, so every version is vulnerable.
 * Errors  FormatError for a file without gem or id.
 * Source  https://github.com/rubysec/ruby-advisory-db#schema
 */
import { compact, FormatError } from '#base';
import { textOf, textsOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { parseFeedYaml } from './parse-feed.js';
import { nameOf } from './vulnerability-id.js';

const bucket = 'rubygems::Ruby Advisory Database';

export const rubyAdvisoryDb = defineAdvisorySource({
  id: 'ruby-advisory-db',
  title: 'Ruby Advisory Database',
  url: 'https://github.com/rubysec/ruby-advisory-db',
  license: 'public domain; facts only',
  feed: 'rubysec',
  files: /(?:^|\/)gems\/[^/]+\/[^/]+\.ya?ml$/,
  buckets: [bucket],
  scheme: 'gem',
  async *parse(file) {
    yield* statementsOf(await parseFeedYaml(await file.text()));
  },
});

function* statementsOf(entry: unknown): Generator<Statement> {
  const gem = textOf(entry, 'gem')?.trim().toLowerCase();
  const named = nameOf(undefined, idsOf(entry));
  if (!gem || !named) throw new FormatError('no gem or no id');
  const date = textOf(entry, 'date');
  if (date) yield { kind: 'dated', date };
  const patched = textsOf(entry, 'patched_versions');
  const unaffected = textsOf(entry, 'unaffected_versions');
  yield {
    kind: 'advisory',
    bucket,
    package: gem,
    id: named.id,
    advisory: compact({
      VulnerableVersions: patched.length + unaffected.length === 0 ? ['>= 0'] : undefined,
      PatchedVersions: patched.length > 0 ? patched : undefined,
      UnaffectedVersions: unaffected.length > 0 ? unaffected : undefined,
      VendorIDs: named.vendorIds.length > 0 ? named.vendorIds : undefined,
    }),
  };
  const scores = ['cvss_v4', 'cvss_v3', 'cvss_v2']
    .map((field) => textOf(entry, field) ?? '')
    .filter((score) => /^\d{1,2}(?:\.\d)?$/.test(score))
    .map(Number);
  if (scores.length > 0) yield { kind: 'details', id: named.id, ratings: [{ provider: 'ruby-advisory-db', scores }] };
}

function idsOf(entry: unknown): string[] {
  return (['cve', 'ghsa', 'osvdb'] as const).flatMap((field) => {
    const number = textOf(entry, field)?.trim();
    if (!number) return [];
    const prefix = `${field.toUpperCase()}-`;
    return number.startsWith(prefix) ? number : `${prefix}${number}`;
  });
}

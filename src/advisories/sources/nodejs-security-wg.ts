/**
 * Vulnerabilities of npm packages, collected by the security working group of Node.js until 2020.
 * Reads   `npm/<number>.json`. What is about Node.js itself (`core`, `deps`) is left to sources that name its packages.
 * Yields  one advisory per CVE, `NSWG-ECO-<number>` where there is none, with npm ranges as they stand.
 * Errors  FormatError for an entry without package, number or ranges.
 * Source  https://github.com/nodejs/security-wg/tree/main/vuln
 */
import { compact, FormatError } from '#base';
import { fieldOf, textOf, textsOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { parseFeedJson } from './parse-feed.js';
import { isCve } from './vulnerability-id.js';

const bucket = 'npm::Node.js Ecosystem Security Working Group';

export const nodejsSecurityWg = defineAdvisorySource({
  id: 'nodejs-security-wg',
  title: 'Node.js Ecosystem Security Working Group',
  url: 'https://github.com/nodejs/security-wg',
  license: 'MIT',
  feed: 'node',
  files: /(?:^|\/)npm\/\d+\.json$/,
  buckets: [bucket],
  scheme: 'npm',
  async *parse(file) {
    yield* statementsOf(parseFeedJson(await file.text()));
  },
});

function* statementsOf(entry: unknown): Generator<Statement> {
  const number = fieldOf(entry, 'id');
  const name = textOf(entry, 'module_name')?.trim().toLowerCase();
  if (!name || !Number.isSafeInteger(number)) throw new FormatError('no package or no number');
  const own = `NSWG-ECO-${number as number}`;
  const vulnerable = alternatives(textOf(entry, 'vulnerable_versions'));
  const patched = alternatives(textOf(entry, 'patched_versions'));
  if (vulnerable.length + patched.length === 0) throw new FormatError(`${own}: no versions`);
  const date = textOf(entry, 'updated_at') ?? textOf(entry, 'publish_date');
  if (date) yield { kind: 'dated', date };
  const named = textsOf(entry, 'cves');
  for (const id of named) if (!isCve(id)) yield { kind: 'problem', message: `${own}: ${id} is no CVE id` };
  const cves = named.filter(isCve);
  const vector = textOf(entry, 'cvss_vector');
  for (const id of cves.length > 0 ? cves : [own]) {
    yield {
      kind: 'advisory',
      bucket,
      package: name,
      id,
      advisory: compact({
        VulnerableVersions: vulnerable.length > 0 ? vulnerable : undefined,
        PatchedVersions: patched.length > 0 ? patched : undefined,
        VendorIDs: id === own ? undefined : [own],
      }),
    };
    if (vector) yield { kind: 'details', id, ratings: [{ provider: 'nodejs-security-wg', vectors: [vector] }] };
  }
}

function alternatives(range: string | undefined): readonly string[] {
  return (range ?? '')
    .split('||')
    .map((alternative) => alternative.trim())
    .filter(Boolean);
}

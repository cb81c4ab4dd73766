/**
 * Alpine's security database: which version of an origin package fixed what.
 * Reads   `vX.Y/{main,community}` as YAML (the archived repository) or JSON (secdb.alpinelinux.org), one shape:
 *         `distroversion`, `packages[].pkg.{name, secfixes: {version: [ids]}}`.
 * Yields  `alpine X.Y` → origin package → id → fixed version. Version `0` says that the package was never affected and is
 *         kept. An element can name several CVEs, with notes between them; without a CVE its first id counts (XSA-12).
 * Errors  FormatError for a file without release; a problem for an element without id. The feed tells no dates.
 * Source  https://secdb.alpinelinux.org · https://gitlab.alpinelinux.org/alpine/infra/docker/secdb
 */
import { FormatError } from '#base';
import { entriesOf, listOf, textOf, textsOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { parseFeedYaml } from './parse-feed.js';
import { isVulnerabilityId } from './vulnerability-id.js';

export const alpine = defineAdvisorySource({
  id: 'alpine',
  title: 'Alpine Secdb',
  url: 'https://secdb.alpinelinux.org/',
  license: 'facts only, no licence stated',
  feed: 'alpine',
  files: /(?:^|\/)(?:v\d+\.\d+|edge)\/[a-z]+\.(?:ya?ml|json)$/,
  buckets: ['alpine <release>'],
  scheme: 'apk',
  async *parse(file) {
    const document = await parseFeedYaml(await file.text());
    const release = /^(?:v?(\d+\.\d+)|(edge)(?:-.*)?)$/.exec(textOf(document, 'distroversion') ?? '');
    if (!release) throw new FormatError('no release');
    const bucket = `alpine ${release[1] ?? release[2]}`;
    for (const item of listOf(document, 'packages')) yield* fixesOf(item, bucket);
  },
});

function* fixesOf(item: unknown, bucket: string): Generator<Statement> {
  const name = textOf(item, 'pkg', 'name');
  if (!name) return yield { kind: 'problem', message: 'a package without name' };
  for (const [version, ids] of entriesOf(item, 'pkg', 'secfixes')) {
    for (const text of textsOf({ ids }, 'ids')) {
      const found = idsOf(text);
      if (found.length === 0) yield { kind: 'problem', message: `${name} ${version}: no id in "${text}"` };
      for (const id of found)
        yield { kind: 'advisory', bucket, package: name, id, advisory: { FixedVersion: version } };
    }
  }
}

/** Also those that are slightly misspelt: `CVE_2017-1234`, `CVE 2017-1234`. */
function idsOf(text: string): readonly string[] {
  const cves = [...text.matchAll(/\bCVE[-_ ](\d{4})-(\d{4,19})(?!\d)/g)].map(
    ([, year, number]) => `CVE-${year}-${number}`,
  );
  if (cves.length > 0) return [...new Set(cves)];
  const words = text.split(/\s+/).filter(isVulnerabilityId);
  return [words.find((word) => word.startsWith('GHSA-')) ?? words[0]].filter((id) => id !== undefined);
}

/**
 * Vulnerabilities of Composer packages, collected by the friends of PHP.
 * Reads   `vendor/package/*.yaml`: `reference: composer://vendor/package`, `cve`, `branches.*.versions` (all of which
 *         must hold, branches being alternatives) and `branches.*.time`.
 * Yields  one advisory per file; where there is no CVE its path names it, as Composer itself does.
 * Errors  FormatError for a file without reference or versions.
 * Source  https://github.com/FriendsOfPHP/security-advisories
 */
import { FormatError } from '#base';
import { entriesOf, textOf, textsOf } from '#formats';
import { defineAdvisorySource, type Statement } from './advisory-source.js';
import { parseFeedYaml } from './parse-feed.js';
import { isCve } from './vulnerability-id.js';

const bucket = 'composer::PHP Security Advisories Database';
const absent = new Set(['', '~', 'null', 'Null', 'NULL']);

export const phpSecurityAdvisories = defineAdvisorySource({
  id: 'php-security-advisories',
  title: 'PHP Security Advisories Database',
  url: 'https://github.com/FriendsOfPHP/security-advisories',
  license: 'Unlicense',
  feed: 'php',
  files: /(?:^|\/)(?!\.)[^/]+\/[^/]+\/[^/]+\.ya?ml$/,
  buckets: [bucket],
  scheme: 'generic',
  async *parse(file) {
    yield* statementsOf(await parseFeedYaml(await file.text()), file.path);
  },
});

function* statementsOf(entry: unknown, path: string): Generator<Statement> {
  const name = /^composer:\/\/([^\s/]+\/[^\s/]+)$/.exec(textOf(entry, 'reference')?.trim() ?? '')?.[1]?.toLowerCase();
  if (!name) throw new FormatError('no reference to a Composer package');
  const branches = entriesOf(entry, 'branches');
  for (const [, branch] of branches) {
    const date = textOf(branch, 'time')?.slice(0, 10);
    if (date) yield { kind: 'dated', date };
  }
  const ranges = branches
    .map(([, branch]) => textsOf(branch, 'versions').join(', '))
    .filter((range) => range.trim() !== '');
  if (ranges.length === 0) throw new FormatError('no versions');
  const cve = textOf(entry, 'cve')?.trim() ?? '';
  if (!absent.has(cve) && !isCve(cve)) yield { kind: 'problem', message: `${cve} is no CVE id` };
  const id = isCve(cve)
    ? cve
    : path
        .replace(/\.ya?ml$/, '')
        .split('/')
        .slice(-3)
        .join('/');
  yield { kind: 'advisory', bucket, package: name, id, advisory: { VulnerableVersions: ranges } };
}

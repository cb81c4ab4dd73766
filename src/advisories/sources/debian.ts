/**
 * Debian's security advisories (DSA) and those of its long-term support (DLA).
 * Reads   `data/{DSA,DLA}/list` of the tracker's repository, and `config.json` beside them, which says which release was
 *         stable then: advisories for a release that was not out yet would say little about it.
 * Yields  `debian N` → source package → id → fixed version, with the advisories as vendor ids. An advisory without CVE
 *         ids stands for itself. Of several fixes the highest counts: the earlier one was incomplete.
 * The lists say what was fixed by an advisory. They do not say what is unfixed, of minor importance (fixed in a point
 * release, or never), or not affected, nor how urgent it is; that is only in the tracker's list of CVEs. A package
 * without a finding is therefore one that no advisory speaks of, and an advisory over several packages counts for each.
 * Errors  FormatError without the configuration; a problem for a line that cannot be read.
 * Source  https://security-team.debian.org/security_tracker.html
 */
import { FormatError } from '#base';
import { entriesOf, textOf } from '#formats';
import type { StoredAdvisory } from '#model';
import { scheme } from '#versions';
import { defineAdvisorySource, type Feed, type Statement } from './advisory-source.js';
import { debianAdvisories, type DebianAdvisory } from './debian-list.js';
import { parseFeedJson } from './parse-feed.js';
import { isVulnerabilityId } from './vulnerability-id.js';

/** Releases since Debian's version has one number. https://wiki.debian.org/DebianReleases */
const releases = new Map(
  [
    'etch',
    'lenny',
    'squeeze',
    'wheezy',
    'jessie',
    'stretch',
    'buster',
    'bullseye',
    'bookworm',
    'trixie',
    'forky',
    'duke',
  ].map((codename, index) => [codename, index + 4] as const),
);
const before = new Set(['woody', 'sarge']);

export const debian = defineAdvisorySource({
  id: 'debian',
  title: 'Debian Security Tracker',
  url: 'https://salsa.debian.org/security-tracker-team/security-tracker',
  license: 'facts only, public',
  feed: 'debian',
  files: /(?:^|\/)D[SL]A\/list$/,
  buckets: ['debian <release>'],
  scheme: 'deb',
  async *parse(file, feed) {
    const stable = await stableRelease(feed);
    for (const advisory of debianAdvisories(await file.text())) yield* statementsOf(advisory, stable);
  },
});

async function stableRelease(feed: Feed): Promise<number> {
  const file = feed.files.find(({ path }) => /(?:^|\/)config\.json$/.test(path));
  if (!file) throw new FormatError('config.json is missing, so it is not known which releases were out');
  const stable = entriesOf(parseFeedJson(await file.text()), 'distributions').find(
    ([, distribution]) => textOf(distribution, 'release') === 'stable',
  );
  const number = releases.get(stable?.[0] ?? '');
  if (number === undefined) throw new FormatError('config.json names no stable release');
  return number;
}

function* statementsOf(advisory: DebianAdvisory, stable: number): Generator<Statement> {
  const { id, date, unread, vulnerabilities, fixes } = advisory;
  for (const line of unread)
    yield { kind: 'problem', message: `${id || 'the list'}: cannot read "${line.slice(0, 100)}"` };
  if (!id) return;
  yield { kind: 'dated', date };
  const ids = vulnerabilities.filter(isVulnerabilityId);
  for (const { codename, package: name, version } of fixes) {
    const release = releases.get(codename);
    if (release === undefined || release > stable) {
      yield before.has(codename) || release !== undefined
        ? { kind: 'skipped', why: `release ${codename}` }
        : { kind: 'problem', message: `${id}: ${codename} is not known` };
      continue;
    }
    const claim = claimOf(version);
    if (claim === 'skip') continue;
    if (!claim) {
      yield { kind: 'problem', message: `${id}: ${name} ${version} is no version` };
      continue;
    }
    for (const vulnerability of ids.length > 0 ? ids : [id])
      yield {
        kind: 'advisory',
        bucket: `debian ${release}`,
        package: name,
        id: vulnerability,
        advisory: { ...claim, ...(vulnerability !== id && { VendorIDs: [id] }) },
      };
  }
}

/** Statuses by number, as the store has them: affected, end of life. */
const states: ReadonlyMap<string, StoredAdvisory | 'skip'> = new Map<string, StoredAdvisory | 'skip'>([
  ['<unfixed>', { Status: 2 }],
  ['<end-of-life>', { Status: 7 }],
  ['<not-affected>', 'skip'],
]);

function claimOf(version: string): StoredAdvisory | 'skip' | undefined {
  return states.get(version) ?? (scheme('deb').valid(version) ? { FixedVersion: version } : undefined);
}

/** The sources that state requirements: Node.js, PHP, Ruby, Rust. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import type { AdvisorySource } from './advisory-source.js';
import { nodejsSecurityWg } from './nodejs-security-wg.js';
import { phpSecurityAdvisories } from './php-security-advisories.js';
import { advisoriesOf, assertSurvivesDamage, detailsOf, readFeed, remarksOf } from './read-feed.test.kit.js';
import { rubyAdvisoryDb } from './ruby-advisory-db.js';
import { rustsec } from './rustsec.js';

const npm = {
  id: 7,
  updated_at: '2019-02-03',
  module_name: 'Anchor',
  cves: ['CVE-2099-0001', 'CVE-2099-0001A', 'CVE-2099-0002'],
  vulnerable_versions: '<1.0.0 || >= 2.0.0 <2.1.0',
  patched_versions: '>=1.0.0 <2.0.0 || >=2.1.0',
  cvss_vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
  title: 'prose that is not kept',
};
const php = `title: prose
reference: composer://Vendor/Anchor
cve: ~
branches:
    1.0.x:
        time: 2019-04-23 22:08:00
        versions: ['>=1.0.0', '<1.0.5']
    2.0.x:
        time: ~
        versions: ['<2.0.2']
`;
const ruby = `---
gem: Anchor
cve: 2099-0001
ghsa: aaaa-bbbb-cccc
osvdb: 123
date: 2019-01-02
cvss_v2: 5.0
cvss_v3: 9.8
patched_versions: ["~> 1.1.3", ">= 1.4.0"]
unaffected_versions: ["< 1.0"]
`;
const rust = `\`\`\`toml
[advisory]
id = "RUSTSEC-2099-0001"
package = "anchor"
date = "2019-01-02"
aliases = ["CVE-2099-0001"]
cvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"

[versions]
patched = [">= 1.2.3", "0.9.4", "^ 0.8.1, <0.8.9"]
unaffected = ["< 0.5"]
\`\`\`

# Prose that is not kept
`;
const patched = { PatchedVersions: ['>= 1.2.3', '^0.9.4', '^ 0.8.1, <0.8.9'], UnaffectedVersions: ['< 0.5'] };

const samples: readonly (readonly [source: AdvisorySource, path: string, text: string, advisories: object])[] = [
  [
    nodejsSecurityWg,
    'vuln/npm/7.json',
    JSON.stringify(npm),
    Object.fromEntries(
      ['CVE-2099-0001', 'CVE-2099-0002'].map((id) => [
        `npm::Node.js Ecosystem Security Working Group/anchor ${id}`,
        {
          VulnerableVersions: ['<1.0.0', '>= 2.0.0 <2.1.0'],
          PatchedVersions: ['>=1.0.0 <2.0.0', '>=2.1.0'],
          VendorIDs: ['NSWG-ECO-7'],
        },
      ]),
    ),
  ],
  [
    phpSecurityAdvisories,
    'vendor/anchor/2019-04-23.yaml',
    php,
    {
      'composer::PHP Security Advisories Database/vendor/anchor vendor/anchor/2019-04-23': {
        VulnerableVersions: ['>=1.0.0, <1.0.5', '<2.0.2'],
      },
    },
  ],
  [
    rubyAdvisoryDb,
    'gems/anchor/CVE-2099-0001.yml',
    ruby,
    {
      'rubygems::Ruby Advisory Database/anchor CVE-2099-0001': {
        PatchedVersions: ['~> 1.1.3', '>= 1.4.0'],
        UnaffectedVersions: ['< 1.0'],
        VendorIDs: ['GHSA-aaaa-bbbb-cccc', 'OSVDB-123'],
      },
    },
  ],
  [
    rustsec,
    'crates/anchor/RUSTSEC-2099-0001.md',
    rust,
    {
      'cargo::RustSec Advisory Database/anchor CVE-2099-0001': { ...patched, VendorIDs: ['RUSTSEC-2099-0001'] },
    },
  ],
];

test('requirements become advisories', async () => {
  for (const [source, path, text, advisories] of samples) {
    const statements = await readFeed(source, { [path]: text });
    assert.deepEqual(advisoriesOf(statements), advisories, source.id);
    assert.ok(
      statements.some((s) => s.kind === 'dated' && s.date.startsWith('2019-')),
      source.id,
    );
    assert.doesNotMatch(JSON.stringify(statements), /prose/i);
  }
});

const ratings = async (index: number) => {
  const [source, path, text] = samples[index]!;
  return detailsOf(await readFeed(source, { [path]: text })).map(({ id, ratings: found }) => [id, found]);
};

test('ratings', async () => {
  const vector = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
  assert.deepEqual(await ratings(0), [
    ['CVE-2099-0001', [{ provider: 'nodejs-security-wg', vectors: [vector] }]],
    ['CVE-2099-0002', [{ provider: 'nodejs-security-wg', vectors: [vector] }]],
  ]);
  assert.deepEqual(await ratings(2), [['CVE-2099-0001', [{ provider: 'ruby-advisory-db', scores: [9.8, 5] }]]]);
  assert.equal((await ratings(3)).length, 1);
});

test('without a fix every version is vulnerable', async () => {
  const gem = await readFeed(rubyAdvisoryDb, { 'gems/a/x.yml': 'gem: a\nghsa: aaaa-bbbb-cccc\n' });
  assert.deepEqual(advisoriesOf(gem), {
    'rubygems::Ruby Advisory Database/a GHSA-aaaa-bbbb-cccc': { VulnerableVersions: ['>= 0'] },
  });
  const unfixed = rust.replace(/patched.*\nunaffected.*\n/, 'patched = []\n');
  const crate = await readFeed(rustsec, { 'crates/a/RUSTSEC-1.md': unfixed });
  assert.deepEqual(Object.values(advisoriesOf(crate)), [
    { VulnerableVersions: ['>=0.0.0-0'], VendorIDs: ['RUSTSEC-2099-0001'] },
  ]);
  const module = { ...npm, cves: [], patched_versions: null };
  assert.deepEqual(
    Object.entries(advisoriesOf(await readFeed(nodejsSecurityWg, { 'npm/7.json': JSON.stringify(module) }))),
    [
      [
        'npm::Node.js Ecosystem Security Working Group/anchor NSWG-ECO-7',
        { VulnerableVersions: ['<1.0.0', '>= 2.0.0 <2.1.0'] },
      ],
    ],
  );
});

const variant = async (line: string) =>
  remarksOf(await readFeed(rustsec, { 'crates/a/R.md': rust.replace('date =', `${line}\ndate =`) }));

test('crates: withdrawn advisories and warnings of another kind are left out, unsound ones are not', async () => {
  assert.deepEqual(await variant('withdrawn = "2020-01-01"'), ['withdrawn']);
  assert.deepEqual(await variant('informational = "unmaintained"'), ['unmaintained']);
  assert.deepEqual(await variant('informational = "notice"'), ['notice']);
  assert.deepEqual(await variant('informational = "unsound"'), []);
});

test('only files of packages are read', async () => {
  const others: readonly (readonly [AdvisorySource, string])[] = [
    [nodejsSecurityWg, 'vuln/core/1.json'],
    [nodejsSecurityWg, 'vuln/npm/index.json'],
    [phpSecurityAdvisories, '.github/workflows/php.yaml'],
    [phpSecurityAdvisories, 'composer.json'],
    [rubyAdvisoryDb, 'rubies/jruby/CVE-2010-1330.yml'],
    [rustsec, 'rust/std/CVE-2015-20001.md'],
    [rustsec, 'README.md'],
  ];
  for (const [source, path] of others) assert.ok(!source.files.test(path), path);
});

test('wrong ids are problems; files without their essentials are refused', async () => {
  assert.deepEqual(remarksOf(await readFeed(nodejsSecurityWg, { 'npm/7.json': JSON.stringify(npm) })), [
    'NSWG-ECO-7: CVE-2099-0001A is no CVE id',
  ]);
  const bad = php.replace('cve: ~', 'cve: 2099');
  assert.deepEqual(remarksOf(await readFeed(phpSecurityAdvisories, { 'v/a/x.yaml': bad })), ['2099 is no CVE id']);
  const refused: readonly (readonly [AdvisorySource, string, string])[] = [
    [nodejsSecurityWg, 'npm/7.json', '{}'],
    [nodejsSecurityWg, 'npm/7.json', JSON.stringify({ ...npm, vulnerable_versions: null, patched_versions: '' })],
    [phpSecurityAdvisories, 'v/a/x.yaml', 'reference: https://example.org'],
    [phpSecurityAdvisories, 'v/a/x.yaml', 'reference: composer://v/a'],
    [rubyAdvisoryDb, 'gems/a/x.yml', 'gem: a'],
    [rubyAdvisoryDb, 'gems/a/x.yml', 'cve: 2099-0001'],
    [rustsec, 'crates/a/R.md', '# title'],
    [rustsec, 'crates/a/R.md', '```toml\n[advisory]\n'],
    [rustsec, 'crates/a/R.md', '```toml\n[advisory]\npackage = "a"\n```\n'],
  ];
  for (const [source, path, text] of refused)
    await assert.rejects(readFeed(source, { [path]: text }), FormatError, `${source.id} ${text}`);
});

test('damage', async () => {
  for (const [source, path, text] of samples) await assertSurvivesDamage(source, path, { [path]: text });
});

/** The sources of details: CISA's catalogue of exploited vulnerabilities and the facts of CVE records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FormatError } from '#base';
import { cisaKev } from './cisa-kev.js';
import { firstEpss } from './first-epss.js';
import { cisaVulnrichment } from './cisa-vulnrichment.js';
import { assertSurvivesDamage, readFeed, remarksOf } from './read-feed.test.kit.js';

const kev = JSON.stringify({
  dateReleased: '2099-03-04T00:00:00Z',
  vulnerabilities: [
    { cveID: 'CVE-2099-0001', dateAdded: '2099-01-01', dueDate: '2099-01-22', knownRansomwareCampaignUse: 'Known' },
    {
      cveID: 'CVE-2099-0002',
      dateAdded: '2099-01-02',
      knownRansomwareCampaignUse: 'Unknown',
      shortDescription: 'prose',
    },
    { cveID: 'CVE-2099-0003' },
    7,
  ],
});
const kevPath = 'known_exploited_vulnerabilities.json';

test('exploited vulnerabilities', async () => {
  const statements = await readFeed(cisaKev, { [kevPath]: kev });
  assert.deepEqual(statements, [
    { kind: 'dated', date: '2099-03-04T00:00:00Z' },
    { kind: 'exploited', id: 'CVE-2099-0001', added: '2099-01-01', due: '2099-01-22', ransomware: true },
    { kind: 'exploited', id: 'CVE-2099-0002', added: '2099-01-02' },
    { kind: 'problem', message: 'CVE-2099-0003: no CVE id or no date' },
    { kind: 'problem', message: 'an entry: no CVE id or no date' },
  ]);
  await assert.rejects(readFeed(cisaKev, { [kevPath]: '{}' }), FormatError);
});

const epss = [
  '#model_version:v2099.01.01,score_date:2099-03-04T00:00:00+0000',
  'cve,epss,percentile',
  'CVE-2099-0001,0.00042,0.05',
  'CVE-2099-0002,1.2e-05,0.5',
  'CVE-2099-0003,1.5,0.5',
  'GHSA-x,0.1,0.1',
  'CVE-2099-0004,0.1',
  '',
].join('\n');

test('probabilities of exploitation, also compressed', async () => {
  const expected = [
    { kind: 'dated', date: '2099-03-04' },
    { kind: 'probability', id: 'CVE-2099-0001', score: 0.00042, percentile: 0.05 },
    { kind: 'probability', id: 'CVE-2099-0002', score: 0.000012, percentile: 0.5 },
    { kind: 'problem', message: 'line 5: not a row of this table' },
    { kind: 'problem', message: 'line 6: not a row of this table' },
    { kind: 'problem', message: 'line 7: not a row of this table' },
  ];
  assert.deepEqual(await readFeed(firstEpss, { 'epss_scores-2099-03-04.csv': epss }), expected);
  assert.deepEqual(await readFeed(firstEpss, { 'epss_scores-current.csv.gz': gzipSync(epss) }), expected);
  for (const [name, bytes] of [
    ['epss_scores-current.csv.gz', 'no gzip'],
    ['epss_scores-current.csv', 'cve,score\n'],
    ['epss_scores-current.csv', ''],
  ] as const)
    await assert.rejects(readFeed(firstEpss, { [name]: bytes }), FormatError);
});

const header = 'id\tpublished\tmodified\tstate\tcwes\tcvss\texploitation\tautomatable\ttechnical_impact\tkev_added';
const facts = `${header}
CVE-2099-0001\t2099-01-01T02:00:00\t2099-02-01T02:00:00\tPUBLISHED\tCWE-79 CWE-20 nonsense\tcna=CVSS:3.1/AV:N cna=AV:N cisa-adp=CVSS:4.0/AV:N junk\tPoC\tNo\tTotal\t
CVE-2099-0002\t\t2099-02-02T02:00:00\tREJECTED\t\t\t\t\t\t
CVE-2099-0003\t\t\tPUBLISHED\t\t\t\t\t\t
nonsense\t\t\tPUBLISHED\t\t\t\t\t\t
CVE-2099-0004\tshort
`;

test('facts of CVE records', async () => {
  const statements = await readFeed(cisaVulnrichment, { 'cve-facts.tsv': facts });
  assert.deepEqual(statements, [
    { kind: 'dated', date: '2099-02-01T02:00:00Z' },
    {
      kind: 'details',
      id: 'CVE-2099-0001',
      ratings: [
        { provider: 'cna', vectors: ['CVSS:3.1/AV:N', 'AV:N'] },
        { provider: 'cisa-adp', vectors: ['CVSS:4.0/AV:N'] },
      ],
      weaknesses: ['CWE-79', 'CWE-20'],
      published: '2099-01-01T02:00:00Z',
      modified: '2099-02-01T02:00:00Z',
    },
    { kind: 'decision', id: 'CVE-2099-0001', exploitation: 'poc', automatable: 'no', technicalImpact: 'total' },
    { kind: 'details', id: 'CVE-2099-0002', rejected: true },
    { kind: 'details', id: 'CVE-2099-0003', ratings: [], weaknesses: [] },
    { kind: 'problem', message: 'line 5: not a row of this table' },
    { kind: 'problem', message: 'line 6: not a row of this table' },
  ]);
});

/** `xz -9e` of the header and one row. */
const compressed = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ACMAHtdADSY/Sbqdi4r7dqdMlMKD1RWZQ6i4E/zHOPUixytmjLF5qPJ1sFtmXoouTG7aeKHraXXclAp9TToMAIjWIwNBfLDemmQoNH7X5dH5daOgi7yhDJDryK7NZJES7tFcCl00QGcj84U7kZZQ2x5Cuz7mh3n8N2c6hkb67oAAAAAxGKxz51JJz8AAZcBjQEAAEffp+CxxGf7AgAAAAAEWVo=',
  'base64',
);

test('the table compressed with xz, and damaged', async () => {
  const files = { 'cve-facts.tsv.xz': compressed };
  assert.deepEqual(await readFeed(cisaVulnrichment, files), [
    { kind: 'dated', date: '2099-02-01T02:00:00Z' },
    { kind: 'details', id: 'CVE-2099-0009', ratings: [], weaknesses: [], modified: '2099-02-01T02:00:00Z' },
  ]);
  await assertSurvivesDamage(cisaVulnrichment, 'cve-facts.tsv.xz', files);
});

test('a table of other columns is refused', async () => {
  for (const text of ['', 'id\tpublished\n', facts.replace('cvss', 'score')])
    await assert.rejects(readFeed(cisaVulnrichment, { 'cve-facts.tsv': text }), FormatError);
});

test('damage', async () => {
  await assertSurvivesDamage(firstEpss, 'epss_scores-a.csv', { 'epss_scores-a.csv': epss });
  await assertSurvivesDamage(cisaKev, kevPath, { [kevPath]: kev });
  await assertSurvivesDamage(cisaVulnrichment, 'cve-facts.tsv', { 'cve-facts.tsv': facts });
  assert.deepEqual(remarksOf(await readFeed(cisaKev, { other: '' })), []);
});

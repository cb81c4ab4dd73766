import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { PratiqueError } from '#base';
import { openBolt } from '#formats';
import { advisorySources } from '../sources/registry.js';
import { openAdvisoryStore, type AdvisoryStore } from '../store/advisory-store.js';
import { readDatabaseMetadata } from '../store/database-metadata.js';
import { buildDatabase, type BuildResult } from './build-database.js';

const folder = mkdtempSync(join(tmpdir(), 'build-'));
after(() => rmSync(folder, { recursive: true }));

let count = 0;
function feeds(files: Readonly<Record<string, string>>): string {
  const directory = join(folder, `feeds-${count++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

const now = new Date('2099-05-06T07:08:09.123Z');
const build = (from: string): Promise<BuildResult> =>
  buildDatabase({ from, output: join(folder, `out-${count++}`), now, signal: new AbortController().signal });
const secdb = (release: string, fixes: object): string =>
  JSON.stringify({ distroversion: release, packages: [{ pkg: { name: 'anchor', secfixes: fixes } }] });
const osv = (id: string, aliases: readonly string[], fixed: string): string =>
  JSON.stringify({
    id,
    aliases,
    modified: '2099-02-03T00:00:00Z',
    affected: [
      { package: { name: 'example.org/a', ecosystem: 'Go' }, ranges: [{ events: [{ introduced: '0' }, { fixed }] }] },
    ],
  });
const rejected = 'CVE-2099-0003';
const columns = 'id\tpublished\tmodified\tstate\tcwes\tcvss\texploitation\tautomatable\ttechnical_impact';
const whole = {
  'alpine/v9.9/main.json': secdb('v9.9', { '1-r0': ['CVE-2099-0001', rejected], '2-r0': ['CVE-2099-0001'] }),
  'alpine/v9.10/main.json': secdb('v9.10', { '1-r0': [rejected] }),
  'go/data/osv/GO-2099-0001.json': osv('GO-2099-0001', ['CVE-2099-0001'], '1.2'),
  'go/data/osv/GO-2099-0002.json': osv('GO-2099-0002', [], '1.3'),
  'go/data/osv/GO-2099-0003.json': '{"id":',
  'kev/known_exploited_vulnerabilities.json': JSON.stringify({
    dateReleased: '2099-01-01',
    vulnerabilities: [
      { cveID: 'CVE-2099-0001', dateAdded: '2099-01-01', dueDate: '2099-02-01', knownRansomwareCampaignUse: 'Known' },
      { cveID: 'CVE-2099-7777', dateAdded: '2099-01-01' },
    ],
  }),
  'epss/epss_scores-current.csv':
    '#model_version:v1,score_date:2099-01-05T00:00:00+0000\ncve,epss,percentile\nCVE-2099-0001,0.42,0.9\nCVE-2099-7777,0.1,0.2\n',
  'cve-facts.tsv': [
    columns,
    'CVE-2099-0001\t2099-01-01T00:00:00\t2099-01-02T00:00:00\tPUBLISHED\tCWE-79\tcna=CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\tactive\tyes\ttotal',
    `${rejected}\t\t\tREJECTED\t\t\t\t\t`,
    'CVE-2099-8888\t\t\tPUBLISHED\tCWE-1\t\tnone\tno\tpartial',
  ].join('\n'),
  'feeds.json': '{"alpine": "2098-12", "go": "someday", "kev": 7}',
};

function open(result: BuildResult): AdvisoryStore {
  const metadata = readDatabaseMetadata(join(dirname(result.path), 'metadata.json'));
  assert.ok(metadata);
  const store = openAdvisoryStore({ path: result.path }, metadata);
  store.verify();
  return store;
}

test('the database has the layout that the reference reads, and our buckets beside it', async () => {
  const result = await build(feeds(whole));
  const store = open(result);
  const bucket = 'go::The Go Vulnerability Database';
  assert.deepEqual(store.buckets(), [
    'EPSS',
    'KEV',
    'SSVC',
    'alpine 9.9',
    'data-source',
    bucket,
    'provenance',
    'vulnerability',
  ]);
  const source = { id: 'alpine', name: 'Alpine Secdb', url: 'https://secdb.alpinelinux.org/' };
  assert.deepEqual(store.advisories('alpine 9.9', 'anchor'), [
    { id: 'CVE-2099-0001', bucket: 'alpine 9.9', source, advisory: { FixedVersion: '2-r0' } },
  ]);
  assert.deepEqual(
    store.advisoriesByPrefix('go::', 'example.org/a').map(({ id, advisory }) => [id, advisory]),
    [
      ['CVE-2099-0001', { VulnerableVersions: ['<1.2'], VendorIDs: ['GO-2099-0001'] }],
      ['GO-2099-0002', { VulnerableVersions: ['<1.3'] }],
    ],
  );
  assert.deepEqual(store.vulnerability('CVE-2099-0001'), {
    Severity: 'CRITICAL',
    CweIDs: ['CWE-79'],
    VendorSeverity: { cna: 4 },
    CVSS: { cna: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8 } },
    PublishedDate: '2099-01-01T00:00:00Z',
    LastModifiedDate: '2099-01-02T00:00:00Z',
  });
  for (const id of [rejected, 'CVE-2099-8888']) assert.equal(store.vulnerability(id), undefined);
  assert.deepEqual(store.vulnerability('GO-2099-0002'), {});
  store.close();
});

test('what is known beyond advisories, for the ids that they name', async () => {
  const { path } = await build(feeds(whole));
  const { root } = openBolt(readFileSync(path));
  const values = (bucket: string) =>
    [...(root.get(bucket)?.bucket?.items() ?? [])].map(({ keyText, valueText }) => [keyText, JSON.parse(valueText!)]);
  assert.deepEqual(values('KEV'), [
    ['CVE-2099-0001', { DateAdded: '2099-01-01', DueDate: '2099-02-01', Ransomware: true }],
  ]);
  assert.deepEqual(values('SSVC'), [
    ['CVE-2099-0001', { Exploitation: 'active', Automatable: 'yes', TechnicalImpact: 'total' }],
  ]);
  assert.deepEqual(values('EPSS'), [['CVE-2099-0001', { Score: 0.42, Percentile: 0.9 }]]);
  const provenance = Object.fromEntries(values('provenance'));
  assert.deepEqual(Object.keys(provenance), ['alpine', 'cisa-kev', 'cisa-vulnrichment', 'first-epss', 'govulndb']);
  assert.deepEqual(provenance['govulndb'], {
    Name: 'The Go Vulnerability Database',
    URL: 'https://pkg.go.dev/vuln/',
    License: 'CC-BY-4.0',
    Date: '2099-02-03',
    Advisories: 2,
  });
  assert.equal(provenance['alpine'].Date, '2098-12');
});

test('the result tells what was read, and what was not', async () => {
  const result = await build(feeds(whole));
  assert.deepEqual(result.releases, ['alpine 9.9']);
  assert.equal(result.vulnerabilities, 1);
  assert.deepEqual(
    result.sources.map(({ source, files, malformed, advisories }) => [source.id, files, malformed, advisories]),
    [
      ['alpine', 2, 0, 1],
      ['cisa-kev', 1, 0, 0],
      ['cisa-vulnrichment', 1, 0, 0],
      ['first-epss', 1, 0, 0],
      ['govulndb', 3, 1, 2],
    ],
  );
  assert.equal(result.absent.length, advisorySources.length - 5);
  assert.deepEqual(result.diagnostics, [
    {
      code: 'db-build/malformed-file',
      severity: 'error',
      message: 'govulndb: not JSON',
      path: 'data/osv/GO-2099-0003.json',
    },
  ]);
  assert.deepEqual(readDatabaseMetadata(join(dirname(result.path), 'metadata.json')), {
    version: 2,
    updatedAt: '2099-05-06T07:08:09Z',
    nextUpdate: '2099-05-07T07:08:09Z',
    downloadedAt: '0001-01-01T00:00:00Z',
  });
});

test('the same feeds give the same bytes', async () => {
  const [a, b] = [
    await build(feeds(whole)),
    await build(feeds(Object.fromEntries(Object.entries(whole).toReversed()))),
  ];
  assert.ok(readFileSync(a.path).equals(readFileSync(b.path)));
});

test('many problems are cut short, and counted', async () => {
  const fixes = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}-r0`, ['no id']]));
  const { diagnostics } = await build(
    feeds({ ...whole, 'alpine/v9.9/more.json': secdb('v9.9', fixes), 'pypa/README.md': '' }),
  );
  const unusable = diagnostics.filter(({ code }) => code === 'db-build/unusable');
  assert.equal(unusable.length, 21);
  assert.equal(unusable.at(-1)?.message, 'alpine: 10 more problems like these');
  assert.ok(diagnostics.some(({ code, message }) => code === 'db-build/empty-feed' && message.startsWith('pypa')));
});

const code = (expected: string) => (error: unknown) => error instanceof PratiqueError && error.code === expected;

test('a directory that is missing or without advisories is an error, and nothing is written', async () => {
  await assert.rejects(build(join(folder, 'nowhere')), code('file/not-found'));
  await assert.rejects(build(join(feeds({ file: '' }), 'file')), code('file/unreadable'));
  const { 'cve-facts.tsv': facts } = whole;
  for (const files of [{ 'other/file': '' }, { 'cve-facts.tsv': facts }, { 'go/GO-2099-0001.json': '{' }])
    await assert.rejects(build(feeds(files as Record<string, string>)), code('db/no-feeds'));
});

test('an aborted build stops', async () => {
  const controller = new AbortController();
  controller.abort(new PratiqueError('scan/interrupted'));
  const building = buildDatabase({ from: feeds(whole), output: join(folder, 'never'), now, signal: controller.signal });
  await assert.rejects(building, (error) => error instanceof PratiqueError && error.code === 'scan/interrupted');
});

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fakeWorld, type FakeWorld } from '#platform/fakes';
import { main } from '../main.js';

const vulnerability = (id: string, severity: string): object => ({
  VulnerabilityID: id,
  PkgName: 'p',
  InstalledVersion: '1',
  Status: 'fixed',
  Severity: severity,
});

const report = {
  SchemaVersion: 2,
  CreatedAt: '2026-01-01T00:00:00Z',
  ArtifactName: 'app',
  ArtifactType: 'filesystem',
  Metadata: { OS: { Family: 'debian', Name: '8', EOSL: true } },
  Results: [
    {
      Target: 'package-lock.json',
      Class: 'lang-pkgs',
      Type: 'npm',
      Vulnerabilities: [vulnerability('CVE-1', 'HIGH'), vulnerability('CVE-2', 'LOW')],
    },
  ],
};

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'convert-'));
  await writeFile(join(cwd, 'report.json'), JSON.stringify(report));
  await writeFile(join(cwd, 'ids'), 'CVE-1\nCVE-9\nCVE-2 exp:2020-01-01\n');
});
after(() => rm(cwd, { recursive: true }));

async function run(...args: readonly string[]): Promise<FakeWorld & { readonly code: number }> {
  const world = fakeWorld({ cwd });
  return { ...world, code: await main(['convert', ...args], world) };
}

const ids = (text: string): readonly string[] =>
  (JSON.parse(text) as { Results: { Vulnerabilities?: { VulnerabilityID: string }[] }[] }).Results.flatMap((r) =>
    (r.Vulnerabilities ?? []).map((v) => v.VulnerabilityID),
  );

test('a report is filtered anew', async () => {
  const { written } = await run('--format', 'json', '--severity', 'HIGH', 'report.json');
  assert.deepEqual(ids(written.stdout), ['CVE-1']);
});

test('ignored findings are shown when asked for; expired and unused entries are told', async () => {
  const { written } = await run('--format', 'json', '--ignorefile', 'ids', '--show-suppressed', 'report.json');
  assert.deepEqual(ids(written.stdout), ['CVE-2']);
  const { Results } = JSON.parse(written.stdout) as { Results: Record<string, object[]>[] };
  assert.deepEqual(
    Results[0]?.['ExperimentalModifiedFindings']?.map((m) => ({ ...m, Finding: undefined })),
    [{ Type: 'vulnerability', Status: 'ignored', Statement: '', Source: 'ids', Finding: undefined }],
  );
  assert.match(written.stderr, /CVE-2 \(line 3\) expired on 2020-01-01/);
  assert.match(written.stderr, /CVE-9 \(line 2\) met no finding/);
});

test('the table has the suppressed ones apart', async () => {
  const { written } = await run('--ignorefile', 'ids', '--show-suppressed', 'report.json');
  assert.match(written.stdout, /Suppressed Vulnerabilities \(Total: 1\)\n=+\n┌/);
  assert.match(written.stdout, /│ p +│ CVE-1 +│ HIGH +│ ignored │ N\/A +│ ids +│/);
});

test('several outputs in one run', async () => {
  const { code, written } = await run('--output', 'json=a.json', '--output', 'table=dir/b.txt', 'report.json');
  assert.equal(code, 0);
  assert.equal(written.stdout, '');
  assert.deepEqual(ids(await readFile(join(cwd, 'a.json'), 'utf8')), ['CVE-1', 'CVE-2']);
  assert.match(await readFile(join(cwd, 'dir/b.txt'), 'utf8'), /Report Summary/);
  assert.deepEqual(await readdir(join(cwd, 'dir')), ['b.txt']);
});

test('standard output is written beside files when its format is given; of plain paths the last one counts', async () => {
  assert.deepEqual(ids((await run('-f', 'json', '-o', 'table=c.txt', 'report.json')).written.stdout), [
    'CVE-1',
    'CVE-2',
  ]);
  const { written } = await run('-f', 'json', '-o', 'd1.json', '-o', 'd2,x=1.json', 'report.json');
  assert.equal(written.stdout, '');
  const files = await readdir(cwd);
  assert.ok(files.includes('d2,x=1.json') && !files.includes('d1.json'));
});

test('exit codes: end of support, findings that are left, neither', async () => {
  const cases: readonly (readonly [readonly string[], number])[] = [
    [['--exit-code', '5'], 5],
    [['--exit-code', '5', '--exit-on-eol', '7'], 7],
    [['--exit-code', '5', '--severity', 'CRITICAL'], 0],
    [['--exit-code', '5', '--severity', 'HIGH', '--ignorefile', 'ids'], 0],
    [[], 0],
  ];
  for (const [args, code] of cases) assert.equal((await run(...args, 'report.json')).code, code, args.join(' '));
});

test('mistakes are one line that says where', async () => {
  await writeFile(join(cwd, 'bad.json'), '{"SchemaVersion": 2, "Results": [{"Vulnerabilities": [{"PkgName": 7}]}]}');
  await writeFile(join(cwd, 'k8s.json'), '{"ClusterName": "c", "Resources": []}');
  await writeFile(join(cwd, 'p.rego'), 'package trivy\nignore { http.send({}) }');
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /needs a path/],
    [['nope.json'], /nope\.json: no such file/],
    [['bad.json'], /bad\.json: Results\[0\]\.Vulnerabilities\[0\]\.PkgName is of type number/],
    [['k8s.json'], /clusters/],
    [['--ignorefile', 'nope', 'report.json'], /nope: no such file/],
    [['--ignore-policy', 'p.rego', 'report.json'], /p\.rego: line 2, column 10: http\.send is not allowed/],
    [['--vex', 'ids', 'report.json'], /ids: not JSON: .*line 1/],
    [['--vex', 'oci', 'report.json'], /--vex oci: it is for images/],
    [['-o', 'json=', 'report.json'], /FORMAT=FILE/],
    [['-o', 'json=x', '-o', 'table=x', 'report.json'], /names x for two formats/],
    [['--table-mode', 'summary', '-f', 'json', 'report.json'], /--table-mode is for/],
  ];
  for (const [args, message] of cases) {
    const { code, written } = await run(...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(written.stderr, message);
    assert.equal(written.stdout, '');
  }
});

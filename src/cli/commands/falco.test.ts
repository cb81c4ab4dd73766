import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import { main } from '../main.js';

const report = {
  SchemaVersion: 2,
  CreatedAt: '2026-01-01T00:00:00Z',
  ArtifactName: 'alpine:3.10',
  ArtifactType: 'container_image',
  Metadata: { RepoTags: ['alpine:3.10'] },
  Results: [
    {
      Target: 'usr/bin/tool',
      Class: 'lang-pkgs',
      Type: 'gobinary',
      Vulnerabilities: [
        { VulnerabilityID: 'CVE-2026-1', PkgName: 'p', InstalledVersion: '1', Status: 'fixed', Severity: 'HIGH' },
      ],
    },
  ],
};

let cwd = '';
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'falco-'));
  await writeFile(join(cwd, 'report.json'), JSON.stringify(report));
  await writeFile(join(cwd, 'folder.json'), JSON.stringify({ ...report, ArtifactType: 'filesystem' }));
  await writeFile(join(cwd, 'broken.json'), '{"SchemaVersion": 3, "ArtifactName": "a"}');
});
after(() => rm(cwd, { recursive: true }));

async function run(line: string) {
  const world = fakeWorld({ cwd });
  return { code: await main(line.split(' '), world), ...world.written };
}

test('falco rules writes to standard output, or to a file', async () => {
  const { code, stdout } = await run('falco rules report.json folder.json');
  assert.equal(code, 0);
  assert.match(stdout, /- list: pratique_high_tags\n {2}items:\n {4}- '"alpine:3\.10"'/);
  assert.equal((await run('falco rules --report report.json --output rules.yaml')).code, 0);
  assert.equal(await readFile(join(cwd, 'rules.yaml'), 'utf8'), stdout);
});

const digest = `sha256:${'a'.repeat(64)}`;

test('falco rules reads the report of a cluster, and says which images it knows nothing of', async () => {
  const { Results, Metadata } = report;
  const Pratique = { Image: 'ghcr.io/acme/api:v1', Digest: digest, Containers: ['main'] };
  const Resources = [
    { Kind: 'Deployment', Name: 'web', Metadata: [{ ...Metadata, RepoTags: [] }], Results, Pratique },
    { Kind: 'Pod', Name: 'gone', Error: 'not found', Pratique: { Image: 'ghcr.io/acme/gone:1' } },
    { Namespace: 'hidden', Kind: 'Pod', Name: '*', Error: 'forbidden' },
  ];
  await writeFile(join(cwd, 'cluster.json'), JSON.stringify({ ClusterName: 'test', Resources }));
  const { code, stdout, stderr } = await run('falco rules cluster.json');
  assert.equal(code, 0);
  assert.match(stdout, /- list: pratique_high_tags\n {2}items:\n {4}- '"ghcr\.io\/acme\/api:v1"'\n\n/);
  assert.match(stdout, new RegExp(`pratique_high_digests\n {2}items:\n {4}- '"${digest}"'`));
  assert.match(stderr, /not scanned.*ghcr\.io\/acme\/gone:1/);
  assert.match(stderr, /not scanned.*Pod\/\*/);
  await writeFile(join(cwd, 'summary.json'), JSON.stringify({ ClusterName: 'test', Findings: Resources }));
  assert.match((await run('falco rules summary.json')).stderr, /summary\.json: .*--report all/);
});

test('falco rules reads VulnerabilityReport resources', async () => {
  const vulnerability = { vulnerabilityID: 'CVE-1', resource: 'p', installedVersion: '1', fixedVersion: '2' };
  const artifact = { repository: 'acme/api', tag: 'v1', digest };
  const resource = (severity: string, more: object) => ({
    kind: 'VulnerabilityReport',
    report: { registry: { server: 'ghcr.io' }, artifact, ...more, vulnerabilities: [{ ...vulnerability, severity }] },
  });
  const items = [
    resource('CRITICAL', { summary: {} }),
    resource('LOW', { artifact: { repository: 'acme/failed', tag: '1' } }),
    { kind: 'SbomReport', report: {} },
  ];
  await writeFile(join(cwd, 'list.json'), JSON.stringify({ kind: 'List', items }));
  const { code, stdout, stderr } = await run('falco rules list.json');
  assert.equal(code, 0);
  assert.match(stdout, /- list: pratique_critical_tags\n {2}items:\n {4}- '"ghcr\.io\/acme\/api:v1"'\n\n/);
  assert.match(stdout, new RegExp(`pratique_critical_digests\n {2}items:\n {4}- '"${digest}"'`));
  assert.match(stderr, /not scanned.*ghcr\.io\/acme\/failed:1/);

  const one = resource('LOW', { summary: {} });
  const [listed] = one.report.vulnerabilities;
  const exploited = { ...one.report, vulnerabilities: [{ ...listed, pratique: { knownExploited: true } }] };
  await writeFile(join(cwd, 'one.json'), JSON.stringify({ ...one, report: exploited }));
  assert.match((await run('falco rules one.json')).stdout, /pratique_exploited_tags\n {2}items:\n {4}- '"ghcr/);
});

test('what the commands cannot do is said', async () => {
  const cases = [
    ['falco rules', /give at least one JSON report/],
    ['falco rules missing.json', /missing\.json: no such file/],
    ['falco rules broken.json', /broken\.json: SchemaVersion is 3/],
    ['falco rules -o a -o b report.json', /writes one file/],
    ['falco listen --listen nowhere report.json', /HOST:PORT/],
    ['falco listen', /give at least one JSON report/],
  ] as const;
  for (const [line, message] of cases) {
    const { code, stderr } = await run(line);
    assert.equal(code, 1, line);
    assert.match(stderr, message);
  }
});

test('falco listen writes events until it is told to end', async () => {
  const controller = new AbortController();
  const world = fakeWorld({ cwd, signal: controller.signal });
  let port = '';
  const log = world.stderr.write.bind(world.stderr);
  const listening = new Promise<void>((resolve) => {
    Object.assign(world.stderr, {
      write: async (chunk: string) => {
        await log(chunk);
        port = /port=(\d+)/.exec(world.written.stderr)?.[1] ?? '';
        if (port !== '') resolve();
      },
    });
  });
  const ended = main('falco listen --report report.json --listen 127.0.0.1:0 -o events.jsonl'.split(' '), world);
  await Promise.race([listening, ended]);
  const body = JSON.stringify({
    time: '2026-01-01T00:00:00Z',
    rule: 'r',
    priority: 'Notice',
    output_fields: { 'container.image': 'alpine:3.10', 'proc.exepath': '/usr/bin/tool' },
  });
  assert.equal((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status, 200);
  controller.abort();
  assert.equal(await ended, 0);
  assert.match(await readFile(join(cwd, 'events.jsonl'), 'utf8'), /"match":"tag".*"id":"CVE-2026-1".*\n$/);
});

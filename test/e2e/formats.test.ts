/** Bills of materials, SARIF and the other formats, as the program writes them; licenses as findings. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { alpineImage, writeTree } from './kit/images.js';
import { pratique, type Ran } from './kit/program.js';
import { reportOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { at, folder, cache } = workplace();
writeTree(at('root'), alpineImage().layers);
writeTree(at('other'), [
  [
    { name: 'etc/os-release', content: 'NAME="CoreOS"\nID=coreos\nVERSION_ID=1\n' },
    { name: 'lib/apk/db/installed', content: 'P:thing\nV:1-r0\nA:x86_64\nL:GPL-2.0-only\n\n' },
  ],
]);
const withDatabase = ['--cache-dir', cache, '--skip-db-update', '--quiet'];
const rootfs = (...more: string[]): Promise<Ran> => pratique(['rootfs', '--quiet', ...more], { cwd: folder });

interface Bill {
  readonly components: readonly { name: string; hashes?: { content: string }[] }[];
  readonly vulnerabilities: readonly { id: string }[];
}
const billOf = (ran: Ran): Bill => JSON.parse(ran.stdout) as Bill;

test('a bill of materials needs no database, and lists the packages of systems without advisories', async () => {
  for (const format of ['cyclonedx', 'spdx', 'spdx-json']) {
    const ran = await rootfs('--format', format, '--cache-dir', at('empty'), '--skip-db-update', 'other');
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /\bthing\b/);
  }
  assert.ok(!existsSync(at('empty/db')));
});

test('vulnerabilities are in it when asked for', async () => {
  const asked = await rootfs('--format', 'cyclonedx', '--scanners', 'vuln', ...withDatabase, 'root');
  assert.ok(
    billOf(asked).vulnerabilities.some(({ id }) => id === 'CVE-2099-0001'),
    asked.stderr,
  );
  const configured = await pratique(['rootfs', '--format', 'cyclonedx', ...withDatabase, 'root'], {
    cwd: folder,
    env: { TRIVY_SCANNERS: 'vuln' },
  });
  assert.ok(billOf(configured).vulnerabilities.length > 0);
  const plain = await rootfs('--format', 'cyclonedx', ...withDatabase, 'root');
  assert.deepEqual(billOf(plain).vulnerabilities, []);
});

test('the files that show installed packages are hashed', async () => {
  const { components } = billOf(await rootfs('--format', 'cyclonedx', '--cache-dir', at('empty'), 'root'));
  const content = readFileSync(at('root/app/node_modules/made-parser/package.json'));
  const sha1 = createHash('sha1').update(content).digest('hex');
  assert.equal(components.find(({ name }) => name === 'made-parser')?.hashes?.[0]?.content, sha1);
});

test('reproducible reports have the same bytes, and the time they are given', async () => {
  for (const format of ['json', 'cyclonedx', 'spdx', 'spdx-json', 'sarif', 'github', 'cosign-vuln', 'table']) {
    const args = ['rootfs', '--format', format, '--reproducible', ...withDatabase, 'root'];
    const runs = [await pratique(args, { cwd: folder }), await pratique(args, { cwd: folder })];
    assert.equal(runs[0]!.code, 0, runs[0]!.stderr);
    assert.equal(runs[0]!.stdout, runs[1]!.stdout, format);
  }
  const args = ['rootfs', '--format', 'cyclonedx', '--reproducible', ...withDatabase, 'root'];
  const dated = await pratique(args, { cwd: folder, env: { SOURCE_DATE_EPOCH: '1700000000' } });
  assert.match(dated.stdout, /"timestamp": "2023-11-14T22:13:20\+00:00"/);
});

test('SARIF is relative to the directory that was scanned', async () => {
  const ran = await rootfs('--format', 'sarif', ...withDatabase, 'root');
  const [run] = (JSON.parse(ran.stdout) as { runs: [{ results: unknown[]; originalUriBaseIds: unknown }] }).runs;
  assert.deepEqual(run.originalUriBaseIds, { ROOTPATH: { uri: `file://${at('root')}/` } });
  assert.equal(run.results.length, 4);
});

test('a dependency snapshot names the run of GitHub Actions', async () => {
  const env = {
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'abc',
    GITHUB_WORKFLOW: 'w',
    GITHUB_JOB: 'j',
    GITHUB_RUN_ID: '7',
  };
  const ran = await pratique(['rootfs', '--format', 'github', ...withDatabase, 'root'], { cwd: folder, env });
  const { ref, sha, job } = JSON.parse(ran.stdout) as Record<string, unknown>;
  assert.deepEqual([ref, sha, job], ['refs/heads/main', 'abc', { correlator: 'w_j', id: '7' }]);
});

test('licenses are findings of their own, and count for the exit code', async () => {
  const scan = ['--scanners', 'license', '--cache-dir', at('empty')];
  const ran = await rootfs('--format', 'json', ...scan, '--exit-code', '3', 'root');
  assert.equal(ran.code, 3);
  const licenses = (reportOf(ran).Results ?? []).filter((result) => result.Class === 'license');
  assert.deepEqual(
    licenses.map((result) => result.Target),
    ['OS Packages', 'Node.js'],
  );
  const grave = await rootfs('--format', 'table', ...scan, '--severity', 'HIGH', '--exit-code', '3', 'root');
  assert.equal(grave.code, 0, grave.stdout);
  const ignored = await rootfs('--format', 'json', ...scan, '--ignored-licenses', 'MIT,GPL-2.0-only', 'other');
  assert.equal((reportOf(ignored).Results ?? []).flatMap(({ Licenses }) => Licenses ?? []).length, 0, ignored.stdout);
  writeFileSync(at('licenses.yaml'), 'license:\n  notice: [GPL-2.0-only]\n');
  const moved = await rootfs('--format', 'table', ...scan, '--config', at('licenses.yaml'), 'other');
  assert.match(moved.stdout, /thing\s+│ GPL-2\.0-only\s+│ notice\s+│ LOW/);
  const table = await rootfs('--format', 'table', ...scan, 'other');
  assert.match(table.stdout, /thing\s+│ GPL-2\.0-only\s+│ restricted\s+│ HIGH/);
});

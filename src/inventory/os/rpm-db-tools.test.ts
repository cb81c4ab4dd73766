/**
 * Databases that rpm and Berkeley DB themselves have written, against what `rpm -qa` lists.
 * Skipped where rpmbuild, rpm or db_load are missing (Debian: packages `rpm` and `db5.3-util`).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bytesSource, openSqlite } from '#formats';
import type { Package } from '#model';
import { extractSystem } from './extract-system.test.kit.js';
import { rpmDb } from './rpm-db.js';

const spec = `
Name: base
Epoch: 2
Version: 1.2~rc1
Release: 3.el9
Summary: many files
License: MIT and GPLv2+
Vendor: Red Hat, Inc.
BuildArch: noarch
%description
Base.
%package -n tool
Summary: needs the base
Version: 4.5
Epoch: 0
Vendor: Somebody
Requires: base >= 1
%description -n tool
Tool.
%install
mkdir -p %{buildroot}/usr/share/base %{buildroot}/usr/bin
for i in $(seq 1 600); do : > %{buildroot}/usr/share/base/a-rather-long-file-name-$i; done
: > %{buildroot}/usr/bin/tool
%files
/usr/share/base
%files -n tool
/usr/bin/tool
`;

const directory = mkdtempSync(join(tmpdir(), 'rpm-db-'));
after(() => rmSync(directory, { recursive: true }));

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const missing = has('rpmbuild') && has('rpm') ? false : 'no rpmbuild and rpm on this machine';
const loader = ['db5.3_load', 'db_load'].find((program) => spawnSync(program, ['-V']).error === undefined);

function run(program: string, parameters: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, {
    encoding: 'utf8',
    ...(input && { input }),
  });
  assert.equal(status, 0, `${program}: ${error?.message ?? ''}${stderr}`);
  return stdout;
}

/** Path of a database with two packages, and the lines that rpm lists them by. */
function build(): { database: Buffer; listed: string[] } {
  writeFileSync(join(directory, 'base.spec'), spec);
  run('rpmbuild', ['--quiet', '-bb', '--define', `_topdir ${directory}`, join(directory, 'base.spec')]);
  const packages = join(directory, 'RPMS/noarch');
  const place = ['--define', '_db_backend sqlite', '--dbpath', join(directory, 'db')];
  const files = readdirSync(packages).map((name) => join(packages, name));
  run('rpm', [...place, '--justdb', '--nodeps', '--noscripts', '-i', ...files]);
  const format = '%{NAME}|%{EPOCHNUM}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{LICENSE}|%{VENDOR}|%{SIGMD5}\\n';
  const listed = run('rpm', [...place, '-qa', '--qf', format])
    .trim()
    .split('\n')
    .sort();
  return { database: readFileSync(join(directory, 'db/rpmdb.sqlite')), listed };
}

let made: ReturnType<typeof build> | undefined;

function lineOf(p: Package): string {
  const source = `${p.source!.name}-${p.source!.version}-${p.source!.release}.src.rpm`;
  return [
    p.name,
    p.epoch ?? 0,
    p.version,
    p.release,
    p.arch,
    source,
    p.licenses![0],
    p.maintainer,
    p.digest!.slice(4),
  ].join('|');
}

const packageNumber = (n: number): string => Buffer.from(Uint32Array.of(n).buffer).toString('hex');

function assertListed(packages: readonly Package[], listed: readonly string[]): void {
  assert.deepEqual(packages.map(lineOf).sort(), listed);
  const [base, tool] = ['base', 'tool'].map((name) => packages.find((p) => p.name === name)!);
  assert.equal(base!.installedFiles!.length, 601);
  assert.deepEqual(tool!.dependsOn, [base!.id]);
  assert.equal(tool!.installedFiles, undefined);
}

test('SQLite, written by rpm', { skip: missing }, async () => {
  made ??= build();
  const { found, reports } = await extractSystem(rpmDb, { 'var/lib/rpm/rpmdb.sqlite': made.database });
  assert.deepEqual(reports, []);
  assertListed(found[0]!.packages!, made.listed);
});

for (const [order, lorder] of [
  ['little', '1234'],
  ['big', '4321'],
] as const) {
  const skip = missing || (loader ? false : 'no db_load on this machine');
  test(`Berkeley DB, ${order}-endian, written by db_load`, { skip }, async () => {
    made ??= build();
    const database = openSqlite(bytesSource(made.database));
    const blobs = [...database.rows(database.table('Packages')!)].map((row) => row.values[1] as Uint8Array);
    const pairs = [
      [packageNumber(0), packageNumber(2)],
      ...blobs.map((blob, i) => [packageNumber(i + 1), Buffer.from(blob).toString('hex')]),
    ];
    const head = [
      'VERSION=3',
      'format=bytevalue',
      'type=hash',
      `db_lorder=${lorder}`,
      'db_pagesize=4096',
      'HEADER=END',
    ];
    const dump = [...head, ...pairs.flat().map((hex) => ` ${hex}`), 'DATA=END', ''].join('\n');
    const path = join(directory, `Packages-${order}`);
    run(loader!, [path], dump);
    const { found, reports } = await extractSystem(rpmDb, { 'var/lib/rpm/Packages': readFileSync(path) });
    assert.deepEqual(reports, []);
    assertListed(found[0]!.packages!, made.listed);
  });
}

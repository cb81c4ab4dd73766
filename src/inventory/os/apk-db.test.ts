import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Package } from '#model';
import { apkDb } from './apk-db.js';
import { assertSurvivesFlips, extractSystem } from './extract-system.test.kit.js';

const path = 'lib/apk/db/installed';

const sample = `C:Q1Q5EKFKhu66f5NxBrogefVTdRbow=
P:musl
V:1.2.4-r2
A:x86_64
T:the musl c library
L:MIT
o:musl-src
m:Someone <someone@example.org>
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q13KfUUyWnoDCoKMxHLzfS8CZlYQs=
F:etc
F:
R:root-file

P:busybox
V:1.36.1-r5
L:GPL-2.0-only AND (MIT OR zlib)
D:so:libc.musl-x86_64.so.1 musl>=1.2 !conflict /bin/sh absent~1
p:/bin/sh cmd:sh=1.36.1-r5
C:0123456789abcdef0123456789ABCDEF
`;

const packagesOf = async (content: string): Promise<readonly Package[]> =>
  (await extractSystem(apkDb, { [path]: content })).found[0]!.packages!;

test('every field', async () => {
  const { found, reports } = await extractSystem(apkDb, { [path]: sample });
  assert.deepEqual(reports, []);
  assert.deepEqual(found, [
    {
      packages: [
        {
          id: 'musl@1.2.4-r2',
          name: 'musl',
          version: '1.2.4-r2',
          arch: 'x86_64',
          source: { name: 'musl-src', version: '1.2.4-r2' },
          licenses: ['MIT'],
          maintainer: 'Someone <someone@example.org>',
          digest: 'sha1:43910a14a86eeba7f937106ba2079f5537516e8c',
          installedFiles: ['lib/ld-musl-x86_64.so.1', 'root-file'],
        },
        {
          id: 'busybox@1.36.1-r5',
          name: 'busybox',
          version: '1.36.1-r5',
          licenses: ['GPL-2.0-only', 'MIT', 'Zlib'],
          dependsOn: ['busybox@1.36.1-r5', 'musl@1.2.4-r2'],
          digest: 'md5:0123456789abcdef0123456789abcdef',
        },
      ],
      ownedFiles: ['lib/ld-musl-x86_64.so.1', 'root-file'],
    },
  ]);
});

test('line ends of Windows and a missing last one', async () => {
  assert.deepEqual(await packagesOf(sample.replaceAll('\n', '\r\n')), await packagesOf(sample));
  assert.deepEqual(await packagesOf(sample.trimEnd()), await packagesOf(sample));
});

test('records that cannot be listed are told with their lines', async () => {
  const content = 'V:1-r0\n\nP:none\n\nP:bad\nV:not-a-version\n\nP:twice\nV:1-r0\n\nP:twice\nV:2-r0\nC:Q1!\n';
  const { found, reports } = await extractSystem(apkDb, { [path]: content });
  assert.deepEqual(
    found[0]!.packages!.map((pkg) => pkg.id),
    ['twice@1-r0'],
  );
  assert.deepEqual(reports, [
    'incomplete-record:1',
    'incomplete-record:3',
    'invalid-version:6',
    'invalid-checksum:13',
    'duplicate:11',
  ]);
});

test('file names stay below the root', async () => {
  const { found } = await extractSystem(apkDb, { [path]: 'P:a\nV:1\nF:../x//y\nR:../../../etc/passwd\nF:.\nR:b\n' });
  assert.deepEqual(found[0]!.ownedFiles, ['etc/passwd', 'b']);
});

test('names of Object.prototype are names like others', async () => {
  const packages = await packagesOf('P:__proto__\nV:1\nD:constructor\n\nP:constructor\nV:2\nD:__proto__ toString\n');
  assert.deepEqual(
    packages.map((pkg) => pkg.dependsOn),
    [['constructor@2'], ['__proto__@1']],
  );
});

test('damaged databases', () => assertSurvivesFlips(apkDb, path, { [path]: sample }));

const largeRecord = (i: number): string =>
  `P:p${i}\nV:1.${i}-r0\nD:p${i - 1} so:x\np:so:x=1\nF:usr\n${'R:f\n'.repeat(100)}\n`;

test('a large database is read in one pass', async () => {
  const begin = performance.now();
  const packages = await packagesOf(Array.from({ length: 5000 }, (_, i) => largeRecord(i)).join(''));
  assert.equal(packages.length, 5000);
  assert.ok(performance.now() - begin < 2000);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Package } from '#model';
import { dpkgAvailable } from './dpkg-available.js';
import { dpkgCopyright } from './dpkg-copyright.js';
import { dpkgStatus } from './dpkg-status.js';
import { assertSurvivesFlips, extractSystem, type SystemTree } from './extract-system.test.kit.js';

const path = 'var/lib/dpkg/status';

const sample = `Package: libc6
Status: install ok installed
Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u4
Depends: libgcc-s1, libcrypt1 (>= 1:4.4.10-10~)
Description: GNU C Library
 Version: this is text

Package: libgcc-s1
Status: install ok half-installed
Architecture: amd64
Source: gcc-12 (12.2.0-14)
Version: 3:12.2.0-14+b1
depends: gone | libc6:any |
  libc6

Package: removed
Status: deinstall ok config-files
Version: 1

Package: native
Version: 1.0
Maintainer: Docker <support@docker.com>
Architecture: all
`;

const listed = async (tree: SystemTree): Promise<readonly Package[]> =>
  (await extractSystem(dpkgStatus, tree)).found.flatMap((extraction) => extraction.packages ?? []);

test('every field', async () => {
  const { found, reports } = await extractSystem(dpkgStatus, {
    [path]: sample,
    'var/lib/dpkg/info/libc6:amd64.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  lib/x86_64-linux-gnu/libc.so.6\n',
    'var/lib/dpkg/info/native.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/docker\n',
  });
  assert.deepEqual(reports, []);
  assert.deepEqual(found, [
    {
      packages: [
        {
          id: 'libc6@2.36-9+deb12u4',
          name: 'libc6',
          version: '2.36',
          release: '9+deb12u4',
          arch: 'amd64',
          source: { name: 'glibc', version: '2.36', release: '9+deb12u4' },
          maintainer: 'GNU Libc Maintainers <debian-glibc@lists.debian.org>',
          origin: 'official',
          installedFiles: ['/lib/x86_64-linux-gnu/libc.so.6'],
          dependsOn: ['libgcc-s1@3:12.2.0-14+b1'],
        },
        {
          id: 'libgcc-s1@3:12.2.0-14+b1',
          name: 'libgcc-s1',
          version: '12.2.0',
          release: '14+b1',
          epoch: 3,
          arch: 'amd64',
          source: { name: 'gcc-12', version: '12.2.0', release: '14' },
          origin: 'official',
          dependsOn: ['libc6@2.36-9+deb12u4'],
        },
        {
          id: 'native@1.0',
          name: 'native',
          version: '1.0',
          arch: 'all',
          source: { name: 'native', version: '1.0' },
          maintainer: 'Docker <support@docker.com>',
          origin: 'third-party',
        },
      ],
      ownedFiles: ['lib/x86_64-linux-gnu/libc.so.6'],
    },
  ]);
});

test('architectures of one package are one; dependencies of distroless files stay in their file', async () => {
  const twice = 'Package: a\nVersion: 1\nArchitecture: amd64\n\nPackage: a\nVersion: 1\nArchitecture: i386\n';
  assert.deepEqual(
    (await listed({ [path]: twice })).map((pkg) => pkg.arch),
    ['i386'],
  );
  const directory = 'var/lib/dpkg/status.d';
  const { found } = await extractSystem(dpkgStatus, {
    [`${directory}/a`]: 'Package: a\nVersion: 1\nDepends: a, b\n',
    [`${directory}/a.md5sums`]: '00  usr/a\n\n00  usr/with  blanks\n',
    [`${directory}/base`]: 'Package: base-files\nVersion: 1\n',
    [`${directory}/base.md5sums`]: '00  etc/x\n',
  });
  assert.deepEqual(
    found.map((extraction) => [extraction.packages![0]!.dependsOn, extraction.ownedFiles]),
    [
      [['a@1'], ['usr/a', 'usr/with  blanks']],
      [undefined, ['etc/x']],
    ],
  );
});

test('paragraphs that cannot be listed are told with their lines', async () => {
  const content = [
    'Package: none',
    'Version: 1',
    '\nPackage: bad\nVersion: abc-1',
    '\nPackage: source\nSource: s (x)\nVersion: 1',
    '\nPackage: empty-source\nSource: s ()\nVersion: 2',
    '\nno key here\nPackage: late\nVersion: 3',
    `\nPackage: long\nVersion: 4\nDescription: ${'x'.repeat(140_000)}\n more`,
  ];
  content[0] = 'Package:';
  const { found, reports } = await extractSystem(dpkgStatus, { [path]: content.join('\n') });
  assert.deepEqual(
    found[0]!.packages!.map((pkg) => pkg.id),
    ['empty-source@2', 'late@3'],
  );
  assert.deepEqual(reports, [
    'incomplete-record:1',
    'invalid-version:4',
    'invalid-version:7',
    'invalid-line:15',
    'paragraph-too-long:19',
  ]);
});

test('a line of a file list that is none is told', async () => {
  const { reports } = await extractSystem(dpkgStatus, {
    [path]: 'Package: a\nVersion: 1\n',
    'var/lib/dpkg/info/a.md5sums': '00  usr/a\nusr/b\n',
  });
  assert.deepEqual(reports, ['invalid-file-list']);
});

test('digests of available packages', async () => {
  const sha256 = 'ab'.repeat(32);
  const available = `Package: a\nVersion: 1:2-3\nSHA256: ${sha256.toUpperCase()}\n\nPackage: b\nVersion: 1\nSHA256: short\n`;
  const { found } = await extractSystem(dpkgAvailable, { 'var/lib/dpkg/available': available });
  assert.deepEqual(found, [{ packageDigests: { 'a@1:2-3': `sha256:${sha256}` } }]);
});

const copyrights: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['Format: x\n\nFiles: *\nLicense: GPL-2+\n\nFiles: y\nLicense: Expat or GPL-2+\n', ['GPL-2.0-or-later', 'MIT']],
  ["On Debian systems, see `/usr/share/common-licenses/GPL-3'.", ['GPL-3.0-only']],
  [
    'see /usr/share/common-licenses/LGPL-2.1.\nLicense: Apache-2.0 (/usr/share/common-licenses/Apache-2.0)',
    ['LGPL-2.1-only', 'Apache-2.0'],
  ],
  ['The License: is text. MIT', undefined],
  ['License:', undefined],
  ['', undefined],
];

for (const [content, licenses] of copyrights) {
  test(`copyright: ${content.replace(/\s+/g, ' ').slice(0, 50)}`, async () => {
    const { found } = await extractSystem(dpkgCopyright, { 'usr/share/doc/pkg/copyright': content });
    assert.deepEqual(found[0]?.packageLicenses?.['pkg'], licenses);
  });
}

test('damaged databases', async () => {
  const list = 'var/lib/dpkg/info/libc6.md5sums';
  const copyright = 'usr/share/doc/a/copyright';
  await assertSurvivesFlips(dpkgStatus, path, { [path]: sample });
  await assertSurvivesFlips(dpkgStatus, list, { [path]: sample, [list]: '00  a\n11  b\n' });
  await assertSurvivesFlips(dpkgCopyright, copyright, { [copyright]: copyrights[0]![0] });
});

test('hostile shapes end quickly', async () => {
  const begin = performance.now();
  const long = 200_000;
  for (const content of [
    'x\n'.repeat(long),
    ' \n'.repeat(long),
    `License: ${' '.repeat(long)},${' -'.repeat(long)}OR`,
    `Package: a\nVersion: 1\nDepends: ${'('.repeat(long)}\nSource: ${'a'.repeat(100_000)}`,
  ]) {
    await extractSystem(dpkgStatus, { [path]: content });
    await extractSystem(dpkgCopyright, { 'usr/share/doc/a/copyright': content });
  }
  assert.ok(performance.now() - begin < 1500);
});

const query = spawnSync(
  'dpkg-query',
  ['-W', '-f', '${db:Status-Want} ${Package}|${Version}|${source:Package}|${source:Version}\n'],
  {
    encoding: 'utf8',
  },
);
const missing = query.status === 0 && existsSync(`/${path}`) ? false : 'no dpkg on this machine';

const written = (v: { version: string; release?: string; epoch?: number }): string =>
  `${v.epoch ? `${v.epoch}:` : ''}${v.version}${v.release === undefined ? '' : `-${v.release}`}`;

test('the packages of this machine, as dpkg-query lists them', { skip: missing }, async () => {
  const packages = await listed({ [path]: readFileSync(`/${path}`) });
  const wanted = query.stdout
    .trim()
    .split('\n')
    .flatMap((line) => (/^(?:deinstall|purge) /.test(line) ? [] : [line.slice(line.indexOf(' ') + 1)]));
  assert.deepEqual(
    new Set(packages.map((p) => `${p.name}|${p.id!.slice(p.name.length + 1)}|${p.source!.name}|${written(p.source!)}`)),
    new Set(wanted.map((line) => line.replace(/\|0:/g, '|'))),
  );
});

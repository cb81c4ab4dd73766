import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rpmTag } from '#formats';
import { makeBerkeleyDb, makeNdb, makeRpmHeader, makeSqlite, type RpmTagContent } from '#formats/fakes';
import { assertSurvivesFlips, extractSystem } from './extract-system.test.kit.js';
import { rpmDb } from './rpm-db.js';

type Tags = Readonly<Partial<Record<keyof typeof rpmTag, RpmTagContent>>>;

const header = (tags: Tags): Buffer =>
  makeRpmHeader(Object.entries(tags).map(([name, content]) => [rpmTag[name as keyof typeof rpmTag], content] as const));

const bash: Tags = {
  name: 'bash',
  version: '5.1.8',
  release: '6.el9',
  epoch: [1],
  vendor: 'Red Hat, Inc.',
  license: 'GPLv3+',
  arch: 'x86_64',
  sourceRpm: 'bash-5.1.8-6.el9.src.rpm',
  provideName: ['bash', '/bin/sh', 'bash(x86-64)'],
  requireName: ['libc.so.6()(64bit)', 'bash', 'rpmlib(PayloadIsXz)', 'libc.so.6()(64bit)'],
  directoryIndexes: [0, 1],
  baseNames: ['bash', 'README'],
  directoryNames: ['/usr/bin/', '/usr/share/doc/bash/'],
  modularityLabel: 'shell:1:2:3',
  signatureMd5: Uint8Array.from({ length: 16 }, (_, i) => i),
};
const glibc: Tags = {
  name: 'glibc',
  version: '2.34',
  release: '60.el9',
  arch: 'x86_64',
  vendor: 'Somebody',
  provideName: ['glibc', 'libc.so.6()(64bit)'],
  requireName: ['/bin/sh'],
  oldFileNames: ['/lib64/libc.so.6'],
};
const key: Tags = { name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b', epoch: [2], sourceRpm: '(none)' };
const headers = [bash, glibc, key].map(header);

const sqlite = (blobs: readonly Buffer[]): Buffer =>
  makeSqlite([
    {
      type: 'table',
      name: 'Packages',
      sql: 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)',
      rows: blobs.map((blob) => [null, blob]),
    },
  ]);
const databases = {
  'var/lib/rpm/Packages': makeBerkeleyDb(headers),
  'var/lib/rpm/Packages.db': makeNdb(headers),
  'usr/lib/sysimage/rpm/rpmdb.sqlite': sqlite(headers),
};

for (const [path, bytes] of Object.entries(databases)) {
  test(`${path}: every field`, async () => {
    const { found, reports } = await extractSystem(rpmDb, { [path]: bytes });
    assert.deepEqual(reports, []);
    assert.deepEqual(found, [
      {
        packages: [
          {
            id: 'bash@5.1.8-6.el9.x86_64',
            name: 'bash',
            version: '5.1.8',
            release: '6.el9',
            epoch: 1,
            arch: 'x86_64',
            source: { name: 'bash', version: '5.1.8', release: '6.el9', epoch: 1 },
            licenses: ['GPLv3+'],
            maintainer: 'Red Hat, Inc.',
            modularityLabel: 'shell:1:2:3',
            origin: 'official',
            digest: 'md5:000102030405060708090a0b0c0d0e0f',
            installedFiles: ['/usr/bin/bash', '/usr/share/doc/bash/README'],
            dependsOn: ['glibc@2.34-60.el9.x86_64'],
          },
          {
            id: 'glibc@2.34-60.el9.x86_64',
            name: 'glibc',
            version: '2.34',
            release: '60.el9',
            arch: 'x86_64',
            maintainer: 'Somebody',
            origin: 'third-party',
            dependsOn: ['bash@5.1.8-6.el9.x86_64'],
          },
          {
            id: 'gpg-pubkey@fd431d51-4ae0493b.',
            name: 'gpg-pubkey',
            version: 'fd431d51',
            release: '4ae0493b',
            epoch: 2,
            arch: 'None',
            source: { name: '', version: '', epoch: 2 },
            origin: 'third-party',
          },
        ],
        ownedFiles: ['usr/bin/bash', 'usr/share/doc/bash/README'],
      },
    ]);
  });

  test(`${path}: damage`, () => assertSurvivesFlips(rpmDb, path, { [path]: bytes }));
}

const path = 'var/lib/rpm/rpmdb.sqlite';

test('records that cannot be listed are told, the others listed', async () => {
  const noDirectory = header({ ...bash, directoryIndexes: [0, 7] });
  const blobs = [header({ name: 'only' }), Buffer.from('nothing'), noDirectory, headers[1]!];
  const { found, reports } = await extractSystem(rpmDb, { [path]: sqlite(blobs) });
  assert.deepEqual(
    found[0]!.packages!.map((pkg) => pkg.name),
    ['glibc'],
  );
  assert.deepEqual(reports, ['damaged-record', 'damaged-record', 'damaged-record']);
});

test('an unknown source and a log beside the database are told', async () => {
  const tree = { [path]: sqlite([header({ ...bash, sourceRpm: 'weird' })]), [`${path}-wal`]: 'log' };
  const { found, reports } = await extractSystem(rpmDb, tree);
  assert.deepEqual(reports, ['unmerged-log', 'unknown-source']);
  assert.deepEqual(found[0]!.packages![0]!.source, { name: '', version: '', epoch: 1 });
  const { reports: none } = await extractSystem(rpmDb, { [path]: sqlite([]), [`${path}-wal`]: '' });
  assert.deepEqual(none, []);
});

test('few bytes that name endless paths are refused', async () => {
  const long = {
    directoryNames: [`/${'x'.repeat(100_000)}/`],
    directoryIndexes: Array.from({ length: 1000 }, () => 0),
  };
  const names = { baseNames: Array.from({ length: 1000 }, () => 'y') };
  const { reports } = await extractSystem(rpmDb, { [path]: sqlite([header({ ...bash, ...long, ...names })]) });
  assert.deepEqual(reports, ['damaged-record']);
});

test('other files are refused', async () => {
  const empty = makeSqlite([{ type: 'table', name: 'Name', sql: 'CREATE TABLE Name (a)', rows: [] }]);
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(5000), empty]) {
    await assert.rejects(extractSystem(rpmDb, { [path]: bytes }), { name: 'FormatError' });
  }
});

test('whose package it is', async () => {
  for (const [vendor, release, origin] of [
    ['Fedora Project', '1.fc40', 'official'],
    ['SUSE LLC <https://www.suse.com/>', '1', 'official'],
    ['', '1.amzn2023', 'official'],
    ['', '1.el9', 'third-party'],
    ['Docker', '1.el9', 'third-party'],
  ] as const) {
    const { found } = await extractSystem(rpmDb, { [path]: sqlite([header({ ...glibc, vendor, release })]) });
    assert.equal(found[0]!.packages![0]!.origin, origin);
  }
});

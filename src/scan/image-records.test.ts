import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeDockerArchive } from '#artifact/fakes';
import { tempDirectory, type TempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { openAssessor } from './assess.js';
import { imageRecords, imageRecordsDirectory } from './image-records.js';
import type { ScanOptions } from './options.js';
import { scan } from './scan.js';
import { inventorySignature, takeInventory } from './take-inventory.js';

let place: TempDirectory;
before(async () => void (place = await tempDirectory()));
after(() => place.remove());

const installed =
  'C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:openssl\nV:1.1.1a-r0\nA:x86_64\nS:1\nI:1\nT:openssl\nL:OpenSSL\no:openssl\n\n';
const layer = [
  { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.11.0\n' },
  { name: 'etc/alpine-release', content: '3.11.0\n' },
  { name: 'lib/apk/db/installed', content: installed },
];
const digest = `sha256:${'a'.repeat(64)}`;

test('a record that was kept is assessed as a scan is, when the image is gone', async () => {
  const input = join(place.path, 'image.tar');
  writeFileSync(input, makeDockerArchive({ layers: [layer] }));
  const cacheDir = join(place.path, 'cache');
  const options: ScanOptions = { cacheDir, database: { embedded: true } };
  const world = fakeWorld({ cwd: place.path });
  const expected = await scan({ kind: 'image', input }, options, world);
  assert.ok(expected.results[0]!.vulnerabilities.length > 0);
  const signature = await inventorySignature(options, world);
  const records = imageRecords({ cacheDir, maxSize: 1e6, signature }, world);
  await records.put(digest, 'linux/amd64', await takeInventory({ kind: 'image', input }, options, world));
  rmSync(input);
  const assessor = await openAssessor(options, world);
  const again = await assessor.assess(records.get(digest, 'linux/amd64')!);
  assessor.close();
  assert.deepEqual({ ...again, reportId: '' }, { ...expected, reportId: '' });
});

test('records of other rules, platforms and digests, and damaged ones, do not count', async () => {
  const world = fakeWorld({ cwd: place.path });
  const cacheDir = join(place.path, 'more');
  const records = imageRecords({ cacheDir, maxSize: 1e6, signature: 'a' }, world);
  const record = {
    artifactName: 'x',
    artifactType: 'container_image',
    metadata: {},
    inventory: { packages: [], applications: [], diagnostics: [] },
    secretResults: [],
  } as const;
  await records.put(digest, 'linux/amd64', record);
  assert.deepEqual(records.get(digest, 'linux/amd64'), record);
  assert.equal(records.get(digest, 'linux/arm64'), undefined);
  assert.equal(imageRecords({ cacheDir, maxSize: 1e6, signature: 'b' }, world).get(digest, 'linux/amd64'), undefined);
  const [file] = readdirSync(imageRecordsDirectory(cacheDir), { recursive: true }).filter((name) =>
    String(name).endsWith('.json'),
  );
  for (const damage of ['', '{', '{}', '{"inventory":{"packages":{}},"secretResults":[]}']) {
    writeFileSync(join(imageRecordsDirectory(cacheDir), String(file)), damage);
    assert.equal(records.get(digest, 'linux/amd64'), undefined, damage);
  }
});

test('what decides about the findings in an image decides about its records', async () => {
  const world = fakeWorld({ cwd: place.path });
  const all = [{}, { scanners: ['secret'] }, { skipDirs: ['/usr'] }, { fileDigests: true }] as const;
  const found = await Promise.all(all.map((options) => inventorySignature(options, world)));
  assert.equal(new Set(found).size, all.length);
  assert.equal(await inventorySignature({ severities: ['LOW'] }, world), found[0]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bottlerocketInventory } from './bottlerocket-inventory.js';
import { assertSurvivesFlips, extractSystem } from './extract-system.test.kit.js';
import { rpmManifest } from './rpm-manifest.js';

const manifestPath = 'var/lib/rpmmanifest/container-manifest-2';
const manifest = [
  'glibc\t2.35-6.cm2\t1650000000\t1650000001\tMicrosoft Corporation\t(none)\t1234\tx86_64\t0\tglibc-2.35-6.cm2.src.rpm',
  'vim-minimal\t9.0.1-1.cm2\t1650000000\t1650000001\tMicrosoft Corporation\t2\t1234\tnoarch\t2\tvim-9.0.1-1.cm2.src.rpm',
].join('\n');

test('packages of a distroless manifest', async () => {
  const { found, reports } = await extractSystem(rpmManifest, { [manifestPath]: `${manifest}\n` });
  assert.deepEqual(reports, []);
  assert.deepEqual(found[0]!.packages, [
    {
      name: 'glibc',
      version: '2.35',
      release: '6.cm2',
      arch: 'x86_64',
      source: { name: 'glibc', version: '2.35', release: '6.cm2' },
    },
    {
      name: 'vim-minimal',
      version: '9.0.1',
      release: '1.cm2',
      epoch: 2,
      arch: 'noarch',
      source: { name: 'vim', version: '9.0.1', release: '1.cm2', epoch: 2 },
    },
  ]);
});

test('other lines are told', async () => {
  const [line] = manifest.split('\n');
  const content = ['a\tb', line!.replace('2.35-6', '2.35'), line!.replace('\t0\t', '\tx\t'), line!, `${line!}\tmore`];
  const { found, reports } = await extractSystem(rpmManifest, { [manifestPath]: content.join('\n') });
  assert.equal(found[0]!.packages!.length, 1);
  assert.deepEqual(reports, ['invalid-line:1', 'invalid-line:2', 'invalid-line:3', 'invalid-line:5']);
});

const inventoryPath = 'x86_64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json';
const inventory = JSON.stringify({
  Content: [
    { Name: 'glibc', Publisher: 'Bottlerocket', Version: '2.40', Release: '1.br1', Epoch: '1', Architecture: 'x86_64' },
    { Name: 'runc', Version: '1.1.15', Release: '2.br1', Epoch: '0', Architecture: 'x86_64' },
    { Name: 'nameless' },
    null,
  ],
});

test('packages of Bottlerocket', async () => {
  const { found, reports } = await extractSystem(bottlerocketInventory, { [inventoryPath]: inventory });
  assert.deepEqual(reports, ['incomplete-record', 'incomplete-record']);
  assert.deepEqual(found[0]!.packages, [
    { id: 'glibc@1:2.40-1.br1', name: 'glibc', version: '2.40', release: '1.br1', epoch: 1, arch: 'x86_64' },
    { id: 'runc@1.1.15-2.br1', name: 'runc', version: '1.1.15', release: '2.br1', arch: 'x86_64' },
  ]);
});

test('damaged manifests', async () => {
  await assertSurvivesFlips(rpmManifest, manifestPath, { [manifestPath]: manifest });
  await assertSurvivesFlips(bottlerocketInventory, inventoryPath, { [inventoryPath]: inventory });
  for (const content of ['', '[]', '{"Content": {}}', 'null']) {
    await assert.rejects(extractSystem(bottlerocketInventory, { [inventoryPath]: content }), { name: 'FormatError' });
  }
});

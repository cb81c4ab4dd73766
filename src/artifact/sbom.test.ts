import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PratiqueError } from '#base';
import { openSbom } from './sbom.js';

let directory: string;
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'pratique-sbom-'))));
after(() => rm(directory, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(directory, 'bill.json');
  await writeFile(path, text);
  return path;
}

test('what the bill says of the image it describes is kept', async () => {
  const properties = Object.entries({
    ImageID: ['sha256:aa'],
    DiffID: ['sha256:cc', 'sha256:bb'],
    RepoTag: ['shop:1'],
    Size: ['12'],
    Reference: ['shop:1'],
  }).flatMap(([name, values]) => values.map((value) => ({ name: `aquasecurity:trivy:${name}`, value })));
  const component = { 'bom-ref': 'r', type: 'container', name: 'shop', properties };
  const path = await file(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component } }));
  const { metadata, attested } = await openSbom(path);
  assert.equal(attested, false);
  assert.deepEqual(metadata, {
    size: 12,
    imageId: 'sha256:aa',
    diffIds: ['sha256:bb', 'sha256:cc'],
    repoTags: ['shop:1'],
    reference: 'shop:1',
  });
});

const is = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof PratiqueError && error.code === code && message.test(error.message);

test('errors name the file as the user wrote it', async () => {
  const path = await file('null');
  await assert.rejects(openSbom(path, './bill.json'), is('sbom/invalid', /^\.\/bill\.json is no bill.*null/));
  await assert.rejects(openSbom(join(directory, 'none'), 'none'), is('file/not-found', /^none:/));
  await assert.rejects(openSbom(directory), is('file/unreadable', /directory/));
});

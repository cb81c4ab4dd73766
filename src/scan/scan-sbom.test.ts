import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scanSbom } from './scan-sbom.js';

let directory: string;
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'pratique-scan-sbom-'))));
after(() => rm(directory, { recursive: true }));

const bill = (components: readonly object[]): object => ({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
const deb = { type: 'library', name: 'a', version: '1', purl: 'pkg:deb/debian/a@1?distro=debian-12.5' };
const debian = { type: 'operating-system', name: 'debian', version: '12.5' };

async function scanned(document: object, options = {}) {
  await writeFile(join(directory, 'bill.json'), JSON.stringify(document));
  const found = await scanSbom({ kind: 'sbom', path: 'bill.json' }, options, directory);
  const [record] = found.records;
  return { ...found, record: record!, codes: record!.diagnostics.map(({ code }) => code) };
}

test('the artifact is named as the user named the file, and is of the type of the bill', async () => {
  const { artifactName, artifactType, sbom, record } = await scanned(bill([debian, deb]));
  assert.deepEqual([artifactName, artifactType, sbom.specVersion], ['bill.json', 'cyclonedx', '1.6']);
  assert.deepEqual(record.os, { family: 'debian', name: '12.5' });
  assert.match(record.packageFiles[0]!.packages[0]!.uid ?? '', /^[0-9a-f]{8,16}$/);
});

test('system packages without a distribution are said not to be assessed, with what to do', async () => {
  const { record } = await scanned(bill([deb]));
  const note = record.diagnostics.find(({ code }) => code === 'sbom/no-distribution');
  assert.match(note!.message, /not assessed.*--distro debian\/12\.5/);
  assert.equal(note!.severity, 'error');
  assert.ok(!(await scanned(bill([debian, deb]))).codes.includes('sbom/no-distribution'));
  const distro = { family: 'debian', name: '12' };
  assert.ok(!(await scanned(bill([deb]), { distro })).codes.includes('sbom/no-distribution'));
});

test('an attestation is read, and said not to be verified', async () => {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://cyclonedx.org/bom',
    predicate: bill([]),
  };
  assert.deepEqual((await scanned(statement)).codes, ['sbom/unverified']);
});

/** The table against the list in CycloneDX's schemas, which every `license.id` of a bill of materials is checked with. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { spdxExceptionId, spdxLicenseId } from './spdx-license-ids.js';

const path = '../../node_modules/@cyclonedx/cyclonedx-library/res/schema/spdx.SNAPSHOT.schema.json';
const schema = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { enum: readonly string[] };

test('every identifier of the official list is known, in its own spelling', () => {
  for (const id of schema.enum) {
    const known = spdxLicenseId(id.toUpperCase()) ?? spdxExceptionId(id.toUpperCase());
    assert.equal(known, id);
  }
});

test('other words are no identifiers', () => {
  for (const text of ['', 'MIT ', 'BSD', '__proto__', 'constructor', 'GPL'])
    assert.equal(spdxLicenseId(text) ?? spdxExceptionId(text), undefined);
  assert.equal(spdxLicenseId('Classpath-exception-2.0'), undefined);
  assert.equal(spdxExceptionId('classpath-EXCEPTION-2.0'), 'Classpath-exception-2.0');
});

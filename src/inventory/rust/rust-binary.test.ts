import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { FormatError } from '#base';
import { makeElf } from '#formats/fakes';
import { assertSurvivesBytes, binaryFile } from '../binary-file.test.kit.js';
import { rustBinary } from './rust-binary.js';

const list = {
  packages: [
    { name: 'app', version: '0.1.0', source: 'local', dependencies: [1, 2], root: true },
    { name: 'libc', version: '0.2.1', source: 'crates.io', dependencies: [3] },
    { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
    { name: 'memchr', version: '2.5.0', source: 'crates.io' },
  ],
};

const program = (data: Uint8Array): Buffer => makeElf([{ name: '.dep-v0', address: 0x1000, data }]);
const extract = (bytes: Uint8Array) => rustBinary.extract(binaryFile('usr/bin/app', bytes));

test('run-time crates', () => {
  const found = extract(program(deflateSync(JSON.stringify(list))));
  assert.deepEqual(
    found?.applications[0]?.packages.map(
      ({ id, relationship, dependsOn = [] }) => `${id} ${relationship ?? '-'} ${dependsOn.join(' ')}`,
    ),
    ['app@0.1.0 root libc@0.2.1', 'libc@0.2.1 - memchr@2.5.0', 'memchr@2.5.0 - '],
  );
});

test('programs without the list yield nothing', () => assert.equal(extract(makeElf([])), undefined));

test('a damaged list is refused', () => assert.throws(() => extract(program(Buffer.from('no zlib'))), FormatError));

test('damaged files', () => assertSurvivesBytes(program(deflateSync(JSON.stringify(list))), extract));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeZip } from './fakes/make-zip.js';
import { bytesSource, openZipEntry, readZipEntry, zipEntries } from './zip.js';

function readAll(bytes: Uint8Array): [string, string][] {
  const source = bytesSource(bytes);
  return [...zipEntries(source)].map((entry) => [entry.path, Buffer.from(readZipEntry(source, entry)).toString()]);
}

const sample = makeZip([
  { path: 'META-INF/MANIFEST.MF', content: Buffer.from('Manifest-Version: 1.0\n') },
  { path: 'a/stored', content: Buffer.from('as it is'), stored: true },
  { path: 'empty', content: Buffer.alloc(0) },
]);
const contents = [
  ['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n'],
  ['a/stored', 'as it is'],
  ['empty', ''],
];

test('entries read back', () => assert.deepEqual(readAll(sample), contents));

test('an entry is a source of its own', () => {
  const source = bytesSource(sample);
  for (const [index, entry] of [...zipEntries(source)].entries()) {
    const content = contents[index]![1]!;
    const opened = openZipEntry(source, entry);
    assert.equal(opened.size, content.length);
    assert.equal(Buffer.from(opened.read(0, 1000)).toString(), content);
    assert.equal(Buffer.from(opened.read(3, 2)).toString(), content.slice(3, 5));
    assert.equal(opened.read(content.length + 1, 2).length, 0);
  }
});

test('data before the archive is skipped', () =>
  assert.deepEqual(readAll(Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), sample])), contents));

test('a comment after the end record is allowed', () => {
  const commented = Buffer.concat([sample, Buffer.from('hello')]);
  commented.writeUInt16LE(5, commented.length - 5 - 2);
  assert.deepEqual(readAll(commented), contents);
});

test('any entries read back', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          path: fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
          content: fc.uint8Array(),
          stored: fc.boolean(),
        }),
        {
          maxLength: 6,
        },
      ),
      (entries) => {
        const source = bytesSource(makeZip(entries));
        const read = [...zipEntries(source)].map((entry) => [
          entry.path,
          Buffer.from(readZipEntry(source, entry)).toString('hex'),
        ]);
        assert.deepEqual(
          read,
          entries.map(({ path, content }) => [path, Buffer.from(content).toString('hex')]),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('an entry over the limit, or that lies about its size, is refused', () => {
  const bomb = makeZip([{ path: 'zeros', content: new Uint8Array(1_000_000) }]);
  const source = bytesSource(bomb);
  const [entry] = [...zipEntries(source)];
  assert.throws(() => readZipEntry(source, entry!, 1000), LimitError);
  assert.throws(() => readZipEntry(source, { ...entry!, size: 10 }), FormatError);
});

test('damaged archives throw nothing but FormatError or LimitError', () => {
  for (let end = 0; end < sample.length; end++) attempt(sample.subarray(0, end));
  fc.assert(
    fc.property(fc.nat(sample.length - 1), fc.nat(255), (at, value) => {
      const copy = Buffer.from(sample);
      copy[at] = value;
      attempt(copy);
    }),
    { numRuns: 500 },
  );
});

function attempt(bytes: Uint8Array): void {
  try {
    readAll(bytes);
  } catch (error) {
    assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { makeTar, paxRecord, type TarItem } from './fakes/make-tar.js';
import { TarDecoder, type TarEntry } from './tar-decoder.js';
import { padded, TAR_BLOCK } from './tar-layout.js';
import { cleanPath } from './tar-path.js';
import { parsePax } from './tar-pax.js';
import { sparseReader } from './tar-sparse.js';

interface Read extends TarEntry {
  readonly content: Buffer;
}

function read(tar: Buffer): Read[] {
  const decoder = new TarDecoder();
  const entries: Read[] = [];
  for (let at = 0; at + TAR_BLOCK <= tar.length;) {
    const step = decoder.block(tar, at);
    at += TAR_BLOCK;
    if (step.kind === 'end') break;
    if (step.kind === 'block') continue;
    const size = step.kind === 'entry' ? step.entry.stored : step.size;
    if (step.kind === 'extended') decoder.extended(tar.subarray(at, at + size));
    if (step.kind === 'entry') entries.push({ ...step.entry, content: tar.subarray(at, at + size) });
    at += padded(size);
  }
  return entries;
}

const one = (...items: TarItem[]): Read => {
  const entries = read(makeTar(items));
  assert.equal(entries.length, 1);
  return entries[0]!;
};
const pax = (...records: [string, string][]): TarItem => ({
  name: 'PaxHeaders/x',
  flag: 'x',
  content: records.map(([key, value]) => paxRecord(key, value)).join(''),
});

test('names', () => {
  const long = 'd/'.repeat(120) + 'end';
  const cases: [string, TarItem[]][] = [
    ['etc/passwd', [{ name: 'etc/passwd' }]],
    [long, [{ name: long }]],
    ['å/ß', [{ name: 'å/ß' }]],
    ['pax/name', [pax(['path', 'pax/name']), { name: 'short' }]],
    ['short', [pax(['path', '']), { name: 'short' }]],
    ['gnu', [{ name: '././@LongLink', flag: 'L', content: 'gnu\0' }, pax(['path', 'pax']), { name: 'x' }]],
    ['pre/fix/name', [{ name: 'name', patch: (h) => h.write('pre/fix', 345) }]],
    ['name', [{ name: 'name', patch: (h) => (h.write('ustar  \0', 257), h.write('00000000000\0', 345)) }]],
    ['odd/name', [{ name: 'name', patch: (h) => (h.write('ustar  \0', 257), h.write('odd', 345)) }]],
    ['name', [{ name: 'name', patch: (h) => h.fill(0, 257, 512) }]],
    ['star/name', [{ name: 'name', patch: (h) => (h.write('star', 345), h.write('tar\0', 508)) }]],
    ['after-global', [{ name: 'g', flag: 'g', content: paxRecord('path', 'no') }, { name: 'after-global' }]],
  ];
  for (const [expected, items] of cases) assert.equal(one(...items).path, expected);
});

const big = (value: bigint): TarItem => ({
  name: 'x',
  patch(header) {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeBigUInt64BE(value, 128);
  },
});

test('numbers', () => {
  assert.equal(one(big(8_589_934_592n)).size, 8_589_934_592);
  assert.throws(() => read(makeTar([big(2n ** 63n)])), FormatError);
  assert.equal(one(field('      7 ')).size, 7);
  assert.equal(one(field('')).size, 0);
  assert.throws(() => read(makeTar([field('9')])), FormatError);
  assert.throws(() => read(makeTar([{ name: 'x', patch: (h) => h.fill(0xff, 124, 136) }])), FormatError);
});

test('types and content', () => {
  const items: [TarItem, TarEntry['type'], number][] = [
    [{ name: 'f', content: 'abc' }, 'file', 3],
    [{ name: 'f', content: 'abc', flag: '7' }, 'file', 3],
    [{ name: 'f', content: 'abc', flag: '\0' }, 'file', 3],
    [{ name: 'd/', flag: '\0' }, 'directory', 0],
    [{ name: 'd', flag: '5', size: 10_000 }, 'directory', 0],
    [{ name: 'l', flag: '1', link: 'f', size: 10_000 }, 'hard-link', 0],
    [{ name: 'l', flag: '2', link: 'f' }, 'symlink', 0],
    [{ name: 'c', flag: '3', size: 7 }, 'other', 0],
    [{ name: 'v', flag: 'V' }, 'other', 0],
  ];
  for (const [item, type, stored] of items) {
    const entry = one(item);
    assert.deepEqual([entry.type, entry.stored], [type, stored], JSON.stringify(item));
  }
  assert.equal(one({ name: 'l', flag: '1', link: 'target' }).link, 'target');
  assert.equal(one(pax(['linkpath', 'far/target']), { name: 'l', flag: '2', link: 'x' }).link, 'far/target');
  assert.equal(one(pax(['size', '3']), { name: 'f', content: 'abc', size: 0 }).content.toString(), 'abc');
  assert.equal(one({ name: 'm', mode: 0o100755 }).mode, 0o755);
});

const field = (text: string): TarItem => ({ name: 'x', patch: (h) => h.write(text.padEnd(12, '\0'), 124) });

test('a signed checksum is accepted, a wrong one is not', () => {
  const tar = makeTar([{ name: 'naïve' }]);
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : tar.readInt8(i);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  assert.equal(read(tar)[0]?.path, 'naïve');
  tar[0]! ^= 1;
  assert.throws(() => read(tar), FormatError);
});

test('sparse files: old GNU, with an extension block', () => {
  const extension = Buffer.alloc(512);
  pair(extension, 0, 5000, 2);
  const tar = makeTar([
    {
      name: 'sparse',
      flag: 'S',
      content: 'abcdefghij',
      patch(h) {
        for (const [i, [offset, length]] of [
          [0, 2],
          [100, 2],
          [200, 2],
          [300, 2],
        ].entries()) {
          pair(h, 386 + i * 24, offset!, length!);
        }
        h[482] = 1;
        h.write((6000).toString(8).padStart(11, '0'), 483);
      },
    },
    { name: 'next' },
  ]);
  const [sparse, next] = read(Buffer.concat([tar.subarray(0, 512), extension, tar.subarray(512)]));
  assert.equal(next?.path, 'next');
  checkSparse(sparse!, 6000, { 0: 'ab', 100: 'cd', 200: 'ef', 300: 'gh', 5000: 'ij' });
});

test('sparse files: PAX 0.0, 0.1 and 1.0', () => {
  const content = 'abcd';
  const zero = pax(
    ['GNU.sparse.size', '50'],
    ['GNU.sparse.offset', '1'],
    ['GNU.sparse.numbytes', '2'],
    ['GNU.sparse.offset', '40'],
    ['GNU.sparse.numbytes', '2'],
  );
  const first = pax(['GNU.sparse.size', '50'], ['GNU.sparse.map', '1,2,40,2'], ['GNU.sparse.name', 'real']);
  const second = pax(
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', 'real'],
    ['GNU.sparse.realsize', '50'],
  );
  checkSparse(one(zero, { name: 'x', content }), 50, { 1: 'ab', 40: 'cd' });
  const named = one(first, { name: 'x', content });
  assert.equal(named.path, 'real');
  checkSparse(named, 50, { 1: 'ab', 40: 'cd' });
  const map = Buffer.alloc(512);
  map.write('2\n1\n2\n40\n2\n');
  checkSparse(one(second, { name: 'x', content: Buffer.concat([map, Buffer.from(content)]) }), 50, {
    1: 'ab',
    40: 'cd',
  });
  for (const bad of ['1,2,2,2', '1,60', '1', '1,-2', '40,2,1,2', '1,5']) {
    const item = pax(['GNU.sparse.size', '50'], ['GNU.sparse.map', bad]);
    assert.throws(() => one(item, { name: 'x', content }), FormatError, bad);
  }
});

function checkSparse(entry: Read, size: number, parts: Readonly<Record<number, string>>): void {
  assert.equal(entry.size, size);
  const expected = Buffer.alloc(size);
  for (const [at, text] of Object.entries(parts)) expected.write(text, Number(at));
  const reader = sparseReader((at, length) => entry.content.subarray(at, at + length), entry.sparse!, entry.size);
  assert.deepEqual(Buffer.from(reader(0, size)), expected);
  for (let at = 0; at < Math.min(size, 400); at += 7) {
    assert.deepEqual(Buffer.from(reader(at, 50)), expected.subarray(at, at + 50));
  }
}

test('PAX records that do not add up', () => {
  for (const bad of ['5 a=b', '6 a=bc', '99 a=b\n', 'x a=b\n', ' a=b\n', '6 ab b\n', '6 a=b\n6', '11 path=a\0b\n']) {
    assert.throws(() => parsePax(Buffer.from(bad)), FormatError, JSON.stringify(bad));
  }
  assert.deepEqual(
    [...parsePax(Buffer.from('6 a=b\n8 cé=d\n'))],
    [
      ['a', 'b'],
      ['cé', 'd'],
    ],
  );
  assert.deepEqual([...parsePax(Buffer.from(paxRecord('__proto__', 'x')))], [['__proto__', 'x']]);
});

test('an extended header beyond the limit is refused by its size alone', () => {
  const item: TarItem = { name: 'x', flag: 'L', size: 2 ** 30 };
  assert.throws(() => new TarDecoder().block(makeTar([item]), 0), LimitError);
});

test('clean paths', () => {
  const cases: [string, string | undefined][] = [
    ['a/b', 'a/b'],
    ['/a/b', 'a/b'],
    ['./a//b/', 'a/b'],
    ['a/./b', 'a/b'],
    ['a/../b', 'b'],
    ['../a', undefined],
    ['a/../../b', undefined],
    ['/..', undefined],
    ['', ''],
    ['./', ''],
    ['..a/...', '..a/...'],
    ['a\\..\\b', 'a\\..\\b'],
  ];
  for (const [name, expected] of cases) assert.equal(cleanPath(name), expected, name);
  fc.assert(
    fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'b', '...'), { maxLength: 8 }), (parts) => {
      const clean = cleanPath(parts.join('/'));
      assert.ok(
        clean === undefined || clean === '' || clean.split('/').every((part) => !['', '.', '..'].includes(part)),
      );
    }),
  );
});

test('damaged archives end in a FormatError or LimitError, never otherwise', () => {
  const tar = makeTar([
    { name: 'a'.repeat(150), content: 'x'.repeat(700) },
    pax(['path', 'p']),
    { name: 'b', flag: 'S' },
  ]);
  const flips = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(flips, fc.boolean(), (changes, fix) => {
      const bytes = Buffer.from(tar);
      for (const [at, value] of changes) bytes[at] = value;
      if (fix) resum(bytes);
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof LimitError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});

function pair(h: Buffer, at: number, offset: number, length: number): void {
  h.write(offset.toString(8).padStart(11, '0'), at);
  h.write(length.toString(8).padStart(11, '0'), at + 12);
}

function resum(bytes: Buffer): void {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512);
    block.write('        ', 148);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
  }
}

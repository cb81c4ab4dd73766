import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { elfSymbols } from './elf.js';
import type { ExecutableFormat } from './executable-layout.js';
import { executableFormat, readExecutable, readMemory } from './executable.js';
import { type GoBuildInfo, readGoBuildInfo } from './go-buildinfo.js';
import { type ElfKind, makeElf, makeMachO, makePe, type SectionContent } from './fakes/make-executable.js';
import { bytesSource } from './zip.js';

const modules = [
  'path\texample.com/app/cmd/tool',
  'mod\texample.com/app\t(devel)\t',
  'dep\texample.com/a\tv1.2.3\th1:x',
  'dep\texample.com/b\tv1.0.0',
  '=>\t../b\t(devel)\t',
  'build\t-ldflags="-X \\"main.version=1.0\\" -s"',
  'build\tGOOS=linux',
  '',
].join('\n');
const wrapped = Buffer.concat([Buffer.alloc(16, 1), Buffer.from(modules), Buffer.alloc(16, 2)]);
const version = Buffer.from('go1.22.1');

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}

function header(pointerSize: number, flags: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write('\xff Go buildinf:', 'latin1');
  bytes[14] = pointerSize;
  bytes[15] = flags;
  return bytes;
}

const inline = Buffer.concat([header(8, 2), uvarint(version.length), version, uvarint(wrapped.length), wrapped]);

/** Before Go 1.18: pointers to string headers, which point to the strings. */
function pointed(address: number, { pointerSize, littleEndian }: ElfKind): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    const cut = bytes.subarray(0, pointerSize);
    return littleEndian ? cut : Buffer.from(cut).reverse();
  };
  const head = header(pointerSize, littleEndian ? 0 : 1);
  const strings = address + 32 + 4 * pointerSize;
  number(address + 32).copy(head, 16);
  number(address + 32 + 2 * pointerSize).copy(head, 16 + pointerSize);
  const headers = [strings, version.length, strings + version.length, wrapped.length].map(number);
  return Buffer.concat([head, ...headers, version, wrapped]);
}

function assertInfo(info: GoBuildInfo | undefined): void {
  assert.equal(info?.goVersion, 'go1.22.1');
  assert.deepEqual(info?.main, { path: 'example.com/app', version: '(devel)' });
  assert.deepEqual(info?.dependencies, [
    { path: 'example.com/a', version: 'v1.2.3' },
    { path: 'example.com/b', version: 'v1.0.0', replacement: { path: '../b', version: '(devel)' } },
  ]);
  assert.equal(info?.settings.get('-ldflags'), '-X "main.version=1.0" -s');
}

const text: SectionContent = { name: '.text', address: 0x400000, data: Buffer.from('code') };
const kinds: readonly ElfKind[] = ([4, 8] as const).flatMap((pointerSize) =>
  [true, false].map((littleEndian) => ({ pointerSize, littleEndian })),
);

for (const kind of kinds) {
  const name = `ELF ${kind.pointerSize * 8} bit ${kind.littleEndian ? 'little' : 'big'} endian`;
  test(`${name}: sections, memory, symbols`, () => {
    const symbols = [{ name: 'main.version.str', address: 0x400001, size: 2 }];
    const source = bytesSource(makeElf([text], kind, symbols));
    const executable = readExecutable(source)!;
    assert.deepEqual({ ...kind, format: 'elf' }, { ...kind, format: executable.format });
    assert.equal(executable.sections.find((section) => section.name === '.text')?.address, 0x400000);
    assert.deepEqual(
      elfSymbols(source, () => true).map(({ address, size }) => readMemory(source, executable, address, size)),
      [Buffer.from('od')],
    );
    assert.equal(readMemory(source, executable, 0x400002, 100).length, 2);
    assert.equal(readMemory(source, executable, 1, 100).length, 0);
  });
  test(`${name}: build information in both forms`, () => {
    for (const data of [inline, pointed(0x500000, kind)])
      for (const section of ['.go.buildinfo', '.data'])
        assertInfo(readGoBuildInfo(bytesSource(makeElf([{ name: section, address: 0x500000, data }], kind))));
  });
}

test('PE and Mach-O: build information', () => {
  const content = [{ name: '.data', address: 0x500000, data: inline }];
  assertInfo(readGoBuildInfo(bytesSource(makePe(content))));
  assertInfo(readGoBuildInfo(bytesSource(makeMachO([{ ...content[0]!, name: '__go_buildinfo' }]))));
  assertInfo(readGoBuildInfo(bytesSource(makeMachO(content))));
});

test('the mark is found behind other data, aligned only', () => {
  const data = Buffer.concat([Buffer.alloc(1024 * 1024 - 8), header(8, 2).subarray(0, 24), inline]);
  assert.equal((1024 * 1024 - 8 + 24) % 16, 0);
  assertInfo(readGoBuildInfo(bytesSource(makeElf([{ name: '.data', address: 0x500000, data }]))));
});

test('kinds of files by their first bytes', () => {
  const heads: readonly (readonly [Uint8Array, ExecutableFormat | undefined])[] = [
    [Buffer.from('\x7fELF'), 'elf'],
    [Buffer.from('MZ\x90\0'), 'pe'],
    [Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), 'mach-o'],
    [Buffer.from('#!/b'), undefined],
    [Buffer.alloc(0), undefined],
  ];
  for (const [head, expected] of heads) assert.equal(executableFormat(head), expected);
  assert.equal(readGoBuildInfo(bytesSource(Buffer.from('#!/bin/sh\n'))), undefined);
  assert.equal(readGoBuildInfo(bytesSource(makeElf([text]))), undefined);
});

test('damaged files throw nothing but FormatError or LimitError', () => {
  const samples = [
    makeElf([{ name: '.go.buildinfo', address: 0x500000, data: inline }], undefined, [
      { name: 'a', address: 1, size: 2 },
    ]),
    makeElf([{ name: '.data', address: 0x500000, data: pointed(0x500000, kinds[0]!) }], kinds[0]),
    makePe([{ name: '.data', address: 0x500000, data: inline }]),
    makeMachO([{ name: '.data', address: 0x500000, data: inline }]),
  ];
  for (const sample of samples) {
    for (let end = 0; end < sample.length; end += 3) attempt(sample.subarray(0, end));
    fc.assert(
      fc.property(fc.nat(sample.length - 1), fc.nat(255), (at, value) => {
        const copy = Buffer.from(sample);
        copy[at] = value;
        attempt(copy);
      }),
      { numRuns: 400 },
    );
  }
});

function attempt(bytes: Uint8Array): void {
  try {
    readGoBuildInfo(bytesSource(bytes));
    if (executableFormat(bytes) === 'elf') elfSymbols(bytesSource(bytes), () => true);
  } catch (error) {
    assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
  }
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeElf } from '#formats/fakes';
import { assertSurvivesBytes, binaryContext, binaryFile } from '../binary-file.test.kit.js';
import { goBinary } from './go-binary.js';
import { isPseudoVersion } from './main-version.js';

interface Build {
  readonly goVersion?: string;
  readonly main?: string;
  readonly dependencies?: string;
  readonly flags?: string;
  readonly symbols?: Readonly<Record<string, string>>;
}

/** A program with nothing but build information and symbols. */
function program({ goVersion = 'go1.22.1', main = '(devel)', dependencies = '', flags, symbols = {} }: Build): Buffer {
  const setting = flags === undefined ? '' : `build\t-ldflags=${JSON.stringify(flags)}\n`;
  const list = `path\texample.com/app\nmod\texample.com/app\t${main}\t\n${dependencies}${setting}`;
  const wrapped = Buffer.concat([Buffer.alloc(16, 1), Buffer.from(list), Buffer.alloc(16, 2)]);
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[15] = 2;
  const length = Buffer.from([(wrapped.length & 0x7f) | 0x80, wrapped.length >> 7]);
  const data = Buffer.concat([header, Buffer.from([goVersion.length]), Buffer.from(goVersion), length, wrapped]);
  let address = 0x600000;
  const table = Object.entries(symbols).map(([name, text]) => {
    const size = text.length + 1;
    address += size;
    return { name: `${name}.str`, address: address - size, size };
  });
  const texts = Buffer.from(
    Object.values(symbols)
      .map((text) => `${text}\0`)
      .join(''),
  );
  const contents = [
    { name: '.go.buildinfo', address: 0x500000, data },
    { name: '.rodata', address: 0x600000, data: texts },
  ];
  return makeElf(contents, undefined, table);
}

function rowsOf(bytes: Uint8Array, reports: string[] = []): readonly string[] | undefined {
  return goBinary
    .extract(binaryFile('usr/bin/app', bytes), binaryContext(reports))
    ?.applications[0]?.packages.map(({ id, version, relationship }) => `${id} ${version} ${relationship ?? '-'}`);
}

test('modules with replacements', () => {
  const dependencies =
    'dep\texample.com/a\tv1.0.0\th1:x\ndep\texample.com/b\tv1.0.0\n=>\texample.com/fork\tv1.1.0\th1:x\n';
  assert.deepEqual(rowsOf(program({ dependencies })), [
    'example.com/app  root',
    'stdlib@v1.22.1 v1.22.1 direct',
    'example.com/a@v1.0.0 v1.0.0 -',
    'example.com/fork@v1.1.0 v1.1.0 -',
  ]);
});

test('what the linker appends to the toolchain version is dropped', () => {
  for (const goVersion of ['go1.22.1 X:boringcrypto', 'go1.22.1-X:nocoverageredesign'])
    assert.equal(rowsOf(program({ goVersion }))?.[1], 'stdlib@v1.22.1 v1.22.1 direct');
  const reports: string[] = [];
  assert.equal(rowsOf(program({ goVersion: 'devel go1.23-abcdef' }), reports)?.length, 1);
  assert.deepEqual(reports, ['unknown-toolchain']);
});

const pseudo = 'v0.0.0-20240101000000-abcdefabcdef';
const versions: readonly (readonly [Build, string])[] = [
  [{ main: 'v1.4.0', flags: '-X main.version=1.0.0' }, 'v1.4.0'],
  [{ flags: '-s -w -X main.version=1.0.0' }, '1.0.0'],
  [{ flags: "-X 'main.version=v1.0.0' -X=main.commit=abc" }, 'v1.0.0'],
  [{ flags: '-X main.version=1.0.0 -X example.com/app/cmd/x.Version=2.0.0' }, '2.0.0'],
  [{ flags: '-X example.com/other.version=3.0.0' }, '3.0.0'],
  [{ flags: '-X main.version=1.0.0 -X common.version=2.0.0' }, ''],
  [{ flags: '-X main.version=1.0.0 -X common.version=1.0.0' }, '1.0.0'],
  [{ main: pseudo, flags: '-X main.version=dev' }, pseudo],
  [{ main: pseudo, symbols: { 'main.version': '1.5.0', 'main.commit': '2.0.0' } }, '1.5.0'],
  [{ symbols: { 'main.version': 'unknown' } }, ''],
];

for (const [build, expected] of versions)
  test(`main version of ${JSON.stringify(build)}`, () => {
    const found = goBinary.extract(binaryFile('a', program(build)), binaryContext());
    assert.equal(found?.applications[0]?.packages[0]?.version, expected);
  });

test('pseudo-versions', () => {
  for (const version of [pseudo, 'v1.2.4-0.20240101000000-abcdefabcdef', 'v1.2.4-rc.1.0.20240101000000-abcdefabcdef'])
    assert.ok(isPseudoVersion(version), version);
  for (const version of ['v1.2.3', 'v1.2.3-rc.1', '(devel)']) assert.ok(!isPseudoVersion(version), version);
});

test('other executables yield nothing', () => {
  assert.equal(rowsOf(makeElf([])), undefined);
  assert.ok(goBinary.sniff(makeElf([])));
  assert.ok(!goBinary.sniff(Buffer.from('#!/bin/sh')));
});

test('damaged files', () =>
  assertSurvivesBytes(program({ symbols: { 'main.version': '1.5.0' } }), (bytes) => rowsOf(bytes)));

test('programs of the installed toolchain', { skip: !hasGo() }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'go-binary-'));
  try {
    writeFileSync(join(directory, 'go.mod'), 'module example.com/tiny\ngo 1.20\n');
    writeFileSync(join(directory, 'main.go'), 'package main\nvar version = "dev"\nfunc main() { println(version) }\n');
    const variants = [
      { flags: ['-ldflags', '-X main.version=1.2.3'], version: '1.2.3' },
      { flags: ['-trimpath', '-ldflags', '-X main.version=1.2.3'], version: '1.2.3' },
      { flags: ['-trimpath', '-ldflags', '-s -w -X main.version=1.2.3'], version: '' },
    ];
    for (const { flags, version } of variants) {
      const environment = { ...process.env, GOFLAGS: '', GOPROXY: 'off', CGO_ENABLED: '0', GOOS: 'linux' };
      execFileSync('go', ['build', '-buildvcs=false', '-o', 'tiny', ...flags, '.'], {
        cwd: directory,
        env: environment,
      });
      const [root, library] = rowsOf(readFileSync(join(directory, 'tiny'))) ?? [];
      assert.equal(root, `example.com/tiny${version && `@v${version}`} ${version} root`);
      assert.match(library ?? '', /^stdlib@v1\.\d+/);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function hasGo(): boolean {
  try {
    execFileSync('go', ['version']);
    return true;
  } catch {
    return false;
  }
}

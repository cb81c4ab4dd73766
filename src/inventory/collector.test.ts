import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError, LimitError, limits, PratiqueError } from '#base';
import type { SourceFile } from '#model';
import { createCollector } from './collector.js';
import { defineExtractor, type ExtractContext, type Extraction, type Extractor } from './extractor.js';
import { planExtraction } from './plan.js';

const plan = (extractors: readonly Extractor[]) =>
  planExtraction(extractors, { target: 'systems', extract: { includeDev: false, detection: 'precise' } });

function file(path: string, content = '', mode = 0o644): SourceFile {
  const bytes = Buffer.from(content);
  return {
    path,
    size: bytes.length,
    mode,
    bytes: () => bytes,
    text: () => content,
    read: (at, n) => bytes.subarray(at, at + n),
  };
}

/** An extractor of `*.list` files: one package a line, or whatever `extract` says. */
function lister(
  extract?: (file: SourceFile, context: ExtractContext) => Extraction | undefined,
  more: Partial<Extractor> = {},
) {
  return defineExtractor({
    id: 'made/list',
    type: 'list',
    name: 'list',
    runsOn: 'systems',
    revision: 1,
    files: ['**/*.list'],
    extract:
      extract ??
      ((source) => ({
        applications: [
          {
            type: 'list',
            path: source.path,
            packages: source
              .text()
              .split('\n')
              .filter(Boolean)
              .map((name) => ({ name, version: '1' })),
          },
        ],
      })),
    ...more,
  });
}

async function collect(extractors: readonly Extractor[], files: readonly SourceFile[]) {
  const collector = createCollector(plan(extractors));
  for (const one of files) {
    const want = collector.want(one);
    if (want === 'read' || (want === 'sniff' && collector.sniff(one, one.read(0, 16)))) await collector.visit(one);
  }
  return collector.finish({ diffId: 'sha256:1' });
}

test('packages are stamped with their analysis and a UID, files in path order', async () => {
  const record = await collect([lister()], [file('b.list', 'x'), file('a.list', 'y'), file('other', 'z')]);
  assert.deepEqual(
    record.applications.map((app) => [app.path, app.packages.map((p) => [p.name, p.analyzedBy])]),
    [
      ['a.list', [['y', 'list']]],
      ['b.list', [['x', 'list']]],
    ],
  );
  assert.match(record.applications[0]!.packages[0]!.uid!, /^[0-9a-f]{1,16}$/);
  assert.equal(record.diffId, 'sha256:1');
});

for (const [title, error, code] of [
  ['a format error', new FormatError('no list'), 'list/invalid'],
  ['a limit', new LimitError('the list', 1), 'list/too-large'],
  ['a bug', new TypeError('x is undefined'), 'extractor/crashed'],
] as const) {
  test(`${title} costs that file only, and hides what lay there before`, async () => {
    const failing = lister((source) => {
      if (source.path === 'bad.list') throw error;
      return { applications: [{ type: 'list', path: source.path, packages: [{ name: 'p', version: '1' }] }] };
    });
    const record = await collect([failing], [file('bad.list'), file('good.list')]);
    assert.deepEqual(
      record.applications.map((app) => app.path),
      ['good.list'],
    );
    assert.deepEqual(
      record.diagnostics.map((d) => [d.code, d.path, d.severity]),
      [[code, 'bad.list', 'error']],
    );
    assert.deepEqual(record.whiteouts, ['bad.list']);
  });
}

test('an error of the operation is not turned into a diagnostic', async () => {
  const broken = lister(() => {
    throw new PratiqueError('scan/interrupted');
  });
  await assert.rejects(collect([broken], [file('a.list')]), { code: 'scan/interrupted' });
});

test('companions are there when their extractor runs, whatever the order of files', async () => {
  const seen: unknown[] = [];
  const pairs = lister(
    (source, context) => {
      seen.push([
        source.path,
        context.sibling('a/names.txt')?.text(),
        context.companionsUnder('a'),
        context.companionsUnder(''),
      ]);
      return undefined;
    },
    { companions: ['**/*.txt'] },
  );
  await collect([pairs], [file('a/x.list'), file('a/names.txt', 'n'), file('b/other.txt')]);
  assert.deepEqual(seen, [['a/x.list', 'n', ['a/names.txt'], ['a/names.txt', 'b/other.txt']]]);
});

test('language packages that the distribution owns are left to it', async () => {
  const owner = defineExtractor({
    id: 'made/db',
    type: 'os',
    name: 'db',
    runsOn: 'systems',
    revision: 1,
    files: ['db'],
    extract: () => ({ ownedFiles: ['usr/x.list'], packages: [{ name: 'x', version: '1' }] }),
  });
  const record = await collect([owner, lister()], [file('usr/x.list', 'x'), file('opt/x.list', 'x'), file('db')]);
  assert.deepEqual(
    record.applications.map((app) => app.path),
    ['opt/x.list'],
  );
  assert.deepEqual(
    record.packageFiles.map((f) => f.path),
    ['db'],
  );
});

test('executables are offered by their first bytes; those nobody wants hide what lay there', async () => {
  const binaries = lister(undefined, { files: [], executables: true, sniff: (head) => head[0] === 0x7f });
  const record = await collect(
    [binaries],
    [file('bin/a', '\x7fELF', 0o755), file('bin/b', '#!/bin/sh', 0o755), file('bin/c', '\x7fELF')],
  );
  assert.deepEqual(
    record.applications.map((app) => app.path),
    ['bin/a'],
  );
  assert.deepEqual(record.whiteouts, ['bin/b']);
});

test('of a file with too many packages the first are kept, and a diagnostic tells', async () => {
  const many = (count: number) => 'p\n'.repeat(count);
  const record = await collect([lister()], [file('a.list', many(limits.packagesOfFile + 5)), file('b.list', many(3))]);
  assert.deepEqual(
    record.applications.map((app) => [app.path, app.packages.length]),
    [
      ['a.list', limits.packagesOfFile],
      ['b.list', 3],
    ],
  );
  assert.deepEqual(
    record.diagnostics.map((d) => [d.code, d.severity, d.path]),
    [['list/incomplete', 'error', 'a.list']],
  );
});

test('of a tree with too many packages the first are kept', async () => {
  const each = limits.packagesOfFile - 1;
  const files = ['a.list', 'b.list', 'c.list', 'd.list'].map((path) => file(path, 'p\n'.repeat(each)));
  const record = await collect([lister()], files);
  const counts = record.applications.map((app) => app.packages.length);
  assert.deepEqual(counts, [each, each, limits.packages - 2 * each]);
  assert.deepEqual(
    record.diagnostics.map((d) => d.path),
    ['c.list', 'd.list'],
  );
});

test('a lock file beyond its limit is not read', async () => {
  const big = { ...file('a.list'), size: limits.lockFile + 1, text: () => assert.fail('was read') };
  const collector = createCollector(
    planExtraction([lister(undefined, { runsOn: 'sources' })], {
      target: 'sources',
      extract: { includeDev: false, detection: 'precise' },
    }),
  );
  assert.equal(collector.want(big), 'read');
  await collector.visit(big);
  const { diagnostics } = await collector.finish();
  assert.deepEqual(
    diagnostics.map((d) => d.code),
    ['list/too-large'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError, limits } from '#base';
import { makeTar, paxRecord, type TarItem } from '#formats/fakes';
import type { FileEntry, SourceFile, TreeVisitor, Want } from '#model';
import { createSpoolFile, randomAccessOf, type SpoolFile } from '#platform';
import { createPathFilter, type PathFilter } from './path-filter.js';
import { walkArchive } from './walk-archive.js';
import { walkStream } from './walk-stream.js';

interface Seen extends TreeVisitor {
  readonly files: SourceFile[];
  readonly log: string[];
}

function visitor(want: (entry: FileEntry) => Want = () => 'read', sniff = (_head: Uint8Array): boolean => true): Seen {
  const files: SourceFile[] = [];
  const log: string[] = [];
  return {
    files,
    log,
    want,
    sniff: (entry, head) => (log.push(`sniff ${entry.path} ${head.length}`), sniff(head)),
    visit: (file) => void files.push(file),
    hide: (path, kind) => void log.push(`${kind} ${path}`),
    report: (code, _, path) => void log.push(`${code} ${path ?? ''}`),
  };
}

const contents = (seen: Seen): string[] => seen.files.map((file) => `${file.path}=${file.text()}`);

const byPlace = async (tar: Uint8Array, seen: Seen, filter?: PathFilter): Promise<void> =>
  walkArchive(randomAccessOf(tar), seen, { filter });

/** Chunks of the given sizes, over and over. */
async function byStream(
  tar: Uint8Array,
  seen: Seen,
  filter?: PathFilter,
  sizes: readonly number[] = [1000],
): Promise<number> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0, i = 0; at < tar.length; i++) {
      const size = Math.max(1, sizes[i % sizes.length]!);
      yield tar.subarray(at, at + size);
      at += size;
    }
  }
  let spool: SpoolFile | undefined;
  return (await walkStream(chunks(), seen, { filter, spool: () => (spool ??= createSpoolFile()) })).size;
}

async function both(items: readonly TarItem[], make: () => Seen, filter?: PathFilter): Promise<Seen> {
  const tar = makeTar(items);
  const placed = make();
  const streamed = make();
  await byPlace(tar, placed, filter);
  assert.equal(await byStream(tar, streamed, filter), tar.length);
  assert.deepEqual(contents(streamed), contents(placed));
  assert.deepEqual(streamed.log, placed.log);
  return placed;
}

test('regular files are visited under clean names, all else is passed over', async () => {
  const seen = await both(
    [
      { name: './' },
      { name: 'etc/' },
      { name: './etc/os-release', content: 'a', mode: 0o640 },
      { name: '/abs//olute', content: 'b' },
      { name: 'in/../side', content: 'c' },
      { name: '../../out', content: 'd' },
      { name: 'sym', flag: '2', link: 'etc/os-release' },
      { name: 'fifo', flag: '6' },
      { name: 'device', flag: '3' },
      { name: 'empty' },
    ],
    visitor,
  );
  assert.deepEqual(contents(seen), ['etc/os-release=a', 'abs/olute=b', 'side=c', 'empty=']);
  assert.deepEqual(seen.log, ['walk/unsafe-path ../../out']);
  assert.equal(seen.files[0]?.mode, 0o640);
});

test('whiteouts', async () => {
  const names = [
    'a/.wh.b',
    '.wh.top',
    'a/.wh..wh..opq',
    '.wh..wh..opq',
    '.wh..wh.plnk',
    'a/.wh.',
    'a/.wh...',
    'a/.wh..',
  ];
  const seen = await both(
    names.map((name) => ({ name })),
    visitor,
  );
  assert.deepEqual(seen.files, []);
  assert.deepEqual(seen.log, [
    'whiteout a/b',
    'whiteout top',
    'opaque a',
    'opaque ',
    'walk/unsafe-path a/.wh...',
    'walk/unsafe-path a/.wh..',
  ]);
});

test('skipped files and directories', async () => {
  const filter = createPathFilter({ skipFiles: ['**/*.md', '/x'], skipDirs: ['app', '**/node_modules'] });
  const names = ['app/a', 'a.md', 'd/b.md', 'x', 'y/x', 'lib/node_modules/p/q', 'lib/app/r'];
  const seen = await both(
    names.map((name) => ({ name })),
    visitor,
    filter,
  );
  assert.deepEqual(
    seen.files.map((file) => file.path),
    ['y/x', 'lib/app/r'],
  );
});

const make = (): Seen =>
  visitor(
    () => 'sniff',
    (head) => head[0] === 0x45,
  );

test('the first bytes decide where the visitor asks for them', async () => {
  const content = 'ELF' + 'x'.repeat(9000);
  const seen = await both(
    [{ name: 'a', content }, { name: 'b', content: 'no' }, { name: 'c' }, { name: 'd', content: 'E' }],
    make,
  );
  assert.deepEqual(contents(seen), [`a=${content}`, 'd=E']);
  assert.deepEqual(seen.log, ['sniff a 4096', 'sniff b 2', 'sniff c 0', 'sniff d 1']);
});

test('a large file goes through a spool file and reads the same', async () => {
  const content = Buffer.alloc(limits.spoolThreshold + 100_000, 'abcdefg');
  for (const want of ['read', 'sniff'] as const) {
    const seen = visitor(() => want);
    await byStream(
      makeTar([
        { name: 'big', content },
        { name: 'big2', content },
      ]),
      seen,
      undefined,
      [70_001],
    );
    assert.equal(seen.files.length, 2);
    for (const file of seen.files) {
      assert.ok(content.equals(file.bytes()));
      assert.deepEqual(file.read(12_345, 10), new Uint8Array(content.subarray(12_345, 12_355)));
      assert.equal(file.read(content.length - 3, 10).length, 3);
      assert.equal(file.read(content.length + 3, 10).length, 0);
    }
  }
});

test('sparse files read with their holes', async () => {
  const pax = ['GNU.sparse.size', '20', 'GNU.sparse.map', '5,3,15,2'];
  const content = paxRecord(pax[0]!, pax[1]!) + paxRecord(pax[2]!, pax[3]!);
  const items: TarItem[] = [
    { name: 'p', flag: 'x', content },
    { name: 's', content: 'abcde' },
  ];
  for (const want of ['read', 'sniff'] as const) {
    const seen = await both(items, () => visitor(() => want));
    assert.deepEqual(contents(seen), [`s=${'\0'.repeat(5)}abc${'\0'.repeat(7)}de${'\0'.repeat(3)}`]);
  }
});

const wantLocks = ({ path }: FileEntry): Want => (path.includes('lock') ? 'read' : 'skip');

test('a hard link counts only when its target is not wanted under its own name', async () => {
  const items: TarItem[] = [
    { name: 'store/0123', content: 'old' },
    { name: 'store/0123', content: 'content' },
    { name: 'lock', flag: '1', link: './store/0123' },
    { name: 'store/0123', content: 'later' },
    { name: 'lock2', content: 'own' },
    { name: 'copy/lock2', flag: '1', link: 'lock2' },
    { name: 'lock3', flag: '1', link: 'nowhere' },
    { name: 'lock4', flag: '1', link: '../outside' },
  ];
  const placed = visitor(wantLocks);
  await byPlace(makeTar(items), placed);
  assert.deepEqual(contents(placed), ['lock2=own', 'lock=content']);
  assert.deepEqual(placed.log, ['walk/unsafe-path lock4', 'walk/hard-link lock3']);
  const streamed = visitor(wantLocks);
  await byStream(makeTar(items), streamed);
  assert.deepEqual(contents(streamed), ['lock2=own']);
  assert.deepEqual(streamed.log, ['walk/hard-link lock', 'walk/hard-link lock3', 'walk/unsafe-path lock4']);
});

const names = fc
  .array(fc.constantFrom('a', 'b', 'usr', 'lib', '.', '..', 'ü', 'x'.repeat(60), '.wh.a', '.wh..wh..opq'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('/'));
const item = fc
  .record({
    name: names,
    content: fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.nat(40_000).map((n) => new Uint8Array(n).fill(n)),
    ),
    flag: fc.constantFrom('0', '0', '0', '5', '2', '7'),
  })
  .map(({ name, content, flag }): TarItem => (/[25]/.test(flag) ? { name, flag } : { name, flag, content }));
const chunkSizes = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 5 });

test('both walks of any tree see the same, however the stream is cut', async () => {
  const wants: Want[] = ['read', 'sniff', 'skip'];
  const make = (): Seen =>
    visitor(
      (entry) => wants[(entry.path.length + entry.size) % 3]!,
      (head) => head.length % 2 === 0,
    );
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 12 }), chunkSizes, async (items, sizes) => {
      const tar = makeTar(items);
      const placed = make();
      const streamed = make();
      await byPlace(tar, placed);
      await byStream(tar, streamed, undefined, sizes);
      assert.deepEqual(contents(streamed), contents(placed));
      assert.deepEqual(streamed.log, placed.log);
    }),
    { numRuns: 60 },
  );
});

const outcome = async (walk: (seen: Seen) => Promise<unknown>): Promise<string> => {
  const seen = visitor();
  try {
    await walk(seen);
    return JSON.stringify([contents(seen), seen.log]);
  } catch (error) {
    if (error instanceof FormatError || error instanceof LimitError) return error.name;
    throw error;
  }
};

const alike = async (bytes: Uint8Array): Promise<void> => {
  const placed = await outcome((seen) => byPlace(bytes, seen));
  assert.equal(await outcome((seen) => byStream(bytes, seen, undefined, [333])), placed);
};

test('damage ends both walks alike: in the same files, or in a FormatError or LimitError', async () => {
  const tar = makeTar([
    { name: 'a'.repeat(150), content: 'x'.repeat(700) },
    { name: 'p', flag: 'x', content: paxRecord('path', 'renamed') },
    { name: 'b', content: 'y'.repeat(100) },
    { name: 'c', flag: '1', link: 'b' },
  ]);
  for (let length = 0; length <= tar.length; length += 97) await alike(tar.subarray(0, length));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (flips) => {
        const bytes = Buffer.from(tar);
        for (const [at, value] of flips) bytes[at] = value;
        await alike(bytes);
      },
    ),
    { numRuns: 100 },
  );
});

test('a cancelled walk ends', async () => {
  const tar = makeTar(Array.from({ length: 9000 }, (_, i) => ({ name: `f${i}` })));
  const signal = AbortSignal.abort(new Error('cancelled'));
  await assert.rejects(walkArchive(randomAccessOf(tar), visitor(), { signal }), /cancelled/);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield tar;
  }
  await assert.rejects(walkStream(chunks(), visitor(), { signal, spool: createSpoolFile }), /cancelled/);
});

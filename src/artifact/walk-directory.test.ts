import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { FormatError, PratiqueError } from '#base';
import type { FileEntry, SourceFile, TreeVisitor, Want } from '#model';
import { createPathFilter } from './path-filter.js';
import { walkDirectory } from './walk-directory.js';

const root = mkdtempSync(join(tmpdir(), 'walk-directory-'));
after(() => rmSync(root, { recursive: true, force: true }));

function tree(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), content);
  }
  return join(root, name);
}

function visitor(
  want: (entry: FileEntry) => Want = () => 'read',
  visit?: (file: SourceFile) => void,
): TreeVisitor & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    want,
    sniff: (_, head) => head[0] === 0x45,
    visit: visit ?? ((file) => void log.push(`${file.path}=${file.text()}`)),
    hide: () => assert.fail('directories hide nothing'),
    report: (code, _, path) => void log.push(`${code} ${path ?? ''}`),
  };
}

async function walked(place: string, skip?: { skipDirs?: string[]; skipFiles?: string[] }): Promise<string[]> {
  const seen = visitor();
  const filter = createPathFilter({ ...skip, directory: { root: place, cwd: root } });
  await walkDirectory(place, seen, { filter });
  return seen.log;
}

test('files in order, links and special files passed over', async () => {
  const place = tree('order', { 'b/2': '2', 'b/1': '1', a: 'a', 'b.x': 'x', ü: 'u' });
  symlinkSync('a', join(place, 'link'));
  symlinkSync('..', join(place, 'b', 'up'));
  symlinkSync('nowhere', join(place, 'dangling'));
  execFileSync('mkfifo', [join(place, 'pipe')]);
  assert.deepEqual(await walked(place), ['a=a', 'b.x=x', 'ü=u', 'b/1=1', 'b/2=2']);
});

test('skips', async () => {
  const place = tree('skips', {
    '.git/config': '',
    'a/.git/x': '',
    'proc/1': '',
    'sub/dev/y': 'y',
    'sub/z': 'z',
    keep: 'k',
  });
  assert.deepEqual(await walked(place), ['keep=k', 'sub/z=z', 'sub/dev/y=y']);
  assert.deepEqual(await walked(place, { skipDirs: ['sub'] }), ['keep=k']);
  assert.deepEqual(await walked(place, { skipDirs: ['./skips/sub'], skipFiles: ['keep'] }), []);
});

test('a single file, also through a link', async () => {
  const place = tree('single', { 'go.sum': 'sum' });
  symlinkSync('go.sum', join(place, 'link'));
  assert.deepEqual(await walked(join(place, 'go.sum')), ['go.sum=sum']);
  assert.deepEqual(await walked(join(place, 'link')), ['link=sum']);
  symlinkSync('single', join(root, 'linked-root'));
  assert.deepEqual(await walked(join(root, 'linked-root')), ['go.sum=sum']);
});

test('size and mode, the first bytes, ranges', async () => {
  const place = tree('facts', { run: `E${'x'.repeat(9000)}`, text: 'text' });
  chmodSync(join(place, 'run'), 0o755);
  const seen: string[] = [];
  const want = (entry: FileEntry): Want => (
    seen.push(`${entry.path} ${entry.size} ${entry.mode.toString(8)}`),
    'sniff'
  );
  const files: SourceFile[] = [];
  await walkDirectory(
    place,
    visitor(want, (file) => void files.push(file)),
  );
  assert.match(seen.join(), /^run 9001 755,text 4 6\d\d$/);
  assert.deepEqual(
    files.map((file) => file.path),
    ['run'],
  );
  assert.deepEqual(Buffer.from(files[0]!.read(8999, 10)).toString(), 'xx', 'readable after the walk');
  assert.equal(files[0]!.bytes().length, 9001);
});

const missing = (error: unknown): boolean => error instanceof PratiqueError && error.code === 'file/not-found';

test('a root that is not there', async () => {
  await assert.rejects(walked(join(root, 'nope')), missing);
  await assert.rejects(walked(tree('file', { x: '' }) + '/x/y'), PratiqueError);
});

test('what cannot be read is reported, and the walk goes on', async () => {
  const place = tree('vanishing', { a: 'a', b: 'b', c: 'c' });
  const remove = (entry: FileEntry): Want => (entry.path === 'b' && unlinkSync(join(place, 'b')), 'read');
  const seen = visitor(remove);
  await walkDirectory(place, seen);
  assert.deepEqual(seen.log, ['a=a', 'walk/unreadable b', 'c=c']);
  if (process.getuid?.() === 0) return; // nothing is unreadable to root
  mkdirSync(join(place, 'locked'), { mode: 0 });
  chmodSync(join(place, 'c'), 0);
  assert.deepEqual(await walked(place), ['a=a', 'walk/unreadable c', 'walk/unreadable locked']);
});

test('a file that was swapped for a link is not followed', async () => {
  const place = tree('swapped', { a: 'a', secret: 's' });
  const swap = (entry: FileEntry): Want => {
    if (entry.path !== 'a') return 'skip';
    unlinkSync(join(place, 'a'));
    symlinkSync('secret', join(place, 'a'));
    return 'read';
  };
  const seen = visitor(swap);
  await walkDirectory(place, seen);
  assert.deepEqual(seen.log, ['walk/unreadable a']);
});

test('a file that is gone after the walk costs only itself', async () => {
  const place = tree('later', { a: 'a' });
  const files: SourceFile[] = [];
  await walkDirectory(
    place,
    visitor(undefined, (file) => void files.push(file)),
  );
  unlinkSync(join(place, 'a'));
  assert.throws(() => files[0]!.text(), FormatError);
});

test('a cancelled walk ends', async () => {
  const place = tree('many', {});
  for (let i = 0; i < 600; i++) mkdirSync(join(root, 'many', String(i)), { recursive: true });
  const signal = AbortSignal.abort(new Error('cancelled'));
  await assert.rejects(walkDirectory(place, visitor(), { signal }), /cancelled/);
});

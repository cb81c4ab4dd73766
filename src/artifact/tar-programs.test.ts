/** Archives as the common programs write them, in every format each knows; programs that are not installed are left out. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createSpoolFile, openRandomAccess } from '#platform';
import type { SourceFile } from '#model';
import { chunksOf } from './layer-source.js';
import { walkArchive } from './walk-archive.js';
import { walkStream } from './walk-stream.js';

const root = mkdtempSync(join(tmpdir(), 'tar-programs-'));
after(() => rmSync(root, { recursive: true }));

const long = `${'directory-'.repeat(9)}/${'file-'.repeat(30)}`;
const expected = new Map<string, string>([
  ['plain', 'plain content'],
  ['empty', ''],
  ['Ünïcödé', 'ü'],
  [long, 'long'],
  ['block', 'x'.repeat(512)],
  ['blocks', 'y'.repeat(100_001)],
]);
const tree = join(root, 'tree');
mkdirSync(join(tree, long.split('/')[0]!), { recursive: true });
for (const [name, content] of expected) writeFileSync(join(tree, name), content);
symlinkSync('plain', join(tree, 'symlink'));
symlinkSync('t'.repeat(200), join(tree, 'long-symlink'));

const sparse = join(root, 'sparse');
mkdirSync(sparse);
const SPARSE_SIZE = 6 * 1024 * 1024;
writeFileSync(join(sparse, 'holes'), '');
truncateSync(join(sparse, 'holes'), SPARSE_SIZE);
const holes = openSync(join(sparse, 'holes'), 'r+');
for (let i = 0; i < 60; i++) writeSync(holes, `data ${i}`, i * 98_304);

const available = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

async function files(tar: string): Promise<Map<string, string>> {
  const archive = openRandomAccess(tar);
  const results: Map<string, string>[] = [];
  const visitor = () => {
    const seen = new Map<string, string>();
    results.push(seen);
    return {
      want: () => 'read' as const,
      sniff: () => true,
      visit: (file: SourceFile) => void seen.set(file.path, file.text()),
      hide: () => assert.fail(),
      report: (code: string) => assert.fail(code),
    };
  };
  await walkArchive(archive, visitor());
  const spool = createSpoolFile();
  const { size } = await walkStream(chunksOf(archive), visitor(), { spool: () => spool });
  assert.equal(size, archive.size);
  assert.deepEqual(results[1], results[0]);
  spool.close();
  archive.close();
  return results[0]!;
}

/** The long names do not fit the old formats. */
const withoutLong = new Map([...expected].filter(([name]) => name !== long));
const short = ['plain', 'empty', 'Ünïcödé', 'block', 'blocks', 'symlink'];

for (const format of ['gnu', 'oldgnu', 'pax', 'ustar', 'v7']) {
  test(`GNU tar, ${format}`, { skip: !available('tar') }, async () => {
    const tar = join(root, `gnu-${format}.tar`);
    const old = format === 'ustar' || format === 'v7';
    execFileSync('tar', [`--format=${format}`, '-cf', tar, '-C', tree, ...(old ? short : ['.'])]);
    assert.deepEqual(sorted(await files(tar)), sorted(old ? withoutLong : expected));
  });
}

for (const version of ['0.0', '0.1', '1.0', 'gnu']) {
  test(`GNU tar, sparse ${version}`, { skip: !available('tar') }, async () => {
    const tar = join(root, `sparse-${version}.tar`);
    const format = version === 'gnu' ? ['--format=gnu'] : ['--format=pax', `--sparse-version=${version}`];
    execFileSync('tar', [...format, '--sparse', '-cf', tar, '-C', sparse, 'holes']);
    const content = (await files(tar)).get('holes')!;
    assert.equal(content.length, SPARSE_SIZE);
    for (let i = 0; i < 60; i++) assert.equal(content.slice(i * 98_304, i * 98_304 + 10), `data ${i}`.padEnd(10, '\0'));
    assert.equal(content.replaceAll('\0', '').length, 60 * 5 + 10 + 50 * 2);
  });
}

for (const format of ['gnutar', 'pax', 'ustar', 'v7']) {
  test(`bsdtar, ${format}`, { skip: !available('bsdtar') }, async () => {
    const tar = join(root, `bsd-${format}.tar`);
    const old = format === 'ustar' || format === 'v7';
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    execFileSync('bsdtar', [`--format=${format}`, '-cf', tar, '-C', tree, ...(old ? short : ['.'])], { env });
    assert.deepEqual(sorted(await files(tar)), sorted(old ? withoutLong : expected));
  });
}

test('bsdtar, sparse', { skip: !available('bsdtar') }, async () => {
  const tar = join(root, 'bsd-sparse.tar');
  execFileSync('bsdtar', ['--format=pax', '-cf', tar, '-C', sparse, 'holes']);
  const content = (await files(tar)).get('holes')!;
  assert.equal(content.length, SPARSE_SIZE);
  assert.equal(content.slice(98_304, 98_312), 'data 1\0\0');
});

test('Python tarfile, all formats', { skip: !available('python3') }, async () => {
  const script = `
import sys, tarfile
for name, format in (('ustar', tarfile.USTAR_FORMAT), ('gnu', tarfile.GNU_FORMAT), ('pax', tarfile.PAX_FORMAT)):
    with tarfile.open(sys.argv[1] + '/py-' + name + '.tar', 'w', format=format, pax_headers={'comment': 'global'} if name == 'pax' else None) as tar:
        for path in sys.argv[3:] if name == 'ustar' else ['.']:
            tar.add(sys.argv[2] + '/' + path, path)
`;
  execFileSync('python3', ['-c', script, root, tree, ...short]);
  for (const format of ['ustar', 'gnu', 'pax']) {
    const old = format === 'ustar';
    assert.deepEqual(sorted(await files(join(root, `py-${format}.tar`))), sorted(old ? withoutLong : expected), format);
  }
});

test('a hard link of GNU tar is passed over when its target is wanted', { skip: !available('tar') }, async () => {
  const place = join(root, 'links');
  mkdirSync(place);
  writeFileSync(join(place, 'a'), 'a');
  linkSync(join(place, 'a'), join(place, 'b'));
  const tar = join(root, 'links.tar');
  execFileSync('tar', ['-cf', tar, '-C', place, 'a', 'b']);
  assert.deepEqual([...(await files(tar))], [['a', 'a']]);
});

const sorted = (map: ReadonlyMap<string, string>): string[] =>
  [...map].map(([name, content]) => `${name}=${content.slice(0, 50)}${content.length}`).sort();

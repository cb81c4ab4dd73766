/** Many processes at once, processes that are ended, and directories that cannot be written. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDockerArchive, makeImage } from '#artifact/fakes';
import { mediaTypes } from '#oci';
import { fakeRegistry } from '#oci/fakes';
import { writeDatabase } from './kit/database.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage } from './kit/images.js';
import { peakOf } from './kit/peak.js';
import { environment, pratique, program, type Ran } from './kit/program.js';
import { findingsOf } from './kit/report.js';
import { without } from './kit/tools.js';
import { workplace } from './kit/workplace.js';

const { at, folder, offline } = workplace();
const IMAGES = 6;
for (let i = 0; i < IMAGES; i++) {
  const { layers, ...rest } = alpineImage();
  const own = [{ name: `srv/${i}`, content: String(i) }];
  writeFileSync(at(`${i}.tar`), makeDockerArchive({ ...rest, layers: [...layers, own] }));
}
const leftovers = (directory: string): string[] =>
  (readdirSync(directory, { recursive: true }) as string[]).filter((name) => /(?:^|\/)\./.test(name));

test('eight at a time by xargs, with one cache directory', { skip: without('xargs') }, () => {
  const names = Array.from({ length: 24 }, (_, i) => at(`${i % IMAGES}.tar`));
  const shared = at('shared');
  writeDatabase(shared);
  const args = ['-P', '8', '-I', '{}', ...program, 'image', '--cache-dir', shared, '--skip-db-update', '--quiet'];
  const ran = spawnSync('xargs', [...args, '--format', 'json', '--output', '{}.json', '--input', '{}'], {
    input: names.join('\n'),
    env: environment(),
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, ran.stderr);
  assert.equal(ran.stderr, '');
  for (let i = 0; i < IMAGES; i++) {
    const stdout = readFileSync(at(`${i}.tar.json`), 'utf8');
    assert.deepEqual(findingsOf({ stdout } as Ran), alpineFindings);
  }
  assert.deepEqual(leftovers(shared), []);
});

/** A registry that sends the layers of an image so slowly that a scan can be ended in the middle. */
async function slowRegistry(): Promise<{ name: string; started: Promise<void>; close(): Promise<void> }> {
  const { config, blobs } = makeImage({ ...alpineImage(), gzip: true });
  let tell: () => void = () => {};
  const started = new Promise<void>((resolve) => (tell = resolve));
  let slow = '';
  const registry = await fakeRegistry({
    intercept(request) {
      if (!request.path.endsWith(slow)) return undefined;
      tell();
      return { delay: 30_000 };
    },
  });
  const layers = blobs.map((blob) => registry.pushBlob(blob));
  registry.pushManifest('made/app', '1', {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: registry.pushBlob(config, mediaTypes.ociConfig),
    layers,
  });
  slow = layers[1]!.digest;
  return { name: `${registry.host}/made/app:1`, started, close: registry.close };
}

test('killed in the middle, it leaves a cache that the next scan can use', async () => {
  const registry = await slowRegistry();
  const own = at('killed');
  writeDatabase(own);
  const args = [
    'image',
    '--cache-dir',
    own,
    '--skip-db-update',
    '--format',
    'json',
    '--quiet',
    '--image-src',
    'remote',
  ];
  const ran = await pratique([...args, '--output', at('killed.json'), registry.name], {
    during: (child) => void registry.started.then(() => sleep(200)).then(() => child.kill('SIGKILL')),
  });
  await registry.close();
  assert.equal(ran.signal, 'SIGKILL');
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('killed.json') || name.startsWith('.killed')));
  const next = await pratique([...args.slice(0, -2), '--input', at('0.tar')]);
  assert.deepEqual(findingsOf(next), alpineFindings, next.stderr);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends a scan at once, with one line`, async () => {
    const registry = await slowRegistry();
    const ran = await pratique(['image', ...offline, '--image-src', 'remote', registry.name], {
      during: (child) => void registry.started.then(() => sleep(100)).then(() => child.kill(signal)),
    });
    await registry.close();
    assertFails(ran, /interrupted/);
    assert.ok(ran.milliseconds < 10_000, `${ran.milliseconds} ms`);
  });
}

test('--timeout ends a scan', async () => {
  const registry = await slowRegistry();
  const ran = await pratique(['image', ...offline, '--timeout', '1s', '--image-src', 'remote', registry.name]);
  await registry.close();
  assertFails(ran, /longer than 1s/);
  assert.ok(ran.milliseconds < 10_000, `${ran.milliseconds} ms`);
});

test('a cache that cannot be written', async () => {
  const own = at('unwritable');
  writeDatabase(own);
  // Root may write anywhere: a file in the place of the directory stops everyone.
  writeFileSync(`${own}/pratique`, '');
  const args = ['image', '--input', at('0.tar'), ...offline, '--cache-dir', own];
  assertFails(await pratique(args), /pratique.*not a directory/);
  const without = await pratique([...args, '--cache-backend', 'memory']);
  assert.equal(without.code, 0, without.stderr);
  assert.deepEqual(findingsOf(without), alpineFindings);
});

const skip = process.getuid?.() !== 0 && 'only root can mount';

/** Mounts an empty file system until the test is over; `false` where that is forbidden. */
function mount(t: TestContext, place: string, options: string): boolean {
  mkdirSync(place);
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;
  if (done) t.after(() => spawnSync('umount', ['-l', place]));
  else t.skip('no file system can be mounted here');
  return done;
}

test('another user, without a home and with a cache that is only to be read', { skip }, (t) => {
  const nobody = { uid: 65_534, gid: 65_534 };
  chmodSync(folder, 0o755);
  const readable = [...program, at('0.tar')].filter((word) => word.startsWith('/'));
  for (const path of readable) {
    if (spawnSync('test', ['-r', path], nobody).status !== 0) return t.skip(`${path} is not for everyone`);
  }
  const [command = '', ...words] = program;
  const ask = (...args: string[]) =>
    spawnSync(command, [...words, 'image', '--input', at('0.tar'), ...offline, ...args], {
      ...nobody,
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TMPDIR: '/tmp' },
      encoding: 'utf8',
    });
  const refused = ask();
  assertFails({ ...refused, code: refused.status, milliseconds: 0 }, /permission denied .*permissions/);
  const { status, stdout, stderr } = ask('--cache-backend', 'memory');
  assert.equal(status, 0, stderr);
  assert.deepEqual(findingsOf({ stdout } as Ran), alpineFindings);
});

test('a full disk', { skip }, async (t) => {
  const place = at('full');
  if (!mount(t, place, 'size=256k')) return;
  writeFileSync(`${place}/filler`, Buffer.alloc(252 * 1024));
  const report = await pratique(['image', '--input', at('0.tar'), ...offline, '--output', `${place}/report.json`]);
  assertFails(report, /no space left/);
  const scan = ['image', '--input', at('1.tar'), ...offline.slice(2), '--offline-default', '--cache-dir', place];
  assertFails(await pratique(scan.filter((word) => word !== '--skip-db-update')), /no space left/);
  assert.deepEqual(leftovers(place), []);
});

test('a file system that is read-only', { skip }, async (t) => {
  const place = at('mounted');
  if (!mount(t, place, 'size=4m')) return;
  writeDatabase(place);
  assert.equal(spawnSync('mount', ['-o', 'remount,ro', place]).status, 0);
  const args = ['image', '--input', at('0.tar'), ...offline, '--cache-dir', place];
  assertFails(await pratique(args), /read-only .*--cache-dir/);
  const without = await pratique([...args, '--cache-backend', 'memory']);
  assert.deepEqual(findingsOf(without), alpineFindings);
  assertFails(await pratique(['image', '--download-db-only', '--cache-dir', `${place}/new`]), /read-only/);
});

test('memory does not grow with the image', { skip: !existsSync('/proc/self/status') && 'no /proc' }, async () => {
  const { layers, ...rest } = alpineImage();
  const big = Array.from({ length: 40 }, (_, i) => ({ name: `srv/${i}.txt`, content: Buffer.alloc(8 << 20, i) }));
  writeFileSync(at('big.tar'), makeDockerArchive({ ...rest, layers: [...layers, big], gzip: true }));
  const ran = await peakOf(['image', '--input', at('big.tar'), ...offline]);
  assert.deepEqual(findingsOf(ran), alpineFindings);
  assert.ok(ran.mebibytes < 260, `${ran.mebibytes} MiB for 320 MiB of files`);
});

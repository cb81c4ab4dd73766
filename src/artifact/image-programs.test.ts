/** Images as skopeo writes them, in every local format of its own that can be read; left out where it is not installed. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { TreeVisitor } from '#model';
import { makeImage, makeOciLayout, type ImageParts } from './fakes/make-image.js';
import { openArchive } from './open-archive.js';

const root = mkdtempSync(join(tmpdir(), 'image-programs-'));
after(() => rmSync(root, { recursive: true }));

const layer = [{ name: 'lib/apk/db/installed', content: 'P:a\n' }];
const parts: ImageParts = { layers: [layer, [{ name: 'app/a', content: 'A' }], layer] };
for (const [name, bytes] of makeOciLayout(parts, '1.0')) {
  mkdirSync(dirname(join(root, 'source', name)), { recursive: true });
  writeFileSync(join(root, 'source', name), bytes);
}

async function filesOf(name: string): Promise<string[]> {
  const image = await openArchive(name);
  const found: string[] = [];
  const visitor: TreeVisitor = {
    want: () => 'read',
    sniff: () => true,
    visit: (file) => void found.push(`${file.path}=${file.text()}`),
    hide: () => assert.fail(),
    report: (code) => assert.fail(code),
  };
  for (const one of image.layers) await one.walk(visitor, new AbortController().signal);
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    makeImage(parts).diffIds,
  );
  await image.close();
  return found;
}

const skip = spawnSync('skopeo', ['--version'], { stdio: 'ignore' }).status !== 0;
const cases: [string, string, string[]][] = [
  ['docker-archive:IMAGE.tar:syn/app:1', 'IMAGE.tar', []],
  ['oci:IMAGE:2', 'IMAGE:2', ['--dest-compress']],
  ['oci:IMAGE:2', 'IMAGE:2', ['--dest-compress', '--dest-compress-format=zstd']],
  ['oci:IMAGE:2', 'IMAGE', ['--dest-decompress']],
  ['oci-archive:IMAGE.tar:2', 'IMAGE.tar', []],
];
for (const [i, [destination, name, options]] of cases.entries()) {
  test(`skopeo, ${destination} ${options.join(' ')}`, { skip }, async () => {
    const place = join(root, String(i));
    const source = `oci:${join(root, 'source')}:1.0`;
    const args = ['--insecure-policy', 'copy', '-q', ...options, source, destination.replace('IMAGE', place)];
    execFileSync('skopeo', args, { stdio: 'pipe' });
    const files = ['lib/apk/db/installed=P:a\n', 'app/a=A', 'lib/apk/db/installed=P:a\n'];
    assert.deepEqual(await filesOf(name.replace('IMAGE', place)), files);
  });
}

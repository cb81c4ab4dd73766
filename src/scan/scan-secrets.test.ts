import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeDockerArchive, type ImageParts } from '#artifact/fakes';
import type { Report } from '#model';
import { tempDirectory, type TempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import type { ScanOptions, ScanTarget } from './options.js';
import { scan } from './scan.js';

let place: TempDirectory;
before(async () => void (place = await tempDirectory()));
after(() => place.remove());

/** No literal of this file is a token. */
const token = (letter: string): string => ['ghp', letter.repeat(18) + letter.toUpperCase().repeat(18)].join('_');
const file = (name: string, letter: string) => ({ name, content: `token=${token(letter)}\n` });
const step = (created_by: string) => ({ created_by });
const setting = (created_by: string) => ({ created_by, empty_layer: true });

async function scanned(target: ScanTarget, options: ScanOptions = {}): Promise<Report> {
  return scan(
    target,
    { scanners: ['secret'], cacheDir: join(place.path, 'cache'), ...options },
    fakeWorld({ cwd: place.path }),
  );
}

const found = (report: Report): string[] =>
  report.results.flatMap((result) =>
    (result.secrets ?? []).map((s) => `${result.target} ${s.ruleId} ${s.startLine} ${s.layer?.createdBy ?? ''}`.trim()),
  );

async function scanImage(parts: ImageParts, options: ScanOptions = {}): Promise<string[]> {
  const input = join(place.path, 'image.tar');
  writeFileSync(input, makeDockerArchive(parts));
  return found(await scanned({ kind: 'image', input }, options)).map((line) => line.replace(input, 'IMAGE'));
}

const layered: ImageParts = {
  layers: [[file('app/one', 'a')], [file('app/two', 'b'), file('app/one', 'c')], [{ name: 'app/.wh.two' }]],
  config: { history: [step('COPY one'), step('COPY two'), step('RUN rm two')] },
};

test('secrets of all layers, also of files removed later; the newest layer of each file', async () => {
  assert.deepEqual(await scanImage(layered), ['/app/one github-pat 1 COPY two', '/app/two github-pat 1 COPY two']);
  assert.deepEqual(await scanImage(layered, { skipFiles: ['app/one'] }), ['/app/two github-pat 1 COPY two']);
  assert.deepEqual(await scanImage(layered, { scanners: [] }), []);
});

test('what the base image holds is left to it, and cached apart', async () => {
  const own = [file('app/one', 'a')];
  const asBase: ImageParts = {
    layers: [own, [file('app/two', 'b')]],
    config: { history: [step('ADD base'), setting('CMD ["sh"]'), step('COPY two')] },
  };
  assert.deepEqual(await scanImage(asBase), ['/app/two github-pat 1 COPY two']);
  assert.deepEqual(await scanImage({ layers: [own] }), ['/app/one github-pat 1']);
  assert.deepEqual(await scanImage(asBase), ['/app/two github-pat 1 COPY two']);
});

test('another configuration is another result, whatever is cached', async () => {
  const image: ImageParts = { layers: [[file('app/one', 'a')]] };
  const secretConfig = join(place.path, 'none.yaml');
  writeFileSync(secretConfig, 'disable-rules: [github-pat]\n');
  assert.equal((await scanImage(image)).length, 1);
  assert.equal((await scanImage(image, { secretConfig })).length, 0);
  assert.equal((await scanImage(image)).length, 1);
});

test('the configuration of an image, when asked for', async () => {
  const image: ImageParts = { layers: [[file('app/one', 'a')]], config: { config: { Env: [`T=${token('d')}`] } } };
  assert.deepEqual(await scanImage(image), ['/app/one github-pat 1']);
  const configScanners = ['secret'] as const;
  assert.deepEqual(await scanImage(image, { image: { configScanners } }), [
    '/app/one github-pat 1',
    'IMAGE github-pat 13',
  ]);
  assert.deepEqual(await scanImage(image, { image: { configScanners }, scanners: [] }), ['IMAGE github-pat 13']);
});

test('a directory: paths below it; packages and secrets in one walk', async () => {
  const root = join(place.path, 'tree');
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'src/a.env'), `x=${token('e')}\n`);
  writeFileSync(join(root, 'trivy-secret.yaml'), `# ${token('f')}\n`);
  // Lock files are not looked at; a manifest is read for both.
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/a': { version: '1.0.0' } } }),
  );
  writeFileSync(join(root, 'requirements.txt'), `flask==1.0.0 # ${token('g')}\n`);
  const report = await scanned({ kind: 'filesystem', path: root }, { cache: false });
  assert.deepEqual(found(report), [
    'requirements.txt github-pat 1',
    'src/a.env github-pat 1',
    'trivy-secret.yaml github-pat 1',
  ]);
  assert.deepEqual(
    report.results.filter(({ class: kind }) => kind === 'lang-pkgs').map(({ target }) => target),
    ['package-lock.json', 'requirements.txt'],
  );
});

test('severities choose', async () => {
  const image: ImageParts = { layers: [[file('app/one', 'a')]] };
  assert.deepEqual(await scanImage(image, { severities: ['LOW'] }), []);
  assert.equal((await scanImage(image, { severities: ['CRITICAL'] })).length, 1);
});

/** The package as it is published: what is in it, and that it works where nothing else is. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeDockerArchive } from '#artifact/fakes';
import { alpineFindings, alpineImage } from '../e2e/kit/images.js';
import { environment, type Ran } from '../e2e/kit/program.js';
import { findingsOf } from '../e2e/kit/report.js';
import { workplace } from '../e2e/kit/workplace.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { at, cache, offline } = workplace();
const skip = process.env['PRATIQUE_PROGRAM'] !== undefined && 'another program is tested';

test('packed, installed in an empty folder and run', { skip }, () => {
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', [...args, '--loglevel', 'error'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const [packed] = JSON.parse(npm(root, 'pack', '--ignore-scripts', '--json', '--pack-destination', at())) as [
    { filename: string; files: { path: string }[] },
  ];
  for (const { path } of packed.files) {
    assert.match(path, /^(?:bin|data|dist)\/|^(?:LICENSE|NOTICE|README\.md|CHANGELOG\.md|package\.json)$/);
    assert.doesNotMatch(path, /\.test\.|^dist\/(?:test|bench|bin)\/|\.map$|tsbuildinfo|fixtures\//, path);
    assert.doesNotMatch(path, /^dist\/(?:program\/)?(?:action|cli|falco|kubernetes)\//, path);
  }
  mkdirSync(at('empty'));
  writeFileSync(at('empty/package.json'), '{"private":true,"type":"module"}');
  npm(at('empty'), 'install', '--no-audit', '--no-fund', '--prefer-offline', at(packed.filename));

  writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: at('empty'), encoding: 'utf8', env: environment() });
  const bin = join(at('empty'), 'node_modules/.bin/pratique');
  assert.match(run(bin, 'version'), /^Version: /);
  const stdout = run(bin, 'image', ...offline, '--input', at('image.tar'));
  assert.deepEqual(findingsOf({ stdout } as Ran), alpineFindings);

  writeFileSync(
    at('empty/library.mjs'),
    `import { scan } from 'pratique';
const report = await scan({ kind: 'image', input: ${JSON.stringify(at('image.tar'))} }, {
  cacheDir: ${JSON.stringify(cache)}, database: { skipUpdate: true },
});
console.log(report.results.flatMap((result) => result.vulnerabilities).length);`,
  );
  assert.equal(run(process.execPath, 'library.mjs').trim(), String(alpineFindings.length));
});

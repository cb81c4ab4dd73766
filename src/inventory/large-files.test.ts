/** Files with far more packages than any real one: what is made of them stays within the limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base';
import { extractTree } from './extract-tree.test.kit.js';
import type { Extractor } from './extractor.js';
import { goMod } from './go/go-mod.js';
import { yarnLock } from './nodejs/yarn-lock.js';
import { apkDb } from './os/apk-db.js';
import { dpkgStatus } from './os/dpkg-status.js';
import { extractSystem } from './os/extract-system.test.kit.js';
import { condaEnvironment } from './python/conda-environment.js';
import { poetryLock } from './python/poetry-lock.js';
import { requirements } from './python/requirements.js';
import { uvLock } from './python/uv-lock.js';
import { gemfileLock } from './ruby/gemfile-lock.js';

const count = limits.packagesOfFile + 1000;
const many = (entry: (n: number) => string, times = count): string =>
  Array.from({ length: times }, (_, n) => entry(n)).join('');

for (const [extractor, path, text] of [
  [requirements, 'requirements.txt', many((n) => `p${n}==1\n`)],
  [goMod, 'go.mod', `go 1.22\nrequire (\n${many((n) => `a.b/p${n} v1.0.0\n`)})\n`],
  [gemfileLock, 'Gemfile.lock', `GEM\n  specs:\n${many((n) => `    p${n} (1)\n`)}`],
  [yarnLock, 'yarn.lock', many((n) => `p${n}@1:\n  version "1.0.0"\n`)],
] satisfies readonly (readonly [Extractor, string, string])[])
  test(`${extractor.id} stops one package behind the limit`, async () => {
    const { applications } = await extractTree(extractor, { [path]: text });
    assert.equal(applications[0]!.packages.length, limits.packagesOfFile + 1);
  });

for (const [extractor, path, text] of [
  [apkDb, 'lib/apk/db/installed', many((n) => `P:p${n}\nV:1.0-r0\n\n`)],
  [dpkgStatus, 'var/lib/dpkg/status', many((n) => `Package: p${n}\nStatus: install ok installed\nVersion: 1\n\n`)],
] satisfies readonly (readonly [Extractor, string, string])[])
  test(`${extractor.id} stops one package behind the limit`, async () => {
    const { found } = await extractSystem(extractor, { [path]: text });
    assert.equal(found[0]!.packages!.length, limits.packagesOfFile + 1);
  });

test('dependencies on a name with thousands of locked versions lead to few of them', async () => {
  const poetry = many((n) => `[[package]]\nname = "a"\nversion = "1.${n}"\n[package.dependencies]\na = ">=1"\n`, 4000);
  const uv = many((n) => `[[package]]\nname = "a"\nversion = "1.${n}"\ndependencies = [{ name = "a" }]\n`, 4000);
  const project = '[[package]]\nname = "x"\nversion = "1"\nsource = { editable = "." }\n';
  for (const [extractor, path, text] of [
    [poetryLock, 'poetry.lock', poetry],
    [uvLock, 'uv.lock', project + uv],
  ] as const) {
    const { packages } = (await extractTree(extractor, { [path]: text })).applications[0]!;
    assert.ok(packages.length >= 4000);
    assert.ok(packages.every(({ dependsOn = [] }) => dependsOn.length <= 100));
  }
});

test('values that the text does not show as they read are not searched for over the whole file', async () => {
  const text = `dependencies:\n${many((n) => `- "a\\u0062c${n}=1"\n`, 60_000)}`;
  const started = performance.now();
  const { applications } = await extractTree(condaEnvironment, { 'environment.yml': text });
  assert.equal(applications[0]!.packages.length, 60_000);
  assert.ok(performance.now() - started < 20_000);
});

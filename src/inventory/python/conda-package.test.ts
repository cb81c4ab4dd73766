import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { condaPackage } from './conda-package.js';

const path = 'opt/conda/envs/e/conda-meta/numpy-1.26.4-py39_0.json';
const text = '{"name": "numpy", "version": "1.26.4", "license": "BSD-3-Clause"}';

test('a package of a named environment', async () => {
  const { applications } = await extractTree(condaPackage, { [path]: text, 'opt/conda/conda-meta/a-1-0.json': text });
  assert.deepEqual(
    applications.map(({ packages }) => packages),
    [[{ name: 'numpy', version: '1.26.4', licenses: ['BSD-3-Clause'], path, analyzedBy: 'conda-pkg' }]],
  );
});

test('a package without name is a diagnostic', async () => {
  assert.deepEqual((await extractTree(condaPackage, { [path]: '{}' })).reports, ['incomplete-metadata']);
});

test('damaged files', () => assertSurvivesDamage(condaPackage, path, { [path]: text }));

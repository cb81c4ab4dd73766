import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { condaEnvironment } from './conda-environment.js';

const text = `name: env
channels: [defaults]
dependencies:
  - python
  - numpy=1.26.4=py39_0
  - scipy==1.11
  - pandas 2.1 h123
  - range>=1.0
  - wild=2.40.*
  - pip:
      - "flask==2.0"
`;

test('exact versions count, others are names only', async () => {
  const { applications } = await extractTree(condaEnvironment, { 'environment.yml': text });
  assert.deepEqual(
    applications[0]?.packages.map(({ name, version, locations }) => `${name} ${version} ${locations?.[0]?.start}`),
    ['python  4', 'numpy 1.26.4 5', 'scipy 1.11 6', 'pandas 2.1 7', 'range  8', 'wild  9', 'flask 2.0 11'],
  );
});

test('damaged files', () => assertSurvivesDamage(condaEnvironment, 'environment.yml', { 'environment.yml': text }));

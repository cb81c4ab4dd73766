import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { pipfileLock } from './pipfile-lock.js';

const lock = `{
  "_meta": {},
  "default": {
    "flask": {
      "version": "==2.0.1"
    },
    "local": { "path": "." }
  },
  "develop": { "pytest": { "version": "==8.0" } }
}
`;

test('the default section', async () => {
  const { applications } = await extractTree(pipfileLock, { 'Pipfile.lock': lock });
  assert.deepEqual(applications[0]?.packages, [
    { name: 'flask', version: '2.0.1', locations: [{ start: 4, end: 6 }], analyzedBy: 'pipenv' },
  ]);
});

test('damaged files', () => assertSurvivesDamage(pipfileLock, 'Pipfile.lock', { 'Pipfile.lock': lock }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { poetryLock } from './poetry-lock.js';

const lock = `[[package]]
name = "flask"
version = "2.0.1"
groups = ["main", "dev"]

[package.dependencies]
Click = ">=7,<9"
jinja2 = { version = "*", markers = "x" }
old = "<1.0"
typing_extensions = [{ version = ">=4", markers = "a" }, { version = ">=5", markers = "b" }]

[[package]]
name = "click"
version = "8.1.0"
category = "main"

[[package]]
name = "jinja2"
version = "3.0"

[[package]]
name = "old"
version = "1.0"

[[package]]
name = "typing-extensions"
version = "4.5"

[[package]]
name = "pytest"
version = "8.0"
groups = ["dev"]

[[package]]
name = "mypy"
version = "1.0"
category = "dev"
`;

const project = `[project]
dependencies = ["Flask[async]>=2"]
[tool.poetry.group.dev.dependencies]
pytest = "^8"
`;

const rows = async (tree: Record<string, string>) =>
  (await extractTree(poetryLock, tree)).applications[0]?.packages.map(
    ({ id, relationship, dev, dependsOn = [] }) =>
      `${id} ${relationship ?? '-'} ${dev ? 'dev' : ''} ${dependsOn.join(' ')}`,
  );

test('without a project, nothing is known of relationships', async () => {
  assert.deepEqual(await rows({ 'poetry.lock': lock }), [
    'flask@2.0.1 -  click@8.1.0 jinja2@3.0 typing-extensions@4.5',
    'click@8.1.0 -  ',
    'jinja2@3.0 -  ',
    'old@1.0 -  ',
    'typing-extensions@4.5 -  ',
    'pytest@8.0 - dev ',
    'mypy@1.0 - dev ',
  ]);
});

test('with a project, what it does not need to run is for development', async () => {
  assert.deepEqual(await rows({ 'a/poetry.lock': lock, 'a/pyproject.toml': project }), [
    'flask@2.0.1 direct  click@8.1.0 jinja2@3.0 typing-extensions@4.5',
    'click@8.1.0 indirect  ',
    'jinja2@3.0 indirect  ',
    'old@1.0 indirect dev ',
    'typing-extensions@4.5 indirect  ',
    'pytest@8.0 direct dev ',
    'mypy@1.0 indirect dev ',
  ]);
});

test('an unreadable project is a diagnostic, an unreadable lock file is refused', async () => {
  const { reports } = await extractTree(poetryLock, { 'poetry.lock': lock, 'pyproject.toml': '[' });
  assert.deepEqual(reports, ['unreadable-project']);
  await assert.rejects(extractTree(poetryLock, { 'poetry.lock': '[' }), FormatError);
});

test('damaged files', () =>
  assertSurvivesDamage(poetryLock, 'poetry.lock', { 'poetry.lock': lock, 'pyproject.toml': project }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree, namesOf } from '../extract-tree.test.kit.js';
import { pylock } from './pylock.js';

const lock = `lock-version = "1.0"

[[packages]]
name = "app"
[packages.directory]
path = "."

[[packages]]
name = "Zope.Interface"
version = "1.0"
dependencies = [{ name = "b", version = "2.0" }, { name = "b" }]

[[packages]]
name = "b"
version = "2.0"

[[packages]]
name = "tool"
version = "3.0"
`;
const project = `[project]\ndependencies = ["zope-interface"]\n[dependency-groups]\ndev = ["tool"]\n`;

test('names are normalised', async () => {
  const tree = { 'pylock.toml': lock, 'x/pylock.prod.toml': lock, 'pylock.a.b.toml': lock };
  const found = await extractTree(pylock, tree);
  assert.equal(found.applications.length, 2);
  assert.deepEqual(namesOf(found).slice(0, 2), ['app@', 'zope-interface@1.0']);
  assert.deepEqual(found.applications[0]?.packages[1]?.dependsOn, ['b@2.0']);
});

test('with a project beside it', async () => {
  const { applications } = await extractTree(pylock, { 'pylock.toml': lock, 'pyproject.toml': project });
  assert.deepEqual(
    applications[0]?.packages.map(
      ({ id, relationship, dev, dependsOn = [] }) => `${id} ${relationship} ${dev ? 'dev' : ''} ${dependsOn.join(' ')}`,
    ),
    [
      'app root  tool@3.0 zope-interface@1.0',
      'zope-interface@1.0 direct  b@2.0',
      'b@2.0 indirect  ',
      'tool@3.0 direct dev ',
    ],
  );
});

test('damaged files', () =>
  assertSurvivesDamage(pylock, 'pylock.toml', { 'pylock.toml': lock, 'pyproject.toml': project }));

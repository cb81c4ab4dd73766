import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { uvLock } from './uv-lock.js';

const lock = `version = 1

[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "a" }, { name = "two", version = "2.0" }]

[package.optional-dependencies]
extra = [{ name = "b" }]

[package.dev-dependencies]
dev = [{ name = "tool" }]

[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "b" }]

[[package]]
name = "b"
version = "1.1"

[[package]]
name = "two"
version = "1.0"

[[package]]
name = "two"
version = "2.0"

[[package]]
name = "tool"
version = "3.0"
dependencies = [{ name = "b" }, { name = "two", version = "1.0" }]
`;

test('what the root does not reach without its groups is for development', async () => {
  const { applications } = await extractTree(uvLock, { 'uv.lock': lock });
  assert.deepEqual(
    applications[0]?.packages.map(
      ({ id, relationship, dev, dependsOn = [] }) => `${id} ${relationship} ${dev ? 'dev' : ''} ${dependsOn.join(' ')}`,
    ),
    [
      'app@0.1.0 root  a@1.0 b@1.1 tool@3.0 two@2.0',
      'a@1.0 direct  b@1.1',
      'b@1.1 direct  ',
      'two@1.0 indirect dev ',
      'two@2.0 direct  ',
      'tool@3.0 direct dev b@1.1 two@1.0',
    ],
  );
});

test('the project at the lock file is the root, not a member of its workspace', async () => {
  const member = `[[package]]\nname = "member"\nversion = "1"\nsource = { editable = "packages/member" }\n`;
  const { applications } = await extractTree(uvLock, { 'uv.lock': lock.replace('\n', `\n${member}`) });
  assert.equal(applications[0]?.packages.find(({ relationship }) => relationship === 'root')?.name, 'app');
});

test('no root is a diagnostic', async () => {
  const { applications, reports } = await extractTree(uvLock, {
    'uv.lock': '[[package]]\nname = "a"\nversion = "1"\n',
  });
  assert.deepEqual([applications, reports], [[], ['no-root']]);
});

test('damaged files', () => assertSurvivesDamage(uvLock, 'uv.lock', { 'uv.lock': lock }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { mixLock } from './mix-lock.js';

const lock = `%{
  "left": {:hex, :left, "1.1.0", "00", [:mix], [{:right, "~> 2.0", [hex: :right, repo: "hexpm"]}], "hexpm", "00"},
  "app_name": {:hex, :"package-name", "2.0.0-rc.1", "00", [:rebar3], [], "hexpm", "00"},
  "fork": {:git, "https://example.org/fork.git", "00", []},
  "old": {:hex, :old, "0.1.0"},
}
`;

test('packages of Hex, by line', async () => {
  const { applications } = await extractTree(mixLock, { 'mix.lock': lock });
  assert.deepEqual(
    applications[0]!.packages.map(({ id, locations }) => [id, locations]),
    [
      ['left@1.1.0', [{ start: 2, end: 2 }]],
      ['package-name@2.0.0-rc.1', [{ start: 3, end: 3 }]],
      ['old@0.1.0', [{ start: 5, end: 5 }]],
    ],
  );
});

test('an empty map is no package; no map is refused', async () => {
  assert.deepEqual((await extractTree(mixLock, { 'mix.lock': '%{\n}' })).applications[0]!.packages, []);
  for (const text of ['', '{', '"left": {:hex, :left, "1.1.0"}']) {
    await assert.rejects(extractTree(mixLock, { 'mix.lock': text }), FormatError);
  }
});

test('damaged files', () => assertSurvivesDamage(mixLock, 'mix.lock', { 'mix.lock': lock }));

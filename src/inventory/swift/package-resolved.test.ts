import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { packageResolved } from './package-resolved.js';

const two = `{
  "pins" : [
    { "identity" : "left",
      "location" : "https://github.com/Acme/Left.git", "state" : { "revision" : "00", "version" : "1.1.0" } },
    { "location" : "https://example.org/right", "state" : { "branch" : "main", "revision" : "00" } },
    { "location" : "git@example.org:x/fork.git", "state" : { "revision" : "00" } },
    { "identity" : "acme.tool", "kind" : "registry", "location" : "", "state" : { "version" : "9.0.0" } },
    { "state" : {} }
  ],
  "version" : 2
}`;
const one = `{ "object": { "pins": [
  { "package": "Left", "repositoryURL": "https://github.com/Acme/Left.git",
    "state": { "branch": null, "revision": "00", "version": "1.1.0" } }
] }, "version": 1 }`;

test('versions 1 and 2', async () => {
  const { applications } = await extractTree(packageResolved, { 'a/Package.resolved': two, 'b/Package.resolved': one });
  assert.deepEqual(
    applications.map((a) =>
      a.packages.map(({ id, version, locations }) => [id, version, locations![0]!.start, locations![0]!.end]),
    ),
    [
      [
        ['github.com/Acme/Left@1.1.0', '1.1.0', 3, 4],
        ['example.org/right@main', 'main', 5, 5],
        ['git@example.org:x/fork', '', 6, 6],
        ['acme.tool@9.0.0', '9.0.0', 7, 7],
      ],
      [['github.com/Acme/Left@1.1.0', '1.1.0', 2, 3]],
    ],
  );
});

test('refuses what is no object', async () => {
  await assert.rejects(extractTree(packageResolved, { 'Package.resolved': '[]' }), FormatError);
});

test('damaged files', () => assertSurvivesDamage(packageResolved, 'Package.resolved', { 'Package.resolved': two }));

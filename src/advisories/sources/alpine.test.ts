import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { alpine } from './alpine.js';
import { advisoriesOf, assertSurvivesDamage, readFeed, remarksOf } from './read-feed.test.kit.js';

const yaml = `---
distroversion: v9.10
reponame: main
packages:
  - pkg:
      name: anchor
      secfixes:
        1.10-r0:
          - CVE-2099-0001
          - CVE-2099-0002 XSA-7
          - CVE_2099-0003 CVE 2099-0004 (partly)
          - CVE-????-????? XSA-8
          - GHSA-aaaa-bbbb-cccc
          - nothing here
        0:
          - CVE-2099-0005
  - pkg:
      secfixes: {}
  - pkg: {name: bare}
`;
const path = 'v9.10/main.yaml';

const fixed = (version: string) => ({ FixedVersion: version });

test('fixes by release and origin package; version 0 is kept', async () => {
  const statements = await readFeed(alpine, { [path]: yaml, 'README.md': '', Makefile: '' });
  assert.deepEqual(advisoriesOf(statements), {
    'alpine 9.10/anchor CVE-2099-0001': fixed('1.10-r0'),
    'alpine 9.10/anchor CVE-2099-0002': fixed('1.10-r0'),
    'alpine 9.10/anchor CVE-2099-0003': fixed('1.10-r0'),
    'alpine 9.10/anchor CVE-2099-0004': fixed('1.10-r0'),
    'alpine 9.10/anchor XSA-8': fixed('1.10-r0'),
    'alpine 9.10/anchor GHSA-aaaa-bbbb-cccc': fixed('1.10-r0'),
    'alpine 9.10/anchor CVE-2099-0005': fixed('0'),
  });
  assert.deepEqual(remarksOf(statements), ['anchor 1.10-r0: no id in "nothing here"', 'a package without name']);
});

test('the feed of today, which is JSON; edge', async () => {
  const json = JSON.stringify({
    distroversion: 'edge',
    packages: [{ pkg: { name: 'anchor', secfixes: { '1-r0': ['CVE-2099-0001'] } } }],
  });
  const found = advisoriesOf(await readFeed(alpine, { 'edge/community.json': json }));
  assert.deepEqual(found, { 'alpine edge/anchor CVE-2099-0001': { FixedVersion: '1-r0' } });
});

test('a file without release is refused', async () => {
  for (const text of ['', '[]', 'packages: []', 'distroversion: v3', 'distroversion: [v3.1]'])
    await assert.rejects(readFeed(alpine, { [path]: text }), FormatError, text);
});

test('damage', () => assertSurvivesDamage(alpine, path, { [path]: yaml }));

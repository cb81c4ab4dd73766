import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { gemfileLock } from './gemfile-lock.js';

const lock = `GIT
  remote: https://example.com/own.git
  revision: abc
  specs:
    own (0.1.0)
      rails (>= 7)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.0-x86_64-linux)
    rails (7.0.1.rc1)
      nokogiri (~> 1.8, >= 1.8.5)
      missing (= 1)

PLATFORMS
  ruby

DEPENDENCIES
  own!
  rails (~> 7.0)

BUNDLED WITH
   2.4.1
`;

test('gems with their dependencies', async () => {
  const { applications } = await extractTree(gemfileLock, { 'Gemfile.lock': lock });
  assert.deepEqual(
    applications[0]?.packages.map(
      ({ id, relationship, locations, dependsOn = [] }) =>
        `${id} ${relationship} ${locations?.[0]?.start} ${dependsOn.join(' ')}`,
    ),
    ['own@0.1.0 direct 5 rails@7.0.1.rc1', 'nokogiri@1.15.0 indirect 11 ', 'rails@7.0.1.rc1 direct 12 nokogiri@1.15.0'],
  );
});

test('damaged files', () => assertSurvivesDamage(gemfileLock, 'Gemfile.lock', { 'Gemfile.lock': lock }));

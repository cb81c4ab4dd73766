import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { advisorySources } from './registry.js';

const ids = advisorySources.map(({ id }) => id);

test('ids are sorted and name their files', () => {
  assert.deepEqual(ids, ids.toSorted());
  const files = readdirSync(new URL('.', import.meta.url));
  for (const id of ids) assert.ok(files.includes(`${id}.js`), id);
});

test('sources state where they come from and under which terms', () => {
  for (const { id, title, url, license, feed, buckets, scheme } of advisorySources) {
    for (const text of [title, license, feed]) assert.notEqual(text.trim(), '', id);
    assert.match(url, /^https:\/\//, id);
    assert.equal(buckets.length > 0, scheme !== undefined, id);
  }
  assert.equal(new Set(advisorySources.map(({ feed }) => feed)).size, advisorySources.length);
});

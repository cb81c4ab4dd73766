import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recordStore } from './record-store.js';

const root = mkdtempSync(join(tmpdir(), 'records-'));
after(() => rmSync(root, { recursive: true, force: true }));
const now = () => new Date('2026-01-02T00:00:00Z');
const key = (n: number): string => n.toString(16).padStart(64, '0');

test('a record reads back; an absent one is undefined, also without a directory', async () => {
  const store = recordStore(join(root, 'plain'), now);
  assert.equal(store.get(key(1)), undefined);
  await store.put(key(1), '{"a":1}');
  assert.equal(store.get(key(1)), '{"a":1}');
  assert.equal(store.get(key(2)), undefined);
});

test('many writers of one key leave one whole record and nothing beside it', async () => {
  const directory = join(root, 'race');
  const records = Array.from({ length: 20 }, (_, i) => JSON.stringify({ i, text: 'x'.repeat(10_000) }));
  await Promise.all(records.map((record) => recordStore(directory, now).put(key(7), record)));
  assert.ok(records.includes(recordStore(directory, now).get(key(7))!));
  assert.equal(readdirSync(directory, { recursive: true }).filter((name) => String(name).includes('.json')).length, 1);
});

test('the least recently used records go until the limit holds', async () => {
  const directory = join(root, 'evict');
  const store = recordStore(directory, now);
  for (let i = 0; i < 4; i++) {
    await store.put(key(i), 'x'.repeat(100));
    utimesSync(join(directory, key(i).slice(0, 2), `${key(i).slice(2)}.json`), 1000 + i, 1000 + i);
  }
  store.get(key(0)); // used just now
  await store.evict(200);
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => store.get(key(i)) !== undefined),
    [true, false, false, true],
  );
});

test(
  'a directory that cannot be written is an error with a hint',
  { skip: process.getuid?.() === 0 && 'root may write anywhere' },
  async () => {
    const directory = mkdtempSync(join(root, 'closed-'));
    chmodSync(directory, 0o500);
    await assert.rejects(recordStore(join(directory, 'x'), now).put(key(1), '{}'), { name: 'PratiqueError' });
  },
);

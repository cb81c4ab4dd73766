import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import type { ScanRecord } from '#scan';
import type { ImageTask } from '../cluster/plan-images.js';
import { createInventories, type Taken } from './find-inventory.js';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

const recordOf = (of: string): ScanRecord => ({
  artifactName: 'made/app:1',
  artifactType: 'container_image',
  metadata: { repoDigests: [`registry.example/made/app@${of}`] },
  inventory: { packages: [], applications: [], diagnostics: [] },
  secretResults: [],
});

const taskOf = (key: string): ImageTask => ({
  key,
  references: ['made/app:1'],
  platforms: ['linux/amd64'],
  workloads: [],
});

function setUp(answers: Taken[], options: { readonly full?: boolean } = {}) {
  const kept = new Map<string, ScanRecord>();
  let now = 0;
  let taken = 0;
  const world = fakeWorld({ clock: { now: () => new Date(now), sleep: () => Promise.resolve() } });
  const records = {
    get: (of: string, platform: string) => kept.get(`${of} ${platform}`),
    put(of: string, platform: string, record: ScanRecord) {
      if (options.full) return Promise.reject(new Error('no space left'));
      kept.set(`${of} ${platform}`, record);
      return Promise.resolve();
    },
  };
  const find = createInventories({ records, take: async () => (taken++, answers.shift()!) }, world);
  return { find, kept, world, pass: (ms: number) => (now += ms), pulls: () => taken };
}

const found = (of: string): Taken => ({ record: recordOf(of), platform: 'linux/amd64' });

test('a digest is pulled once; gone records are made again', async () => {
  const { find, kept, pulls } = setUp([found(digest), found(digest)]);
  for (let i = 0; i < 3; i++) assert.ok('record' in (await find(taskOf(`${digest} linux/amd64`), digest)));
  assert.equal(pulls(), 1);
  kept.clear();
  await find(taskOf(`${digest} linux/amd64`), digest);
  assert.equal(pulls(), 2);
});

test('a name is asked about again after an hour, and what it led to serves those who run it by digest', async () => {
  const { find, pass, pulls } = setUp([found(digest), found(other)]);
  const byName = taskOf('made/app:1 linux/amd64');
  await find(byName, undefined);
  await find(byName, undefined);
  await find(taskOf(`${digest} linux/amd64`), digest);
  assert.equal(pulls(), 1);
  pass(3_600_001);
  const later = await find(byName, undefined);
  assert.equal(pulls(), 2);
  assert.ok('record' in later && later.record.metadata.repoDigests![0]!.endsWith(other));
});

test('a failure is told and kept nowhere; a record that cannot be kept is no failure', async () => {
  const failure = { error: 'refused', code: 'registry/unauthorized' } as const;
  const { find, kept } = setUp([failure, found(digest)]);
  assert.deepEqual(await find(taskOf('x'), digest), failure);
  assert.equal(kept.size, 0);
  const full = setUp([found(digest)], { full: true });
  assert.ok('record' in (await full.find(taskOf('x'), digest)));
  assert.match(full.world.written.log, /cannot be kept/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createWorkQueue } from './work-queue.js';

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

test('each key runs after it was added, never twice at a time, never more at once than workers', async () => {
  const keys = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), pause: fc.nat(3) }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 3 }), async (added, workers) => {
      const running = new Set<string>();
      const begun: string[] = [];
      const queue = createWorkQueue(workers, async (key) => {
        assert.ok(!running.has(key));
        running.add(key);
        begun.push(key);
        assert.ok(running.size <= workers);
        await turns(3);
        running.delete(key);
      });
      const stop = new AbortController();
      const ended = queue.run(stop.signal);
      const lastAdded = new Map<string, number>();
      for (const { key, pause } of added) {
        lastAdded.set(key, begun.filter((one) => one === key).length);
        queue.add(key);
        await turns(pause);
      }
      while (queue.waiting + queue.running > 0) await turns(5);
      for (const [key, before] of lastAdded) assert.ok(begun.filter((one) => one === key).length > before, key);
      assert.ok(begun.length <= added.length);
      stop.abort();
      await ended;
    }),
    { numRuns: 60 },
  );
});

test('what waits and is not wanted any more is taken out', () => {
  const queue = createWorkQueue(1, async () => {});
  for (const key of ['a', 'b', 'c']) queue.add(key);
  queue.keep((key) => key === 'b');
  assert.equal(queue.waiting, 1);
});

test('an error of the work ends the queue', async () => {
  const queue = createWorkQueue(1, () => Promise.reject(new Error('made up')));
  queue.add('a');
  await assert.rejects(queue.run(new AbortController().signal), /made up/);
});

test('ending waits for what runs', async () => {
  let isDone = false;
  const stop = new AbortController();
  const queue = createWorkQueue(2, async () => {
    stop.abort();
    await turns(20);
    isDone = true;
  });
  queue.add('a');
  queue.add('b');
  await queue.run(stop.signal);
  assert.ok(isDone);
  assert.equal(queue.running, 0);
});

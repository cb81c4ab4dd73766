import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { isExpired, KubernetesError } from './kubernetes-error.js';
import { readEvents } from './watch-stream.js';

const all = async (chunks: readonly Uint8Array[]): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const event of readEvents(
    (async function* () {
      yield* chunks;
    })(),
    'watch pods',
  ))
    found.push(event);
  return found;
};
const events = ['a', 'ž', 'c'].map((name, i) => ({
  type: 'ADDED',
  object: { metadata: { name, resourceVersion: String(i) } },
}));
const text = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));

test('events are the same however the stream is cut into chunks', async () => {
  const cuts = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      const places = [0, ...at.sort((a, b) => a - b), text.length];
      const chunks = places.slice(1).map((end, i) => text.subarray(places[i], end));
      assert.deepEqual(await all(chunks), events);
    }),
  );
});

test('a line that was cut off is left out', async () => {
  for (let end = 0; end < text.length; end++) {
    const lines = text.subarray(0, end).toString('latin1').split('\n').length - 1;
    assert.deepEqual(await all([text.subarray(0, end)]), events.slice(0, lines));
  }
});

test('an error event is thrown with its status', async () => {
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
  const line = `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
  await assert.rejects(all([Buffer.from(line)]), (error) => isExpired(error) && /too old/.test(error.message));
});

test('bytes that are no events are a FormatError', async () => {
  const lines = ['x', '{}', 'null', '[]', '{"type":"ADDED"}', '{"type":"OTHER","object":{"metadata":{}}}', '"a"'];
  for (const line of lines) await assert.rejects(all([Buffer.from(`${line}\n`)]), FormatError, line);
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.nat(255), async (at, byte) => {
      const damaged = Buffer.from(text);
      damaged[at] = byte;
      await all([damaged]).catch((error: unknown) =>
        assert.ok(error instanceof FormatError || error instanceof KubernetesError, String(error)),
      );
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PratiqueError } from '#base';
import { fakeWorld } from '#platform/fakes';
import type { ScanTarget } from './options.js';
import { scan } from './scan.js';

test('a target that names nothing is refused before a database is asked for', async () => {
  const targets = {
    '{"kind":"tree"}': /one of image, /,
    '{}': /one of image, /,
    '{"kind":"image"}': /needs a name or an input/,
    '{"kind":"image","name":""}': /needs a name or an input/,
    '{"kind":"sbom"}': /sbom needs a path/,
    '{"kind":"filesystem","path":""}': /filesystem needs a path/,
  };
  for (const [text, message] of Object.entries(targets)) {
    const world = fakeWorld();
    await assert.rejects(scan(JSON.parse(text) as ScanTarget, {}, world), (error) => {
      assert.ok(error instanceof PratiqueError && error.code === 'usage/invalid', text);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(world.written.stderr, '');
  }
});

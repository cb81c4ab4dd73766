import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { nearest } from './nearest.js';

test('the word that was meant', () => {
  const known = ['image', 'fs', 'rootfs', 'repository', 'severity', 'scan.skip-dirs'];
  const cases: Readonly<Record<string, string | undefined>> = {
    imgae: 'image',
    imag: 'image',
    repostory: 'repository',
    'scan.skip-dir': 'scan.skip-dirs',
    severities: 'severity',
    fss: 'fs',
    xyz: undefined,
    '': undefined,
    image: 'image',
  };
  for (const [word, found] of Object.entries(cases)) assert.equal(nearest(word, known), found, word);
});

test('long words cost nothing', () => {
  const start = performance.now();
  assert.equal(nearest('x'.repeat(1_000_000), ['x'.repeat(1_000_000)]), undefined);
  assert.ok(performance.now() - start < 100);
});

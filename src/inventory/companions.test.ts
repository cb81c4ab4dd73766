import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { SourceFile } from '#model';
import { Companions } from './companions.js';

const file = (path: string): SourceFile => ({ path }) as SourceFile;

test('lists what a pass over all paths would', () => {
  const paths = fc.array(fc.stringMatching(/^[a-c./0-]{1,8}$/u), { maxLength: 30 });
  fc.assert(
    fc.property(paths, fc.stringMatching(/^[a-c./0-]{0,4}$/u), (given, directory) => {
      const companions = new Companions();
      for (const path of given) companions.add(file(path));
      const prefix = directory === '' ? '' : `${directory}/`;
      const expected = [...new Set(given)].filter((path) => path.startsWith(prefix)).sort();
      assert.deepEqual(companions.under(directory), expected);
    }),
  );
});

test('a later file is listed too, and found by its path', () => {
  const companions = new Companions();
  companions.add(file('a/b'));
  assert.deepEqual(companions.under('a'), ['a/b']);
  companions.add(file('a/a'));
  assert.deepEqual(companions.under('a'), ['a/a', 'a/b']);
  assert.equal(companions.get('a/a')?.path, 'a/a');
  assert.equal(companions.get('a'), undefined);
});

test('many directories cost little each', { timeout: 2000 }, () => {
  const companions = new Companions();
  for (let i = 0; i < 50_000; i++) companions.add(file(`d${i}/package.json`));
  for (let i = 0; i < 50_000; i++) assert.equal(companions.under(`d${i}`).length, 1);
});

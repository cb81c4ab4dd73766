import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayerRecord, Secret } from '#model';
import { mergeSecrets } from './merge-secrets.js';

const secret = (ruleId: string, offset: number): Secret => ({
  kind: 'secret',
  ruleId,
  category: 'c',
  severity: 'HIGH',
  title: 't',
  startLine: 1,
  endLine: 1,
  code: [],
  match: '***',
  offset,
});

const layer = (diffId: string, files: Readonly<Record<string, readonly Secret[]>>): LayerRecord => ({
  diffId,
  createdBy: `RUN ${diffId}`,
  opaqueDirs: [],
  whiteouts: ['gone'],
  packageFiles: [],
  applications: [],
  diagnostics: [],
  secretFiles: Object.entries(files).map(([path, secrets]) => ({ path, secrets })),
});

test('a later layer replaces what the same rule found, and removes nothing', () => {
  const merged = mergeSecrets([
    layer('one', { b: [secret('x', 1), secret('y', 2)], gone: [secret('x', 1)] }),
    layer('two', { b: [secret('x', 9), secret('x', 5)], a: [secret('z', 1)] }),
  ]);
  assert.deepEqual(
    merged.map(({ path, secrets }) => [path, ...secrets.map((s) => `${s.ruleId}@${s.offset} ${s.layer!.diffId}`)]),
    [
      ['a', 'z@1 two'],
      ['b', 'x@5 two', 'x@9 two', 'y@2 one'],
      ['gone', 'x@1 one'],
    ],
  );
  assert.equal(merged[0]!.secrets[0]!.layer!.createdBy, 'RUN two');
});

test('a directory has no layers', () => {
  const { diffId: _, createdBy: __, ...tree } = layer('', { a: [secret('x', 1)] });
  assert.equal(mergeSecrets([tree])[0]!.secrets[0]!.layer, undefined);
});

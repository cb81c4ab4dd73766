import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, asyncProperty, boolean, constantFrom, record, tuple } from 'fast-check';
import type { FileEntry, SourceFile, TreeVisitor, Want } from '#model';
import { combineVisitors } from './combine-visitors.js';

interface Choice {
  readonly want: Want;
  readonly sniff: boolean;
}

interface Recorder extends TreeVisitor {
  readonly sniffed: string[];
  readonly visited: string[];
}

/** Wants files as its choices say, by name. */
function recorder(choices: readonly Choice[], slow: boolean): Recorder {
  const sniffed: string[] = [];
  const visited: string[] = [];
  return {
    sniffed,
    visited,
    want: ({ path }) => choices[Number(path)]!.want,
    sniff({ path }) {
      sniffed.push(path);
      return choices[Number(path)]!.sniff;
    },
    async visit({ path }) {
      if (slow) await undefined;
      visited.push(path);
    },
    hide: (path) => void visited.push(`hide ${path}`),
    report: (code) => void visited.push(code),
  };
}

const entry = (path: string): FileEntry => ({ path, size: 1, mode: 0 });

const fileOf = (path: string): SourceFile => ({
  path,
  size: 1,
  mode: 0,
  bytes: () => Uint8Array.of(1),
  text: () => '',
  read: () => Uint8Array.of(1),
});

/** As a walk does. */
async function offer(visitor: TreeVisitor, path: string): Promise<void> {
  const file = fileOf(path);
  const want = visitor.want(file);
  if (want === 'skip' || (want === 'sniff' && !visitor.sniff(file, file.bytes()))) return;
  await visitor.visit(file);
}

test('each sees what it would see alone', async () => {
  const choice = record({ want: constantFrom<Want>('skip', 'sniff', 'read'), sniff: boolean() });
  await check(
    asyncProperty(array(tuple(choice, choice), { maxLength: 8 }), boolean(), async (choices, slow) => {
      const sides = ([0, 1] as const).map((side) => choices.map((pair) => pair[side]));
      const together = sides.map((side) => recorder(side, slow));
      const alone = sides.map((side) => recorder(side, slow));
      const combined = combineVisitors(together[0]!, together[1]!);
      for (const visitor of [combined, ...alone]) for (const i of choices.keys()) await offer(visitor, String(i));
      for (const side of [0, 1]) {
        assert.deepEqual(together[side]!.visited, alone[side]!.visited);
        assert.deepEqual(together[side]!.sniffed, alone[side]!.sniffed);
      }
    }),
  );
});

test('whiteouts and troubles reach both; hard links are the business of the first', () => {
  const a = recorder(
    [
      { want: 'read', sniff: true },
      { want: 'skip', sniff: false },
    ],
    false,
  );
  const b = recorder(
    [
      { want: 'read', sniff: true },
      { want: 'read', sniff: true },
    ],
    false,
  );
  const combined = combineVisitors(a, b);
  combined.hide('x', 'whiteout');
  combined.report('code', 'message');
  for (const visitor of [a, b]) assert.deepEqual(visitor.visited, ['hide x', 'code']);
  assert.equal(combined.wantsLink!(entry('0'), entry('1')), true);
  assert.equal(combined.wantsLink!(entry('1'), entry('0')), false);
});

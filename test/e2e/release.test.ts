/** The release workflow: what it uses is pinned, its scripts parse, and it makes the files that deploy/install.sh wants. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { without } from './kit/tools.js';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: {
    readonly release: { readonly steps: readonly Step[]; readonly env: Readonly<Record<string, string>> };
  };
}

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const workflow = load(read('.github/workflows/release.yml')) as Workflow;
const { steps, env } = workflow.jobs.release;

test('actions are pinned by commit, tools by version, and nothing is allowed that is not named', () => {
  for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /@[0-9a-f]{40}$/);
  assert.match(env['COSIGN']!, /@v\d+\.\d+\.\d+$/);
  assert.deepEqual(workflow.permissions, {});
});

test('scripts parse, and no expression is put into their text', { skip: without('bash') }, () => {
  for (const { name, run } of steps) {
    if (run === undefined) continue;
    assert.doesNotMatch(run, /\$\{\{/, name);
    execFileSync('bash', ['-n'], { input: run });
  }
});

test('there is a binary for each machine that the install script knows', () => {
  const script = read('deploy/install.sh');
  const words = (pattern: RegExp): string[] => [...script.matchAll(pattern)].map(([, word]) => word!);
  const wanted = words(/system=(linux|darwin) ;;/g).flatMap((system) =>
    words(/machine=(\w+) ;;/g).map((machine) => `${system}-${machine}`),
  );
  assert.deepEqual(env['TARGETS']!.split(' ').sort(), wanted.sort());
  const all = steps.map(({ run = '' }) => run).join('\n');
  for (const made of [
    'checksums.txt',
    'pratique-$target',
    'cosign sign-blob',
    'cosign attest-blob',
    'npm publish --provenance',
  ])
    assert.ok(all.includes(made), made);
});

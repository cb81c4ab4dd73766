import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeWorld } from '#platform/fakes';
import { loadPolicy } from './load-policy.js';

const cwd = await mkdtemp(join(tmpdir(), 'policy-'));
after(() => rm(cwd, { recursive: true }));
const world = fakeWorld({ cwd });
const finding = { target: 't', class: 'lang-pkgs', input: { Severity: 'LOW' } };

async function load(name: string, text: string) {
  await writeFile(join(cwd, name), text);
  return loadPolicy(name, world);
}

const policies: readonly (readonly [name: string, text: string, statement: string])[] = [
  ['a.cel', 'input.Severity == "LOW"', 'Filtered by CEL'],
  ['a.rego', 'package trivy\nignore { input.Severity == "LOW" }', 'Filtered by Rego'],
  ['policy', 'package trivy\nignore { input.Severity == "LOW" }', 'Filtered by Rego'],
  ['policy.txt', '\n# of ours\n\npackage trivy\nimport rego.v1\nignore if input.Severity == "LOW"', 'Filtered by Rego'],
];
for (const [name, text, statement] of policies)
  test(`${statement}: ${name}`, async () => {
    const policy = await load(name, text);
    assert.equal(policy.statement, statement);
    assert.equal(policy.source, name);
    assert.deepEqual(policy.judge(finding), { ignored: true });
  });

const broken: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ['p.txt', 'input.Severity == "LOW"', /p\.txt: the name of a policy ends with \.rego or \.cel, or its text begins/],
  ['bad.cel', '(', /bad\.cel: line 1/],
  ['bad.rego', 'package trivy\nignore {', /bad\.rego: line 2, column 9: a term is expected/],
  ['cel.rego', 'input.Severity == "LOW"', /cel\.rego: line 1, column 1: package is expected/],
  ['rego.cel', 'package trivy\nignore { true }', /rego\.cel: line 1/],
];
for (const [name, text, message] of broken)
  test(`refused: ${name}`, () => assert.rejects(load(name, text), { code: 'policy/invalid', message }));

test('no file, and a directory', async () => {
  await mkdir(join(cwd, 'directory.rego'));
  await assert.rejects(loadPolicy('nope.rego', world), { code: 'file/not-found' });
  await assert.rejects(loadPolicy('directory.rego', world), /directory\.rego: is a directory/);
});

test('a policy that fails for a finding is an error of the policy', async () => {
  const cel = await load('good.cel', 'input.Severity < 7');
  assert.throws(() => cel.judge(finding), { code: 'policy/invalid' });
  const rego = await load('two.rego', 'package trivy\np = 1\np = 2\nignore { p == 1 }');
  assert.throws(() => rego.judge(finding), {
    code: 'policy/invalid',
    message: /two\.rego: line 3, column 1: p has several/,
  });
});

test('what a policy prints goes to the log for debugging', async () => {
  const lines: string[] = [];
  const log = { ...world.log, debug: (line: string) => lines.push(line) };
  await writeFile(join(cwd, 'print.rego'), 'package trivy\nignore { print(input.Severity, 1) }');
  const policy = await loadPolicy('print.rego', { ...world, log });
  policy.judge(finding);
  assert.deepEqual(lines, ['print.rego: LOW 1']);
});

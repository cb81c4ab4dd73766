import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cvssPolicies,
  fails,
  finding,
  holds,
  holdsInV1,
  policies,
  refusedPolicies,
  undecided,
} from './cases.test.kit.js';
import { compileRego } from './compile-rego.js';

const now = new Date('2026-01-31T00:00:00Z');

async function decide(text: string, input: unknown = finding) {
  const printed: string[] = [];
  const { judge } = await compileRego(text, { now, print: (line) => printed.push(line) });
  return { ...judge(input), printed };
}

const withBody = (body: string, head = 'package trivy\nignore'): string => `${head} {\n${body}\n}`;

for (const body of holds)
  test(`holds: ${body}`, async () => assert.equal((await decide(withBody(body))).ignored, true));

for (const body of holdsInV1)
  test(`holds: ${body}`, async () =>
    assert.equal((await decide(withBody(body, 'package trivy\nimport rego.v1\nignore if'))).ignored, true));

for (const body of fails)
  test(`does not hold: ${body}`, async () =>
    assert.deepEqual(await decide(withBody(body)), { ignored: false, printed: [] }));

for (const body of undecided)
  test(`undecided: ${body}`, async () => {
    const judgement = await decide(withBody(body));
    assert.equal(judgement.ignored, false);
    assert.match('unknown' in judgement ? judgement.unknown : '', /^line 3, column \d+: [\w.]+: ./);
  });

for (const [text, ignored] of [...policies, ...cvssPolicies])
  test(`${ignored ? 'ignores' : 'keeps'}: ${text}`, async () =>
    assert.equal((await decide(`package trivy\n${text}`)).ignored, ignored));

for (const [text, message] of refusedPolicies)
  test(`refused: ${text}`, async () => assert.rejects(decide(text), { name: 'FormatError', message }));

test('a rule with several values is an error that names it', async () => {
  const several = { name: 'FormatError', message: /line \d, column 1: p has several values/ };
  await assert.rejects(decide('package trivy\np = 1\np = 2\nignore { p == 1 }'), several);
  await assert.rejects(decide('package trivy\np = input.CweIDs[i]\nignore { p == "CWE-79" }'), several);
  await assert.rejects(decide('package trivy\np = x { x := input.numbers[_] }\nignore { p == 1 }'), several);
  await assert.rejects(decide('package trivy\np(_) = x { x := input.numbers[_] }\nignore { p(1) == 1 }'), several);
  await assert.rejects(
    decide('package trivy\np["a"] = x { x := input.numbers[_] }\nignore { p.a == 1 }'),
    /p has several values for the key "a"/,
  );
  await assert.rejects(
    decide('package trivy\nignore { {"a": x | x := input.numbers[_]} == 1 }'),
    /line 2, column 10: a comprehension has several values for the key "a"/,
  );
});

test('ignore must be true or false', async () => {
  await assert.rejects(decide('package trivy\nignore = "yes"'), /ignore is "yes" \(string\), not true or false/);
});

test('a failure does not matter when another rule ignores the finding', async () => {
  const text = 'package trivy\nignore { to_number(input.PkgName) == 1 }\nignore { input.Severity == "LOW" }';
  assert.deepEqual(await decide(text), { ignored: true, printed: [] });
});

test('what a policy prints', async () => {
  const { printed } = await decide('package trivy\nignore { print("a", input.numbers, input.absent); trace("b") }');
  assert.deepEqual(printed, ['a [3, 1, 2] <undefined>', 'b']);
});

test('keys of findings are looked up as they are, whatever they are called', async () => {
  const input = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}') as unknown;
  const text = 'package trivy\nignore { input["__proto__"].a == 1; input.constructor == "x"; not input.toString }';
  assert.equal((await decide(text, input)).ignored, true);
});

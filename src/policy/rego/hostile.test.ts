/** Whatever a policy says: it is refused with a place, or it decides within its budget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { finding, holds, holdsInV1, policies, refusedPolicies } from './cases.test.kit.js';
import { compileRego } from './compile-rego.js';
import { randomPolicy } from './random-policy.test.kit.js';

const now = new Date('2026-01-31T00:00:00Z');

async function decide(text: string, input: unknown = finding): Promise<'ignored' | 'kept' | FormatError> {
  try {
    const { judge } = await compileRego(text, { now, print: () => {} });
    return judge(input).ignored ? 'ignored' : 'kept';
  } catch (error) {
    assert.ok(error instanceof FormatError, `${String(error)}\n${(error as Error).stack}`);
    return error;
  }
}

const valid = [
  ...holds.map((body) => `package trivy\nignore {\n${body}\n}`),
  ...holdsInV1.map((body) => `package trivy\nimport rego.v1\nignore if {\n${body}\n}`),
  ...policies.map(([text]) => `package trivy\n${text}`),
  ...refusedPolicies.map(([text]) => text),
];

test('policies cut off, with parts taken out, doubled or exchanged', async () => {
  const place = fc.nat(400);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...valid),
      fc.constantFrom(...valid),
      place,
      place,
      place,
      async (a, b, i, j, k) => {
        for (const text of [a.slice(0, i), a.slice(0, i) + a.slice(i + (j % 9)), a.slice(0, i) + b.slice(j, j + k)])
          await decide(text);
        await decide(a.slice(0, i) + a.slice(j));
      },
    ),
    { numRuns: 1000 },
  );
});

test('words in any order', async () => {
  const words =
    'ignore|p|x|_|input|data|.a|[|]|{|}|(|)|:=|=|==|!=|<|+|-|*|/|%|&|||,|;|:|\n|1|"a"|`b`|true|set()|not |some |every |in |if |else |default |import |as |contains |with |count(|f(|0.5|#|package trivy\n'.split(
      /(?<=[^|])\|(?!\|)|(?<=\|)\|(?=\|)/,
    );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 25 }), async (parts) => {
      await decide(`package trivy\nignore { ${parts.join(' ')} }`);
      await decide(`package trivy\n${parts.join('')}`);
    }),
    { numRuns: 1000 },
  );
});

test('any text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => void (await decide(text))),
  );
});

test('random policies over any finding', async () => {
  const field = fc.constantFrom('Severity', 'numbers', 'CweIDs', 'VendorSeverity', 'CVSS', 'no', '__proto__');
  await fc.assert(
    fc.asyncProperty(randomPolicy, fc.dictionary(field, fc.jsonValue()), async (text, input) => {
      await decide(text, input);
    }),
    { numRuns: 300 },
  );
});

const many = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const body = (text: string): string => `package trivy\nignore {\n${text}\n}`;

const costly: readonly (readonly [what: string, text: string])[] = [
  ['a long range', body('count(numbers.range(1, 1000000000)) > 1')],
  ['ranges in ranges', body('r := numbers.range(1, 400)\ncount([1 | r[_]; r[_]; r[_]]) > 1')],
  ['a search', body(`r := numbers.range(1, 400)\n${many(9, (i) => `x${i} := r[_]`)}\nx0 > 400`)],
  [
    'texts that double',
    body(`x0 := "0123456789"\n${many(40, (i) => `x${i + 1} := concat("", [x${i}, x${i}])`)}\nx40 == ""`),
  ],
  ['arrays that double', body(`x0 := [1]\n${many(60, (i) => `x${i + 1} := [x${i}, x${i}]`)}\nx60 == x59`)],
  ['sets that double', body(`x0 := {1}\n${many(60, (i) => `x${i + 1} := {[x${i}, 1], [x${i}, 2]}`)}\nx60 == x59`)],
  ['numbers that double', body(`x0 := 10\n${many(60, (i) => `x${i + 1} := x${i} * x${i}`)}\nx60 > 1`)],
  [
    'functions that call twice',
    `package trivy\nf0(x) = x\n${many(40, (i) => `f${i + 1}(x) = f${i}(x) + f${i}(x)`)}\nignore { f40(1) > 0 }`,
  ],
  [
    'a format',
    body(
      'count(sprintf("%999d%999d%999d", [1, 1, 1])) > 0; count([1 | r := numbers.range(1, 9999)[_]; sprintf("%999d", [r])]) > 0',
    ),
  ],
  [
    'replacements',
    body(
      'x := concat(",", [format_int(i, 2) | i := numbers.range(1, 5000)[_]])\ny := replace(x, "1", x)\ncount(y) > 0',
    ),
  ],
  [
    'an expression with nested repetition',
    body('x := concat("", ["a" | numbers.range(1, 5000)[_]])\nregex.match("^(a+)+$", concat("", [x, "b"]))'),
  ],
  ['many repetitions', body(`regex.match("${'a{1000}'.repeat(500)}", "b")`)],
  [
    'an expression for each number',
    body('count([1 | i := numbers.range(1, 900)[_]; regex.match(sprintf("[a-z]{900}%d", [i]), "b")]) == 0'),
  ],
  ['a slow match', body('x := concat("", ["a" | numbers.range(1, 20000)[_]])\nregex.match("(a{30}){30}b", x)')],
  ['a large repetition', body('regex.match("((a{1,100}){1,100}){1,100}", "b")')],
  ['a glob of stars', body('x := concat("", ["a" | numbers.range(1, 5000)[_]])\nglob.match("*a*a*a*a*a*a*b", [], x)')],
  ['deep JSON', body('json.unmarshal(concat("", ["[" | numbers.range(1, 50000)[_]])) == 1')],
  [
    'comparisons of large values',
    body('r := numbers.range(1, 20000)\ncount([1 | i := r[_]; r == array.concat(r, [i])]) == 0'),
  ],
  [
    'iterations that stop at once',
    `package trivy\nfirst(x) { x[_] == 1 }\nignore {\nr := numbers.range(1, 90000)\ncount([1 | r[_]; first(r)]) == 0\n}`,
  ],
  ['printing again and again', body('r := numbers.range(1, 20000)\nr[_]; print(r); false')],
  ['sorting again and again', body('r := numbers.range(20000, 1)\ncount([1 | r[_]; sort(r)[0] == 2]) == 0')],
  [
    'objects merged deeply',
    body(`x0 := {"a": 1}\n${many(90, (i) => `x${i + 1} := {"a": x${i}}`)}\nobject.union(x90, x90) == 1`),
  ],
  ['rules in a chain', `package trivy\np0 = 1\n${many(2000, (i) => `p${i + 1} = p${i}`)}\nignore { p2000 == 1 }`],
  ['brackets', body(`x := ${'['.repeat(50_000)}`)],
  ['negations', body('not '.repeat(50_000))],
  ['operators', body(`x := ${'1 + '.repeat(50_000)}1`)],
  ['a long reference', body(`input${'.a'.repeat(50_000)}`)],
  ['many statements', body(many(5000, () => 'true'))],
  ['else without end', `package trivy\nignore { false }${' else = false { false }'.repeat(5000)}`],
  ['many rules', `package trivy\n${many(9000, (i) => `p${i} { input.x == ${i} }`)}\nignore { p1 }`],
  [
    'a large literal',
    `package trivy\nids = {${many(30_000, (i) => `"CVE-2099-${i}",`)}}\nignore { ids[input.VulnerabilityID] }`,
  ],
];

for (const [what, text] of costly)
  test(`ends soon: ${what}`, { timeout: 20_000 }, async () => {
    const start = performance.now();
    const result = await decide(text);
    const took = performance.now() - start;
    assert.ok(took < 5000, `${what} took ${Math.round(took)} ms`);
    if (result instanceof FormatError) assert.match(result.message, /limit|more than|deep|too |longer|larger|levels/);
  });

test('bodies and chains of rules up to the limits are decided', async () => {
  const statement = 'input.numbers[_] == count(split(concat("", [input.Severity, input.Severity]), "O"))';
  assert.equal(await decide(body(many(99, () => statement))), 'ignored');
  const chain = `package trivy\np0 = 1\n${many(25, (i) => `p${i + 1} = x { x := p${i}; input.numbers[_] == 3 }`)}`;
  assert.equal(await decide(`${chain}\nignore { p25 == 1 }`), 'ignored');
});

test('the budget is that of one finding', async () => {
  const { judge } = await compileRego(body('count([1 | numbers.range(1, 50000)[_]]) > 0'), { now, print: () => {} });
  for (let i = 0; i < 20; i++) assert.deepEqual(judge(finding), { ignored: true });
});

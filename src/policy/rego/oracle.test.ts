/** The same decisions as an Open Policy Agent: for our tables, and for policies made at random. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { fails, finding, holds, holdsInV1, policies, undecided } from './cases.test.kit.js';
import { compileRego } from './compile-rego.js';
import { noOpa, type Opa, startOpa } from './opa.test.kit.js';
import { randomPolicy } from './random-policy.test.kit.js';

/** Rules with several values are met or not by the order of statements, which is each evaluator's own. */
function ignores(judge: (input: unknown) => { readonly ignored: boolean }): boolean {
  try {
    return judge(finding).ignored;
  } catch (error) {
    assert.match(String(error), /several values/);
    return false;
  }
}

suite('as an Open Policy Agent', { skip: noOpa }, () => {
  let opa: Opa;
  before(async () => {
    opa = await startOpa();
  });
  after(() => opa.stop());

  const holdsThere = async (text: string): Promise<boolean> => {
    const answer = await opa.ask(text, finding);
    assert.ok('value' in answer, JSON.stringify(answer));
    return answer.value === true;
  };

  for (const body of holds)
    test(`holds: ${body}`, async () => assert.ok(await holdsThere(`package trivy\nignore {\n${body}\n}`)));
  for (const body of holdsInV1)
    test(`holds: ${body}`, async () =>
      assert.ok(await holdsThere(`package trivy\nimport rego.v1\nignore if {\n${body}\n}`)));
  for (const body of [...fails, ...undecided])
    test(`does not hold: ${body}`, async () => {
      // What the types of constants exclude is refused there.
      const answer = await opa.ask(`package trivy\nignore {\n${body}\n}`, finding);
      assert.ok(
        'refused' in answer ? /rego_type_error/.test(answer.refused) : answer.value !== true,
        JSON.stringify(answer),
      );
    });
  for (const [text, ignored] of policies)
    test(text, async () => assert.equal(await holdsThere(`package trivy\n${text}`), ignored));

  test('policies made at random', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomPolicy, async (text) => {
        const theirs = await opa.ask(text, finding);
        // It refuses more: what the types of constants exclude, and orders of statements that ours accept.
        if ('refused' in theirs) return;
        const { judge } = await compileRego(text, { now: new Date(), print: () => {} });
        assert.equal(ignores(judge), theirs.value === true);
        compared++;
      }),
      { numRuns: 500, seed: 2026 },
    );
    assert.ok(compared > 50, `only ${compared} of 500 policies were compared`);
  });
});

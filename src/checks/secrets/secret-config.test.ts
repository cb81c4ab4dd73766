import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, asyncProperty, nat, string } from 'fast-check';
import { PratiqueError } from '#base';
import { parseSecretConfig } from './secret-config.js';

const parse = (text: string): ReturnType<typeof parseSecretConfig> => parseSecretConfig(text, 'conf/trivy-secret.yaml');

test('an empty file changes nothing', async () => {
  for (const text of ['', '# nothing\n', '{}', '\ufeff'])
    assert.equal((await parse(text)).rules.length, 0, JSON.stringify(text));
});

test('all keys', async () => {
  const config = await parse(`
enable-builtin-rules: [a]
disable-rules: [b]
disable-allow-rules: [c]
skip-patterns: ["**/x/**"]
rules:
  - {id: r, category: k, title: t, severity: critical, regex: "x(?P<s>y)", secret-group-name: s, keywords: [Key], path: "p$"}
allow-rules:
  - {id: w, description: d, path: "^q", regex: z}
exclude-block: {description: d, regexes: [e]}
`);
  assert.deepEqual(
    [config.name, config.enabledRules, config.disabledRules, config.disabledAllowRules, config.skipPatterns],
    ['trivy-secret.yaml', ['a'], ['b'], ['c'], ['**/x/**']],
  );
  const [rule] = config.rules;
  assert.deepEqual([rule!.id, rule!.category, rule!.title, rule!.severity], ['r', 'k', 't', 'CRITICAL']);
  assert.deepEqual(rule!.keywords, ['key']);
  assert.equal(rule!.path!.test('a/p'), true);
  assert.equal(config.allowRules[0]!.path!.test('a/q'), false);
  assert.equal(config.excludeBlocks.length, 1);
});

test('a severity that is none is unknown', async () => {
  for (const severity of ['', 'urgent', '7'])
    assert.equal((await parse(`rules: [{id: r, regex: x, severity: "${severity}"}]`)).rules[0]!.severity, 'UNKNOWN');
});

test('mistakes name the file, the line and the field', async () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['rules: [', /not YAML/],
    ['- a', /the document: must be a table/],
    ['rules: {id: a}', /rules: must be a list/],
    ['rules:\n- a', /line 2: rules\[0\]: must be a table/],
    ['rules: [{regex: a}]', /rules\[0\]\.id: is missing/],
    ['rules:\n- {id: a, regex: a}\n- {id: b}', /line 3: rules\[1\]\.regex: is missing/],
    ['rules: [{id: a, regex: "("}]', /rules\[0\]\.regex: .*missing closing \)/],
    ['rules: [{id: a, regex: "(?=x)"}]', /rules\[0\]\.regex: /],
    ['rules: [{id: a, regex: "x", secret-group-name: s}]', /rules\[0\]\.regex: there is no group named s/],
    ['rules: [{id: a, regex: "x", secret-group-name: constructor}]', /no group named constructor/],
    ['rules: [{id: a, regex: "x", keywords: x}]', /rules\[0\]\.keywords: must be a list/],
    ['rules: [{id: a, regex: "x", keywords: [[x]]}]', /rules\[0\]\.keywords\[0\]: must be a text/],
    ['rules: [{id: a, regex: "x", allow-rules: [{regex: "["}]}]', /rules\[0\]\.allow-rules\[0\]\.regex: /],
    ['allow-rules: [{path: "*"}]', /allow-rules\[0\]\.path: /],
    ['exclude-block: {regexes: ["("]}', /exclude-block\.regexes\[0\]: /],
    ['exclude-block: [a]', /exclude-block: must be a table/],
    ['disable-rules: all', /disable-rules: must be a list/],
    ['skip-patterns: ["[a"]', /skip-patterns\[0\]: unclosed \[/],
  ];
  for (const [text, expected] of mistakes) {
    await assert.rejects(parse(text), (error: unknown) => {
      assert.ok(error instanceof PratiqueError && error.code === 'secret-config/invalid', text);
      assert.match(error.message, /^conf\/trivy-secret\.yaml: /);
      assert.match(error.message, expected);
      return true;
    });
  }
});

test('keys of prototypes are ordinary keys', async () => {
  const config = await parse('{__proto__: {rules: [{id: a, regex: b}]}, constructor: x, toString: [y]}');
  assert.equal(config.rules.length, 0);
});

test('whatever the bytes, a configuration is read or refused', async () => {
  const good =
    'rules:\n  - {id: r, regex: "a(?P<s>b)", secret-group-name: s, keywords: [k]}\nexclude-block: {regexes: [e]}\n';
  await check(
    asyncProperty(nat(good.length), string({ maxLength: 4 }), async (at, change) => {
      try {
        await parse(good.slice(0, at) + change + good.slice(at + change.length));
      } catch (error) {
        assert.ok(error instanceof PratiqueError, String(error));
      }
    }),
    { numRuns: 200 },
  );
});

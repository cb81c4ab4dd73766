import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, constantFrom, integer, nat, oneof, property, record } from 'fast-check';
import { byteSourceOf } from './byte-source.js';
import { findSecrets, maxSecrets, type FoundSecret } from './find-secrets.js';
import { createRuleSet, type RuleSet } from './rule-set.js';
import { makeSample } from './samples.test.kit.js';
import { defaultSecretConfig, parseSecretConfig } from './secret-config.js';

const builtIn = createRuleSet(defaultSecretConfig);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const show = (found: readonly FoundSecret[]): string[] =>
  found.map(({ rule, start, end }) => `${rule.id} ${start}-${end}`);

function find(text: string, rules: RuleSet = builtIn, piece?: number): string[] {
  return show(findSecrets(byteSourceOf(bytesOf(text)), 'src/a.txt', rules, piece).secrets);
}

const configured = async (yaml: string): Promise<RuleSet> =>
  createRuleSet(await parseSecretConfig(yaml, 'trivy-secret.yaml'));

const templates = [
  'AKIA{u16}',
  'ghs_{a400}',
  'eyJ{a200}.eyJ{a900}.{w43}',
  `dropbox = "sl.{l135}"`,
  'Endpoint=https://name.azconfig.io;Id={a4};Secret={b44}',
  '{b52}JQQJ99{b18}AZCR{b4}',
  'AWS_SECRET_ACCESS_KEY = "{b40}"',
  '-----BEGIN RSA PRIVATE KEY-----\n{b64}\n{b64}\n-----END RSA PRIVATE KEY-----',
];

test('where pieces end makes no difference', () => {
  const filler = constantFrom('\n', ' ', 'key = ', 'x'.repeat(150), `password: "none"\n`, '-----', 'é');
  const part = oneof(
    filler,
    record({ i: nat(templates.length - 1), seed: nat(50) }).map(({ i, seed }) => makeSample(templates[i]!, seed).text),
  );
  check(
    property(array(part, { maxLength: 30 }), integer({ min: 1, max: 3000 }), (parts, piece) => {
      const text = parts.join('\n');
      assert.deepEqual(find(text, builtIn, piece), find(text));
    }),
    { numRuns: 150 },
  );
});

test('a secret right at the end of a piece is found once', () => {
  const { text } = makeSample('ghp_{a36}');
  for (let lead = 0; lead < 90; lead++) {
    const whole = `${' '.repeat(lead)}${text} `;
    assert.deepEqual(find(whole, builtIn, 64), [`github-pat ${lead}-${lead + 40}`]);
  }
});

test('the time grows with the size, also for text made to be slow', () => {
  const hostile = [
    'ADO_PAT',
    'sk-proj-',
    'eyJ',
    '.eyJ',
    "lob = '",
    'sv=2020-01-01&a=b',
    '-----BEGIN PRIVATE KEY-----',
    'AZDO',
    '"type" : ',
    'PuTTY-User-Key-File-2: a\nA: b\nAAAA\n',
  ];
  for (const text of hostile) {
    const source = byteSourceOf(bytesOf(text.repeat(Math.ceil(200_000 / text.length))));
    const started = performance.now();
    findSecrets(source, 'a.txt', builtIn);
    assert.ok(performance.now() - started < 1500, text);
  }
});

test('an expression of the user cannot take more than linear time', async () => {
  const rules = await configured('rules: [{id: slow, regex: "(a+)+(b+)+(c|a)*$"}]');
  const started = performance.now();
  assert.deepEqual(find(`${'a'.repeat(50_000)}!`, rules), []);
  assert.ok(performance.now() - started < 2000);
});

test('a file of nothing but secrets is listed up to a limit, and that is told', () => {
  const one = `${makeSample('ghp_{a36}').text}\n`;
  const { secrets, more } = findSecrets(byteSourceOf(bytesOf(one.repeat(maxSecrets + 5))), 'a', builtIn);
  assert.equal(secrets.length, maxSecrets);
  assert.equal(more, true);
});

const custom = `
rules:
  - id: order
    category: shop
    title: Order token
    severity: high
    keywords: [ORD]
    regex: ord_(?P<number>[0-9]{4})
    secret-group-name: number
    path: \\.txt$
    allow-rules:
      - {id: zeros, regex: "0000"}
  - id: any
    regex: Любой-[a-z]{3}
allow-rules:
  - {id: dummy, regex: dummy}
exclude-block:
  regexes: ["<<[\\\\s\\\\S]*?>>"]
`;

test('rules of users: groups, keywords, allow rules, blocks, letters of any script', async () => {
  const rules = await configured(custom);
  assert.deepEqual(find('x ord_1234 ord_0000', rules), ['order 6-10']);
  assert.deepEqual(find('ord_5555 << ord_1234 \n >> ord_1235', rules), ['order 4-8', 'order 30-34']);
  assert.deepEqual(find('é Любой-abc', rules), ['any 3-17']);
  const { text } = makeSample('ghp_{a36}');
  assert.deepEqual(find(`<< ${text} >>`, rules), []);
  assert.deepEqual(find(`token ${text}`, rules), ['github-pat 6-46']);
});

test('rules of users see pieces that overlap', async () => {
  const rules = await configured('rules: [{id: long, regex: "ab{100,900}c"}, {id: start, regex: "^x"}]');
  const text = `x\n${`a${'b'.repeat(500)}c\n`.repeat(700)}x`;
  const small = findSecrets(byteSourceOf(bytesOf(text)), 'a', rules, 1000).secrets;
  assert.equal(small.length, 701);
  assert.deepEqual(show(small), find(text, rules));
});

test('rules can be chosen and left out', async () => {
  const text = `${makeSample('ghp_{a36}').text} ${makeSample('AKIA{u16}').text}`;
  const ids = async (yaml: string): Promise<string[]> =>
    find(text, await configured(yaml)).map((hit) => hit.split(' ')[0]!);
  assert.deepEqual(await ids('disable-rules: [github-pat]'), ['aws-access-key-id']);
  assert.deepEqual(await ids('enable-builtin-rules: [github-pat]'), ['github-pat']);
  assert.deepEqual(await ids('{enable-builtin-rules: [github-pat], disable-rules: [github-pat]}'), []);
  assert.deepEqual(await ids('rules: [{id: word, regex: "AK[A-Z]A"}]'), ['aws-access-key-id', 'github-pat', 'word']);
});

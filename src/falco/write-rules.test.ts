import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { severities, type Report } from '#model';
import { checkRules } from './check-rules.test.kit.js';
import { digestOf, imageReport, result, vulnerability } from './image-report.test.kit.js';
import { writeRules } from './write-rules.js';

const choice = { version: '1.2.3', severities, ignoreUnfixed: false };
const kev = 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2026-1';

const reports: Report[] = [
  imageReport('alpine:3.10', [result([vulnerability('CRITICAL'), vulnerability('LOW')])], {
    repoTags: ['alpine:3.10'],
    repoDigests: [`alpine@${digestOf('a')}`],
  }),
  imageReport('ghcr.io/acme/api:v1', [result([vulnerability('HIGH', { fixedVersion: '4' })])]),
  imageReport('ghcr.io/acme/api:v2', [result([])]),
  imageReport('localhost:5000/old:1', [result([vulnerability('LOW', { references: [kev] })])]),
  imageReport(`ghcr.io/acme/odd@${digestOf('b')}`, [result([vulnerability('UNKNOWN')])]),
  { ...imageReport('alpine:3.99', [result([vulnerability('CRITICAL')])]), artifactType: 'filesystem' },
];

const start = (image: string, digest = '', more: Readonly<Record<string, string>> = {}) => ({
  'evt.type': 'execve',
  'proc.vpid': '1',
  'container.id': '0123456789ab',
  'container.image': image,
  'container.image.repository': image.replace(/:[^:/]*$/, ''),
  'container.image.digest': digest,
  ...more,
});

/** Words after "With" of the rules that fire, disabled ones left out. */
function firing(text: string, event: Readonly<Record<string, string>>): string[] {
  const { rules, matches } = checkRules(text);
  return [...rules]
    .filter(([, rule]) => rule['enabled'] !== false && matches(String(rule['condition']), event))
    .map(([name]) => /With (\w+)/.exec(name)![1]!);
}

test('one rule fires for the image, and none for others', () => {
  const text = writeRules(reports, choice);
  const cases: [Readonly<Record<string, string>>, string[]][] = [
    [start('docker.io/library/alpine:3.10'), ['Critical']],
    [start('alpine:3.10'), ['Critical']],
    [start('mirror.example/alpine:latest', digestOf('a')), ['Critical']],
    [start('docker.io/library/alpine:3.99'), []],
    [start('ghcr.io/acme/api:v1'), ['High']],
    [start('ghcr.io/acme/api:v2'), []],
    [start('other.io/acme/api:v1'), []],
    [start('localhost:5000/old:1'), ['Exploited']],
    [start('x', digestOf('b')), ['Unknown']],
    [start('pratique.invalid/none'), []],
    [start('alpine:3.10', '', { 'proc.vpid': '7' }), []],
    [start('alpine:3.10', '', { 'container.id': 'host' }), []],
    [start('alpine:3.10', '', { 'evt.type': 'open' }), []],
  ];
  for (const [event, expected] of cases) assert.deepEqual(firing(text, event), expected, JSON.stringify(event));
});

test('the rule for other versions of a repository is there, and disabled', () => {
  const { rules, matches } = checkRules(writeRules(reports, choice));
  const rule = rules.get('Pratique Container Of Repository With Vulnerable Images')!;
  assert.equal(rule['enabled'], false);
  assert.ok(matches(String(rule['condition']), start('ghcr.io/acme/api:v2')));
  assert.ok(!matches(String(rule['condition']), start('ghcr.io/acme/api:v1')));
});

test('severities and fixes choose', () => {
  const fixable = writeRules(reports, { ...choice, ignoreUnfixed: true });
  assert.deepEqual(firing(fixable, start('alpine:3.10')), []);
  assert.deepEqual(firing(fixable, start('ghcr.io/acme/api:v1')), ['High']);
  const low = writeRules(reports, { ...choice, severities: ['LOW'] });
  assert.deepEqual(firing(low, start('alpine:3.10')), ['Low']);
  checkRules(writeRules([], choice));
});

test('the worst of several reports counts, in any order', () => {
  const twice = [
    imageReport('a.io/x:1', [result([vulnerability('LOW')])]),
    imageReport('a.io/x:1', [result([vulnerability('HIGH')])]),
  ];
  assert.deepEqual(firing(writeRules(twice, choice), start('a.io/x:1')), ['High']);
  fc.assert(
    fc.property(fc.shuffledSubarray([...reports, ...twice], { minLength: 8 }), (shuffled) => {
      assert.equal(writeRules(shuffled, choice), writeRules([...reports, ...twice], choice));
    }),
    { numRuns: 20 },
  );
});

test('a name that is the name of a list stays a name', () => {
  const hostile = imageReport('pratique_exploited_digests', [result([vulnerability('LOW')])], {
    repoTags: ['pratique_exploited_digests:pratique_low_tags', 'shell_binaries:1'],
  });
  const text = writeRules([hostile, ...reports], choice);
  assert.ok(checkRules(text).lists.get('pratique_low_repositories')!.includes('shell_binaries'));
  assert.match(text, /'"shell_binaries"'/);
});

test('hostile names get no further', () => {
  const tags = [
    'a,b:1',
    'a) or (evt.type = open',
    'x"\n- rule: y',
    "it's:1",
    '%proc.name:1',
    'a:%user.name',
    '__proto__:1',
    '{{a}}',
    'ok:1',
  ];
  const text = writeRules([imageReport('x', [result([vulnerability('LOW')])], { repoTags: tags })], choice);
  assert.deepEqual(checkRules(text).lists.get('pratique_low_tags'), ['docker.io/library/ok:1', 'library/ok:1', 'ok:1']);
});

test('whatever a report says, the file keeps to the grammar', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.stringMatching(/^[a-z0-9_.:/@%,()"'\n -]{0,40}$/),
    fc.stringMatching(/^[a-z0-9]{1,9}(?:[/_.-][a-z0-9]{1,5}){0,2}(?::[\w.-]{1,9})?$/),
  );
  const shape = checkRules(writeRules([], choice));
  const report = fc
    .record({
      name: odd,
      repoTags: fc.array(odd, { maxLength: 4 }),
      repoDigests: fc.array(odd, { maxLength: 4 }),
      imageId: odd,
      id: odd,
      severity: fc.constantFrom(...severities),
    })
    .map(({ name, id, severity, ...metadata }) =>
      imageReport(name, [result([vulnerability(severity, { id })])], metadata),
    );
  fc.assert(
    fc.property(fc.array(report, { maxLength: 4 }), (all) => {
      const { lists, macros, rules } = checkRules(writeRules(all, choice));
      assert.deepEqual([...rules], [...shape.rules]);
      assert.deepEqual([...macros], [...shape.macros]);
      assert.deepEqual([...lists.keys()], [...shape.lists.keys()]);
    }),
    { numRuns: 150 },
  );
});

test('the checker finds mistakes', () => {
  const good = writeRules(reports, choice);
  const mistakes: [string | RegExp, string][] = [
    ['- macro: pratique_low_image', '- macro: pratique-low-image'],
    ['- list: pratique_low_tags', '- list: renamed'],
    ['  priority: ALERT', '  priority: URGENT'],
    ['  priority: ALERT\n', ''],
    ['%proc.name', '%proc.nonsense'],
    ['proc.vpid = 1 and', 'proc.vpid = 1 and and'],
    ['proc.vpid = 1 and', 'proc.vpid = 1 )'],
    ['(execve, execveat)', '()'],
    ['- macro: pratique_container_started', '- macro: other'],
    ['  desc: A', '  comment: A'],
    [/items:\n {4}- .*\n/, 'items: []\n'],
  ];
  for (const [from, to] of mistakes) assert.throws(() => checkRules(good.replace(from, to)), Error, to);
});

test('rules can be overridden in a file that is loaded later', () => {
  const override = (keys: string): string =>
    `${writeRules(reports, choice)}\n- rule: Pratique Container Of Image With Low Vulnerabilities\n${keys}`;
  checkRules(override('  enabled: false\n  override:\n    enabled: replace\n'));
  checkRules(override('  condition: and container.name != a\n  override:\n    condition: append\n'));
  const mistakes = [
    '  enabled: false\n  override:\n    enabled: append\n',
    '  override:\n    desc: replace\n',
    '  enabled: false\n',
  ];
  for (const keys of mistakes) assert.throws(() => checkRules(override(keys)), Error, keys);
});

/** Policies: defaults, and mistakes that must not pass for rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { builtInPolicy, parseImagePolicy } from './image-policy.js';

test('the defaults', () => {
  const { hash, ...policy } = parseImagePolicy({}, 'p');
  assert.match(hash, /^[0-9a-f]{16}$/);
  assert.deepEqual(policy, {
    name: 'p',
    mode: 'enforce',
    unknownImage: 'allow',
    waitSeconds: 5,
    incompleteScan: 'allow',
    vulnerabilities: { severities: ['CRITICAL'], fixableOnly: true, graceDays: 0, knownExploited: false },
    allowedRegistries: [],
    requireDigest: false,
    exceptions: [],
    exceptionResources: true,
    breakGlass: { allowed: false, groups: [] },
  });
  assert.equal(builtInPolicy.mode, 'warn');
});

test('values written as text, as YAML without types has them', () => {
  const policy = parseImagePolicy(
    { requireDigest: 'true', waitSeconds: '3', maxScanAgeHours: '48', vulnerabilities: { epss: '0.5' } },
    'p',
  );
  assert.equal(policy.vulnerabilities.epss, 0.5);
  assert.deepEqual([policy.requireDigest, policy.waitSeconds, policy.maxScanAgeHours], [true, 3, 48]);
});

const wrong: readonly (readonly [object | string | null, RegExp])[] = [
  ['text', /^the policy: a table/],
  [{ severites: ['HIGH'] }, /^severites: there is no such field/],
  [{ vulnerabilities: { severity: ['HIGH'] } }, /^vulnerabilities\.severity: there is no/],
  [{ vulnerabilities: { severities: ['SEVERE'] } }, /^vulnerabilities\.severities: SEVERE is not one of/],
  [{ vulnerabilities: { severities: 'HIGH' } }, /a list is expected/],
  [{ mode: 'block' }, /^mode: one of enforce, warn, audit/],
  [{ requireDigest: 'yes' }, /true or false/],
  [{ waitSeconds: 60 }, /from 0 to 25/],
  [{ vulnerabilities: { epss: 1.1 } }, /^vulnerabilities\.epss: a number from 0 to 1/],
  [{ maxImageAgeDays: -1 }, /^maxImageAgeDays: a number/],
  [{ waitSeconds: '1e1' }, /a number/],
  [{ requireSignature: true }, /^requireSignature: signatures with keys or identities/],
  [{ signatures: {} }, /^signatures: keys or identities/],
  [{ signatures: { keys: [{ key: 'no key' }] } }, /^signatures\.keys\[0\]\.key: a public key in PEM/],
  [{ signatures: { identities: [{ issuer: 'i', subject: '*' }] } }, /^signatures\.identities\[0\]\.subject: it would/],
  [{ signatures: { identities: [{ issuer: 'i' }] } }, /^signatures\.identities\[0\]\.subject: a text/],
  [{ exceptions: [{ ids: ['CVE-1'], reason: 'r' }] }, /^exceptions\[0\]\.expires: a text/],
  [{ exceptions: [{ ids: ['CVE-1'], reason: 'r', expires: 'soon' }] }, /^exceptions\[0\]\.expires: a date/],
  [{ exceptions: [{ ids: ['CVE-1'], expires: '2026-01-01' }] }, /^exceptions\[0\]\.reason/],
  [{ exceptions: [{ expires: '2026-01-01', reason: 'r' }] }, /names ids, packages, purls or images/],
  [{ exceptions: [{ images: ['[a'], expires: '2026-01-01', reason: 'r' }] }, /cannot be in the name of an image/],
  [{ allowedRegistries: Array(1001).fill('a') }, /more than 1000/],
  [{ allowedRegistries: ['a'.repeat(1001)] }, /longer than 1000/],
  [JSON.parse('{"__proto__": {"mode": "audit"}}') as object, /^__proto__: there is no such field/],
];
for (const [spec, message] of wrong)
  test(`refuses ${JSON.stringify(spec).slice(0, 70)}`, () => {
    assert.throws(() => parseImagePolicy(spec, 'p'), { name: 'FormatError', message });
  });

test('any value is a policy or a FormatError', () => {
  const keys = fc.constantFrom('mode', 'vulnerabilities', 'severities', 'exceptions', 'ids', 'breakGlass', 'images');
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.dictionary(keys, tie('any')),
      fc.array(tie('any'), { maxLength: 3 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (spec) => {
      try {
        parseImagePolicy(spec, 'p');
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
  );
});

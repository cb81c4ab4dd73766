/** What each rule of a policy does to an image: a table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from './decide.js';
import type { FactFinding, ImageFacts, JudgedImage, Measure } from './image-facts.js';
import { parseImagePolicy } from './image-policy.js';
import type { SignatureVerdict } from './signature-verdicts.js';
import { imageWarnings, problemText } from './verdict-text.js';

const now = new Date('2026-03-10T12:00:00Z');
const time = now.getTime();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const digest = `sha256:${'a'.repeat(64)}`;

const finding = (more: Partial<FactFinding> = {}): FactFinding => ({
  id: 'CVE-2026-1',
  severity: 'CRITICAL',
  package: 'openssl',
  version: '1.1.1t',
  fixedVersion: '1.1.1w',
  publishedAt: time - 10 * DAY,
  ...more,
});
const facts = (findings: readonly FactFinding[], more: Partial<ImageFacts> = {}): ImageFacts => ({
  digest,
  platform: 'linux/amd64',
  scannedAt: time - HOUR,
  databaseVersion: 'd1',
  findings,
  ...more,
});
const image = (more: Partial<JudgedImage> = {}): JudgedImage => ({
  text: 'ghcr.io/acme/app:1',
  repository: 'ghcr.io/acme/app',
  pinned: false,
  digest,
  signatures: new Map(),
  knowledge: { kind: 'assessed', facts: [facts([finding()])] },
  ...more,
});
const found = (...findings: FactFinding[]): Partial<JudgedImage> => ({
  knowledge: { kind: 'assessed', facts: [facts(findings)] },
});
const unknown: Partial<JudgedImage> = { knowledge: { kind: 'unknown', reason: 'not scanned yet' } };
const exception = (more: object): object => ({
  exceptions: [{ ids: ['CVE-2026-1'], expires: '2026-03-31', reason: 'not reachable', ...more }],
});
const { fixedVersion: _, ...unfixed } = finding();
const { publishedAt: __, ...undated } = finding();

const lacks = (...lacking: Measure[]): Partial<JudgedImage> => ({
  knowledge: { kind: 'assessed', facts: [facts([], { lacking })] },
});
const made = (days: number): Partial<JudgedImage> => ({
  knowledge: { kind: 'assessed', facts: [facts([]), facts([], { createdAt: time - days * DAY })] },
});
const signed = (more: object = {}) => ({
  signatures: { identities: [{ issuer: 'https://issuer.example', subject: 'ci@example.org' }], ...more },
});
const ruleHash = parseImagePolicy(signed(), 'p').signatures!.hash;
const verdict = (status: SignatureVerdict['status']): Partial<JudgedImage> => ({
  signatures: new Map([[ruleHash, { status, detail: '' }]]),
});

test('a verdict holds until the image is too old', () => {
  const { validUntil } = decide(parseImagePolicy({ maxImageAgeDays: 30 }, 'p'), image(made(29)), now);
  assert.equal(validUntil, time + DAY);
});

/** Policy, image, codes of the problems. */
const table: readonly (readonly [string, object, Partial<JudgedImage>, readonly string[]])[] = [
  ['a critical finding with a fix is refused by default', {}, {}, ['vulnerability']],
  ['a clean image is let in', {}, found(), []],
  ['one without a fix is let in', {}, found(unfixed), []],
  ['unless fixes do not matter', { vulnerabilities: { fixableOnly: false } }, found(unfixed), ['vulnerability']],
  ['other severities are let in', {}, found(finding({ severity: 'HIGH' })), []],
  [
    'unless listed',
    { vulnerabilities: { severities: ['high'] } },
    found(finding({ severity: 'HIGH' })),
    ['vulnerability'],
  ],
  ['young findings have grace', { vulnerabilities: { graceDays: 14 } }, {}, []],
  ['which ends', { vulnerabilities: { graceDays: 10 } }, {}, ['vulnerability']],
  ['without a date there is none', { vulnerabilities: { graceDays: 14 } }, found(undated), ['vulnerability']],
  [
    'what is exploited counts whatever it is',
    { vulnerabilities: { knownExploited: true, graceDays: 99 } },
    found({ ...unfixed, severity: 'LOW', exploited: true }),
    ['vulnerability'],
  ],
  ['if the policy says so', {}, found({ ...unfixed, severity: 'LOW', exploited: true }), []],
  ['an exception by id', exception({}), {}, []],
  ['holds through its last day', exception({ expires: '2026-03-10' }), {}, []],
  ['and no longer', exception({ expires: '2026-03-09' }), {}, ['vulnerability']],
  ['to the second', exception({ expires: '2026-03-10T12:00:00Z' }), {}, ['vulnerability']],
  ['of another id does nothing', exception({ ids: ['CVE-2026-2'] }), {}, ['vulnerability']],
  ['of the package', exception({ ids: [], packages: ['openssl'] }), {}, []],
  ['of another package does nothing', exception({ packages: ['zlib'] }), {}, ['vulnerability']],
  ['of the image', exception({ ids: [], images: ['ghcr.io/acme/*'] }), {}, []],
  ['of another image does nothing', exception({ images: ['ghcr.io/other/*'] }), {}, ['vulnerability']],
  ['an allowed registry', { allowedRegistries: ['ghcr.io/acme/'] }, found(), []],
  ['not a name that begins alike', { allowedRegistries: ['ghcr.io/ac'] }, found(), ['registry']],
  [
    'Docker Hub by its other name',
    { allowedRegistries: ['docker.io'] },
    { ...found(), repository: 'index.docker.io/library/nginx' },
    [],
  ],
  ['a digest is required', { requireDigest: true }, found(), ['digest']],
  ['and there', { requireDigest: true }, { ...found(), pinned: true }, []],
  [
    'what is likely to be exploited counts whatever it is',
    { vulnerabilities: { epss: 0.5, graceDays: 99 } },
    found({ ...unfixed, severity: 'LOW', epss: 0.5 }),
    ['vulnerability'],
  ],
  ['below that it does not', { vulnerabilities: { epss: 0.5 } }, found({ ...unfixed, epss: 0.49 }), []],
  ['nor without a probability', { vulnerabilities: { epss: 0 } }, found(unfixed), []],
  [
    'a database without them is a gap',
    { vulnerabilities: { epss: 0.5 }, incompleteScan: 'deny' },
    lacks('epss'),
    ['incomplete'],
  ],
  ['which may be let in', { vulnerabilities: { epss: 0.5 } }, lacks('epss'), []],
  ['and matters to nobody else', { incompleteScan: 'deny' }, lacks('epss', 'exploited', 'created'), []],
  [
    'one without the list of what is exploited, too',
    { vulnerabilities: { knownExploited: true }, incompleteScan: 'deny' },
    lacks('exploited'),
    ['incomplete'],
  ],
  ['an old image is refused', { maxImageAgeDays: 30 }, made(31), ['age']],
  ['a younger one is not', { maxImageAgeDays: 30 }, made(29), []],
  [
    'one that does not tell is a gap',
    { maxImageAgeDays: 30, incompleteScan: 'deny' },
    lacks('created'),
    ['incomplete'],
  ],
  ['nothing is known of a signature', signed(), found(), ['signature']],
  ['it is valid', signed(), { ...found(), ...verdict('valid') }, []],
  ['it is not valid', signed(), { ...found(), ...verdict('invalid') }, ['signature']],
  ['it could not be verified', signed(), { ...found(), ...verdict('failed') }, ['signature']],
  [
    'it is being verified, whatever is unknown',
    { ...signed(), unknownImage: 'allow' },
    { ...found(), ...verdict('pending') },
    ['signature'],
  ],
  ['it is not asked for', { ...signed(), requireSignature: false }, found(), []],
  ['it is asked for of others', signed({ images: ['ghcr.io/other/*'] }), found(), []],
  ['it is asked for of this', signed({ images: ['ghcr.io/acme/*'] }), found(), ['signature']],
  ['unknown images are let in by default', {}, unknown, []],
  ['or refused', { unknownImage: 'deny' }, unknown, ['unknown']],
  ['or were waited for in vain', { unknownImage: 'wait' }, unknown, ['unknown']],
  ['old facts are none', { unknownImage: 'deny', maxScanAgeHours: 1 }, found(), ['unknown']],
  ['younger ones are', { unknownImage: 'deny', maxScanAgeHours: 2 }, found(), []],
  ['gaps are told', {}, { knowledge: { kind: 'assessed', facts: [facts([], { incomplete: 'app.jar' })] } }, []],
  [
    'or refused',
    { incompleteScan: 'deny' },
    { knowledge: { kind: 'assessed', facts: [facts([], { incomplete: 'app.jar' })] } },
    ['incomplete'],
  ],
  [
    'the worst platform counts',
    {},
    { knowledge: { kind: 'assessed', facts: [facts([]), facts([finding()], { platform: 'linux/arm64' })] } },
    ['vulnerability'],
  ],
  [
    'a platform the image does not have does not',
    {},
    { knowledge: { kind: 'assessed', facts: [facts([]), facts([], { absent: true })] } },
    [],
  ],
  [
    'no platform at all',
    { unknownImage: 'deny' },
    { knowledge: { kind: 'assessed', facts: [facts([], { absent: true })] } },
    ['unknown'],
  ],
  ['no reference', { unknownImage: 'deny' }, { ...unknown, invalid: 'not a name' }, ['invalid', 'unknown']],
];

for (const [name, spec, more, expected] of table) {
  test(name, () => {
    const verdict = decide(parseImagePolicy(spec, 'p'), image(more), now);
    assert.deepEqual(
      verdict.problems.map(({ code }) => code),
      expected,
    );
  });
}

const until = (spec: object, more: Partial<JudgedImage> = {}): number | undefined =>
  decide(parseImagePolicy(spec, 'p'), image(more), now).validUntil;

test('a verdict says until when it holds', () => {
  assert.equal(until({}), undefined);
  assert.equal(until(exception({})), Date.parse('2026-04-01T00:00:00Z'));
  assert.equal(until({ vulnerabilities: { graceDays: 14 } }), time + 4 * DAY);
  assert.equal(until({ maxScanAgeHours: 3, ...exception({}) }), time + 2 * HOUR);
});

test('a verdict made again at its end, and not before, may be another', () => {
  const policy = parseImagePolicy({ vulnerabilities: { graceDays: 14 } }, 'p');
  const { validUntil } = decide(policy, image(), now);
  const at = (when: number): number => decide(policy, image(), new Date(when)).problems.length;
  assert.deepEqual([at(validUntil! - 1), at(validUntil!)], [0, 1]);
});

test('texts name the worst findings and what fixes them, none longer than a warning may be', () => {
  const many = [1, 2, 3, 4, 5].map((n) => finding({ id: `CVE-2026-${n}` }));
  const verdict = decide(parseImagePolicy({}, 'p'), image(found(...many)), now);
  assert.equal(
    problemText(verdict.problems[0]!),
    '5 vulnerabilities not allowed: CVE-2026-1 (CRITICAL) in openssl 1.1.1t, fixed in 1.1.1w; CVE-2026-2 (CRITICAL) in openssl 1.1.1t, fixed in 1.1.1w; CVE-2026-3 (CRITICAL) in openssl 1.1.1t, fixed in 1.1.1w; and 2 more',
  );
  const long = [...imageWarnings(`registry.example.org/${'x'.repeat(300)}@${digest}`, verdict)];
  assert.equal(long.length, 4);
  for (const text of long) assert.ok(text.length <= 256, text);
  const accepted = decide(parseImagePolicy(exception({}), 'p'), image(), now);
  assert.deepEqual(
    [...imageWarnings('app:1', accepted)],
    ['app:1: CVE-2026-1 let through by exception until 2026-04-01T00:00Z'],
  );
});

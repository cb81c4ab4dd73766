/** Exceptions as files have them, and what they do to a report. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, PratiqueError } from '#base';
import type { Report, Vulnerability } from '#model';
import { tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { acceptFindings, exceptionRemarks } from './accept-findings.js';
import { parseException } from './finding-exception.js';
import { loadExceptions, parseExceptions } from './load-exceptions.js';

const now = new Date('2026-03-10T12:00:00Z');
const base = { owner: 'team-shop', reason: 'not reachable', expires: '2026-03-31' };
const vulnerability = (id: string, name = 'openssl'): Vulnerability => ({
  kind: 'vulnerability',
  id,
  vendorIds: ['RHSA-1'],
  package: { name, version: '1', purl: `pkg:apk/alpine/${name}@1` } as Vulnerability['package'],
  installedVersion: '1',
  status: 'fixed',
  severity: 'CRITICAL',
});
const report = (more: Partial<Report> = {}): Report => ({
  artifactName: 'ghcr.io/acme/app:1',
  artifactType: 'container_image',
  createdAt: now.toISOString(),
  reportId: 'r',
  metadata: { repoDigests: [`ghcr.io/acme/app@sha256:${'a'.repeat(64)}`] },
  results: [
    { target: 't', class: 'os-pkgs', vulnerabilities: [vulnerability('CVE-1'), vulnerability('CVE-2', 'zlib')] },
  ],
  diagnostics: [],
  ...more,
});
const left = (spec: object, of = report(), at = now): string[] =>
  acceptFindings(of, [parseException({ ...base, ...spec }, 'x')], at).report.results[0]!.vulnerabilities.map(
    ({ id }) => id,
  );

test('every list that is given must match', () => {
  const table: readonly (readonly [object, readonly string[]])[] = [
    [{ ids: ['CVE-1'] }, ['CVE-2']],
    [{ ids: ['RHSA-1'] }, []],
    [{ packages: ['zlib'] }, ['CVE-1']],
    [{ ids: ['CVE-1'], packages: ['zlib'] }, ['CVE-1', 'CVE-2']],
    [{ purls: ['pkg:apk/alpine/zlib'] }, ['CVE-1']],
    [{ images: ['ghcr.io/acme/*'] }, []],
    [{ images: ['ghcr.io/acme/app@sha256:a*'] }, []],
    [{ images: ['ghcr.io/acme/app@sha256:b*'] }, ['CVE-1', 'CVE-2']],
    [{ images: ['ghcr.io/*'], ids: ['CVE-1'] }, ['CVE-1', 'CVE-2']],
  ];
  for (const [spec, ids] of table) assert.deepEqual(left(spec), ids, JSON.stringify(spec));
});

test('an exception ends to the second', () => {
  const spec = { ids: ['CVE-1'], expires: '2026-03-10T12:00:00Z' };
  assert.deepEqual(left(spec), ['CVE-1', 'CVE-2']);
  assert.deepEqual(left(spec, report(), new Date('2026-03-10T11:59:59Z')), ['CVE-2']);
  assert.deepEqual(left({ ids: ['CVE-1'], expires: '2026-03-10' }), ['CVE-2']);
});

test('exceptions of images are not for other things, and packages without a URL match no URL', () => {
  const tree = report({ artifactName: 'ghcr.io/acme/app', artifactType: 'filesystem' });
  assert.deepEqual(left({ images: ['ghcr.io/acme/*'] }, tree), ['CVE-1', 'CVE-2']);
  assert.deepEqual(left({ ids: ['CVE-1'] }, tree), ['CVE-2']);
  const bare = { ...vulnerability('CVE-1'), package: { name: 'openssl', version: '1' } as Vulnerability['package'] };
  const nameless = report({ results: [{ target: 't', class: 'os-pkgs', vulnerabilities: [bare] }] });
  assert.deepEqual(left({ purls: ['pkg:apk/alpine/openssl'] }, nameless), ['CVE-1']);
});

test('what was taken out stays, with reason, owner and end; expired and unused ones are remarks', () => {
  const active = parseException({ ...base, ids: ['CVE-1'] }, 'VulnerabilityException shop/a');
  const old = parseException({ ...base, ids: ['CVE-2'], expires: '2026-01-01' }, 'VulnerabilityException shop/b');
  const idle = parseException({ ...base, ids: ['CVE-9'] }, 'VulnerabilityException shop/c');
  const accepted = acceptFindings(report(), [active, old, idle], now);
  const [{ suppressed }] = accepted.report.results as [Report['results'][number]];
  assert.deepEqual(
    suppressed?.map(({ status, statement, source }) => ({ status, statement, source })),
    [
      {
        status: 'ignored',
        statement: 'not reachable (accepted by team-shop until 2026-04-01T00:00:00Z)',
        source: 'VulnerabilityException shop/a',
      },
    ],
  );
  assert.deepEqual(
    exceptionRemarks([active, old, idle], accepted, now, 'f').map(({ message }) => message),
    [
      'VulnerabilityException shop/b expired on 2026-01-02 and counts no more',
      'VulnerabilityException shop/c met no finding of this scan',
    ],
  );
});

const document = (spec: string): string =>
  `apiVersion: pratique.dev/v1alpha1\nkind: VulnerabilityException\nmetadata: { name: a, namespace: shop }\nspec: ${spec}\n`;
const whole = '{ ids: [CVE-1], owner: o, reason: r, expires: 2026-12-31 }';

test('documents, lists and JSON', async () => {
  const two = await parseExceptions(`${document(whole)}---\nkind: ConfigMap\n---\n${document(whole)}`);
  assert.deepEqual(
    two.map(({ namespace, exception: { name } }) => [namespace, name]),
    Array.from({ length: 2 }, () => ['shop', 'VulnerabilityException shop/a']),
  );
  const item = { kind: 'VulnerabilityException', metadata: { name: 'b' }, spec: { ...base, ids: ['CVE-1'] } };
  const [one] = await parseExceptions(JSON.stringify({ kind: 'List', items: [item] }));
  assert.equal(one!.namespace, undefined);
  assert.equal(one!.exception.expires, Date.parse('2026-04-01T00:00:00Z'));
});

test('mistakes are named with object and field', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['a: b', /there is no VulnerabilityException/],
    [document('{}'), /VulnerabilityException shop\/a: spec\.owner: a text/],
    [document('{ ids: [CVE-1], owner: o, reason: r }'), /spec\.expires: a text/],
    [document('{ ids: [CVE-1], owner: o, reason: r, expires: 2026-02-30 }'), /spec\.expires: a date/],
    [document('{ ids: [CVE-1], owner: o, reason: r, expires: 2026-02-03T99:99Z }'), /spec\.expires: a date/],
    [document('{ owner: o, reason: r, expires: 2026-02-03 }'), /names ids, packages, purls or images/],
    [document('{ purls: [x], owner: o, reason: r, expires: 2026-02-03 }'), /spec\.purls: x/],
    [document("{ images: ['[a'], owner: o, reason: r, expires: 2026-02-03 }"), /spec\.images: .*cannot be in the name/],
    [document('{ id: CVE-1, owner: o, reason: r, expires: 2026-02-03, ids: [a] }'), /spec\.id: there is no such field/],
  ];
  for (const [text, problem] of cases) await assert.rejects(parseExceptions(text), problem, text);
  const folder = await tempDirectory();
  try {
    const world = { ...fakeWorld(), cwd: folder.path };
    writeFileSync(join(folder.path, 'bad.yaml'), document('{}'));
    await assert.rejects(
      loadExceptions(['bad.yaml'], world),
      (error) => error instanceof PratiqueError && error.code === 'exceptions/invalid',
    );
    await assert.rejects(
      loadExceptions(['none.yaml'], world),
      (error) => error instanceof PratiqueError && error.code === 'file/not-found',
    );
  } finally {
    await folder.remove();
  }
});

test('any document is exceptions or a FormatError', async () => {
  const keys = fc.constantFrom('ids', 'packages', 'purls', 'images', 'owner', 'reason', 'expires', 'x');
  const value = fc.oneof(
    fc.constantFrom('CVE-1', '2026-12-31', '[', 'pkg:a/b', '', '9999-12-31T00:00:00Z'),
    fc.array(fc.oneof(fc.string(), fc.constant('pkg:npm/a'))),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, value), async (spec) => {
      try {
        await parseExceptions(JSON.stringify({ kind: 'VulnerabilityException', metadata: { name: 'n' }, spec }));
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
  );
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import type { LicenseFinding, Secret, Vulnerability } from '#model';
import { fakeWorld } from '#platform/fakes';
import { parseExpiry } from './ignore-entry.js';
import { parseIgnoreLines } from './ignore-lines.js';
import { createIgnoreRules, type IgnoreRules } from './ignore-rules.js';
import { parseIgnoreYaml } from './ignore-yaml.js';
import { loadIgnoreFiles } from './load-ignore-files.js';

const now = new Date('2026-01-02T03:04:05Z');

function finding(id: string, purl?: string, path?: string): Vulnerability {
  return {
    kind: 'vulnerability',
    id,
    package: { name: 'p', version: '1', ...(purl && { purl }), ...(path && { path }) },
    installedVersion: '1',
    status: 'affected',
    severity: 'HIGH',
  };
}

const fromLines = (text: string): IgnoreRules => createIgnoreRules([parseIgnoreLines(text, 'f')], now);
const fromYaml = async (text: string): Promise<IgnoreRules> =>
  createIgnoreRules([await parseIgnoreYaml(text, 'f')], now);

test('one id a line, comments, remarks and expiry', () => {
  const rules = fromLines(
    '\uFEFF# CVE-0\r\nCVE-1\r\n  CVE-2   # why\n\tCVE-3 exp:2026-01-03 x\nCVE-4 exp:2026-01-02\rCVE-5 exp:2026-02-31\n',
  );
  const found = ['CVE-0', 'CVE-1', 'CVE-2', 'CVE-3', 'CVE-4', 'CVE-5'].filter((id) =>
    rules.vulnerability(finding(id), 't'),
  );
  assert.deepEqual(found, ['CVE-1', 'CVE-2', 'CVE-3']);
  assert.deepEqual(
    rules.diagnostics().map((d) => [d.code, d.line, d.message]),
    [
      ['ignore-file/bad-date', 6, 'CVE-5 is not ignored: exp:2026-02-31 is not a day, as in exp:2030-01-31'],
      ['ignore-file/expired', 5, 'CVE-4 (line 5) expired on 2026-01-02 and counts no more'],
    ],
  );
});

test('entries that met nothing are told', () => {
  const rules = fromLines('CVE-1\nCVE-2 exp:2020-01-01\n');
  assert.deepEqual(
    rules.diagnostics().map((d) => d.code),
    ['ignore-file/unused', 'ignore-file/unused'],
  );
});

test('days and times of expiry', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['2030-01-31', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31T01:02:03+01:00', '2030-01-31T00:02:03.000Z'],
    ['2030-01-31 01:02:03', '2030-01-31T01:02:03.000Z'],
    ['2030-02-31', undefined],
    ['2030-1-1', undefined],
    ['tomorrow', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseExpiry(text)?.toISOString(), expected, text);
});

test('an entry in YAML may be limited to paths and package URLs', async () => {
  const rules = await fromYaml(`
vulnerabilities:
  - id: CVE-1
    paths: ["app/**/lock.json", "*.txt"]
    statement: accepted
  - id: CVE-2
    purls: ["pkg:npm/%40a/b@1", "pkg:deb/debian/c?arch=all"]
  - id: CVE-3
    expired_at: 2026-01-03
secrets:
  - id: token
licenses:
  - id: MIT
`);
  const cases: readonly (readonly [string, string, string | undefined, string | undefined, boolean])[] = [
    ['CVE-1', 'app/x/y/lock.json', undefined, undefined, true],
    ['CVE-1', 'lock.json', undefined, undefined, false],
    ['CVE-1', 'Python', undefined, 'requirements.txt', true],
    ['CVE-2', 't', 'pkg:npm/%40a/b@1', undefined, true],
    ['CVE-2', 't', 'pkg:npm/%40a/b@1.1', undefined, false],
    ['CVE-2', 't', 'pkg:deb/debian/c@7?arch=all&distro=debian-12', undefined, true],
    ['CVE-2', 't', 'pkg:deb/debian/c@7?arch=amd64', undefined, false],
    ['CVE-2', 't', undefined, undefined, true],
    ['CVE-3', 't', undefined, undefined, true],
    ['MIT', 't', undefined, undefined, false],
  ];
  for (const [id, target, purl, path, expected] of cases)
    assert.equal(
      Boolean(rules.vulnerability(finding(id, purl, path), target)),
      expected,
      `${id} ${purl ?? ''} ${target}`,
    );
  assert.equal(rules.vulnerability(finding('CVE-1'), 'a.txt')?.statement, 'accepted');
});

test('entries in YAML that met nothing or expired are told by line', async () => {
  const rules = await fromYaml('vulnerabilities:\n  - id: CVE-1\n    expired_at: 2020-01-01\n\n  - id: CVE-2\n');
  rules.vulnerability(finding('CVE-1'), 't');
  assert.deepEqual(
    rules.diagnostics().map((d) => [d.code, d.line]),
    [
      ['ignore-file/expired', 2],
      ['ignore-file/unused', 5],
    ],
  );
});

test('ids of the vendor name a finding, too', () => {
  const found = { ...finding('CVE-1'), vendorIds: ['RHSA-1'] };
  assert.equal(fromLines('RHSA-1').vulnerability(found, 't')?.id, 'RHSA-1');
});

test('secrets and licenses', async () => {
  const rules = await fromYaml('secrets: [{id: token}]\nlicenses: [{id: MIT}, {id: GPL-2.0 WITH x}, {id: Apache-2.0}]');
  const secret = { kind: 'secret', ruleId: 'token' } as Secret;
  assert.ok(rules.secret(secret, 'f'));
  const cases: readonly (readonly [string, boolean])[] = [
    ['MIT', true],
    ['MIT OR Apache-2.0', true],
    ['(MIT AND GPL-2.0 WITH x) OR Apache-2.0', true],
    ['MIT OR GPL-2.0', false],
    ['GPL-2.0', false],
  ];
  for (const [name, expected] of cases)
    assert.equal(Boolean(rules.license({ kind: 'license', name, filePath: '' } as LicenseFinding)), expected, name);
});

test('licenses that are always ignored are not told when they meet nothing', async () => {
  const rules = (await loadIgnoreFiles([], ['MIT', 'Apache-2.0', 'ISC'], fakeWorld()))!;
  const license = (name: string) => rules.license({ kind: 'license', name, filePath: '' } as LicenseFinding);
  assert.equal(license('MIT OR Apache-2.0')?.source, '--ignored-licenses');
  assert.equal(license('GPL-2.0-only'), undefined);
  assert.deepEqual(rules.diagnostics(), []);
});

test('mistakes in YAML name their line and field', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['[', /not YAML: line 1/],
    ['- a', /top level is not a mapping/],
    ['vulnerabilities: x', /line 1: vulnerabilities is not a list/],
    ['\nvulnerabilities:\n- {id: a}\n- x', /line 4: vulnerabilities\[1\] is not a mapping/],
    ['vulnerabilities: [{id: [a]}]', /vulnerabilities\[0\]\.id is not a text/],
    ['vulnerabilities: [{id: a, paths: ["["]}]', /vulnerabilities\[0\]\.paths\[0\]: "\[" is not a glob/],
    ['secrets:\n- {id: a}\n- id: b\n  purls:\n  - nope', /line 5: secrets\[1\]\.purls\[0\]: "nope": .*pkg:/],
    ['licenses: [{id: a,\n expired_at: never}]', /line 2: licenses\[0\]\.expired_at: "never" is not a day/],
  ];
  for (const [text, message] of cases)
    await assert.rejects(parseIgnoreYaml(text, 'f'), { name: 'FormatError', message });
});

test('unknown keys and entries without id are told', async () => {
  const { entries, diagnostics } = await parseIgnoreYaml('vulns: []\nvulnerabilities:\n  - {cve: x}\n', 'f');
  assert.deepEqual(entries, []);
  assert.deepEqual(
    diagnostics.map((d) => [d.code, d.line]),
    [
      ['ignore-file/unknown-key', 1],
      ['ignore-file/unknown-key', 3],
      ['ignore-file/no-id', 3],
    ],
  );
});

test('any text parses as lines; any text parses or is a FormatError as YAML', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom(
          'vulnerabilities:',
          '\n  - id: a',
          '\n    paths:',
          ' ["*"]',
          ' [',
          '{',
          '&a',
          '*a',
          '\n    purls: [',
          '__proto__: x\n',
          '"',
          ' exp:',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (input) => {
      const { entries } = parseIgnoreLines(input, 'f');
      for (const { id } of entries) assert.match(id, /^\S+$/);
      await parseIgnoreYaml(input, 'f').catch((error: unknown) =>
        assert.ok(error instanceof FormatError, String(error)),
      );
    }),
    { numRuns: 300 },
  );
});

test('files: defaults may be missing, named ones must exist, damaged ones are errors', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'ignore-'));
  try {
    const world = fakeWorld({ cwd });
    assert.equal(await loadIgnoreFiles([{ path: '.trivyignore', required: false }], [], world), undefined);
    await assert.rejects(loadIgnoreFiles([{ path: 'a', required: true }], [], world), { code: 'file/not-found' });
    await writeFile(join(cwd, 'b.yaml'), 'secrets: 1');
    await assert.rejects(loadIgnoreFiles([{ path: 'b.yaml', required: true }], [], world), {
      code: 'ignore-file/invalid',
      message: 'b.yaml: line 1: secrets is not a list',
    });
    await writeFile(join(cwd, '.trivyignore'), 'CVE-1');
    const rules = await loadIgnoreFiles([{ path: '.trivyignore', required: false }], [], world);
    assert.equal(rules?.vulnerability(finding('CVE-1'), 't')?.source, '.trivyignore');
  } finally {
    await rm(cwd, { recursive: true });
  }
});

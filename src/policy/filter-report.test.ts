import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { severities, statuses, type Report, type Secret, type Vulnerability } from '#model';
import { fakeWorld } from '#platform/fakes';
import { filterResult } from './filter-findings.js';
import { filterReport, openFilter, type FilterOptions } from './filter-report.js';

function finding(id: string, more: Partial<Vulnerability> = {}): Vulnerability {
  return {
    kind: 'vulnerability',
    id,
    package: { name: 'p', version: '1' },
    installedVersion: '1',
    status: 'affected',
    severity: 'HIGH',
    ...more,
  };
}

const reportOf = (vulnerabilities: readonly Vulnerability[], secrets?: readonly Secret[]): Report => ({
  artifactName: 'a',
  artifactType: 'filesystem',
  createdAt: '2026-01-01T00:00:00Z',
  reportId: '',
  metadata: {},
  results: [{ target: 't', class: 'lang-pkgs', vulnerabilities, ...(secrets && { secrets }) }],
  diagnostics: [],
});

/** Filters with files of the given contents. */
async function filtered(
  report: Report,
  files: Readonly<Record<string, string>>,
  options: Partial<FilterOptions>,
): Promise<Report> {
  const cwd = await mkdtemp(join(tmpdir(), 'filter-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
    const world = fakeWorld({ cwd });
    const filter = await openFilter({ severities, cacheDir: cwd, ...options }, world);
    return await filterReport(report, filter, { encode: (f) => ({ Severity: f.severity, Id: 'id' in f ? f.id : '' }) });
  } finally {
    await rm(cwd, { recursive: true });
  }
}

test('severity and status take findings out for good, the rest suppresses them', async () => {
  const vulnerabilities = [
    finding('CVE-1', { severity: 'LOW' }),
    finding('CVE-2', { status: 'fixed' }),
    finding('CVE-3'),
    finding('CVE-4'),
    finding('CVE-5'),
    finding('CVE-6'),
  ];
  const vex = `{"@context": "x", "statements": [
    {"vulnerability": "CVE-5", "products": ["pkg:npm/p"], "status": "not_affected", "justification": "component_not_present"}]}`;
  const report = await filtered(
    reportOf(vulnerabilities.map((v) => ({ ...v, package: { ...v.package, purl: 'pkg:npm/p@1' } }))),
    { i: 'CVE-3', 'p.cel': 'input.Id == "CVE-4" || input.Id == "CVE-3"', v: vex },
    {
      severities: ['HIGH'],
      ignoredStatuses: ['fixed'],
      ignoreFiles: [{ path: 'i', required: true }],
      ignorePolicy: 'p.cel',
      vex: ['v'],
    },
  );
  const [result] = report.results;
  assert.deepEqual(
    result?.vulnerabilities.map((v) => v.id),
    ['CVE-6'],
  );
  assert.deepEqual(
    result.suppressed?.map((s) => [
      s.finding.kind === 'vulnerability' && s.finding.id,
      s.status,
      s.statement,
      s.source,
    ]),
    [
      ['CVE-3', 'ignored', '', 'i'],
      ['CVE-4', 'ignored', 'Filtered by CEL', 'p.cel'],
      ['CVE-5', 'not_affected', 'component_not_present', 'v'],
    ],
  );
});

const secret = (ruleId: string, severity: Secret['severity']): Secret => ({
  kind: 'secret',
  ruleId,
  category: '',
  severity,
  title: '',
  startLine: 1,
  endLine: 1,
  code: [],
  match: '',
});

test('secrets go through severity, ignore file and policy', async () => {
  const secrets = [secret('a', 'HIGH'), secret('b', 'HIGH'), secret('c', 'LOW'), secret('d', 'CRITICAL')];
  const { results } = await filtered(
    reportOf([], secrets),
    { i: 'a', 'p.cel': 'input.Type == "secret" && input.Severity == "CRITICAL"' },
    { severities: ['HIGH', 'CRITICAL'], ignoreFiles: [{ path: 'i', required: true }], ignorePolicy: 'p.cel' },
  );
  assert.deepEqual(
    results[0]?.secrets?.map((s) => s.ruleId),
    ['b'],
  );
  assert.equal(results[0]?.suppressed?.length, 2);
});

test('a policy that is undecided for every finding is told', async () => {
  const { diagnostics, results } = await filtered(
    reportOf([finding('CVE-1'), finding('CVE-2')]),
    { 'p.cel': 'input.Severty == "HIGH"' },
    { ignorePolicy: 'p.cel' },
  );
  assert.equal(results[0]?.vulnerabilities.length, 2);
  assert.deepEqual(diagnostics, [
    {
      code: 'policy/undecided',
      severity: 'warning',
      message: 'undecided for 2 of 2 findings, which stay: No such key: Severty',
      path: 'p.cel',
    },
  ]);
});

test('a policy in Rego that fails for findings is told, and so are fields that none of them has', async () => {
  const told = async (body: string) => {
    const found = reportOf([finding('CVE-1'), finding('CVE-2')]);
    const text = `package trivy\nignore { ${body} }`;
    return (await filtered(found, { 'p.rego': text }, { ignorePolicy: 'p.rego' })).diagnostics;
  };
  assert.deepEqual(await told('to_number(input.Id) > 1'), [
    {
      code: 'policy/undecided',
      severity: 'warning',
      message: 'undecided for 2 of 2 findings, which stay: line 2, column 10: to_number: the string is no number',
      path: 'p.rego',
    },
  ]);
  assert.deepEqual(await told('input.Severty == "HIGH"; input.Severity == "HIGH"'), [
    {
      code: 'policy/fields',
      severity: 'info',
      message: 'ignored none of 2 findings; none of them has input.Severty',
      path: 'p.rego',
    },
  ]);
  assert.deepEqual(await told('input.Id == "CVE-9"'), []);
  assert.deepEqual(await told('not input.Severty; input.Id == "CVE-1"'), []);
});

test('filtering keeps no finding twice, loses none that is wanted, and filters once only', () => {
  const some = fc.record({
    id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
    severity: fc.constantFrom(...severities),
    status: fc.constantFrom(...statuses),
    fixedVersion: fc.constantFrom('1', '2'),
  });
  fc.assert(
    fc.property(fc.array(some), fc.subarray([...severities]), fc.subarray([...statuses]), (parts, wanted, ignored) => {
      const result = reportOf(parts.map(({ id, ...more }) => finding(id, more))).results[0]!;
      const filter = { severities: wanted, ignoredStatuses: ignored };
      const once = filterResult(result, filter);
      const expected = new Set(
        parts.filter((p) => wanted.includes(p.severity) && !ignored.includes(p.status)).map((p) => p.id),
      );
      assert.deepEqual(once.vulnerabilities.map((v) => v.id).sort(), [...expected].sort());
      assert.deepEqual(filterResult(once, filter), once);
    }),
  );
});

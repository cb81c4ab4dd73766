/** Facts from resources, damaged ones included; assessments there and back; metrics as Prometheus reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Report, Vulnerability } from '#model';
import type { ImageFacts } from './image-facts.js';
import { createMetrics } from './metrics.js';
import { reportFacts } from './report-facts.js';
import { assessmentOf, factsOfAssessment, factsOfReport } from './resource-facts.js';

const digest = `sha256:${'b'.repeat(64)}`;

test('a VulnerabilityReport as operators write it', () => {
  const vulnerability = {
    vulnerabilityID: 'CVE-1',
    resource: 'zlib',
    installedVersion: '1',
    fixedVersion: '',
    severity: 'HIGH',
  };
  const fixable = {
    ...vulnerability,
    vulnerabilityID: 'CVE-2',
    fixedVersion: '2',
    publishedDate: '2026-01-01T00:00:00Z',
    kev: true,
  };
  const report = {
    updateTimestamp: '2026-03-01T00:00:00Z',
    artifact: { digest },
    vulnerabilities: [vulnerability, fixable, { severity: 'HIGH' }],
  };
  const facts = factsOfReport({ metadata: {}, report } as never)!;
  const common = { severity: 'HIGH', package: 'zlib', version: '1' };
  assert.deepEqual(facts.findings, [
    { id: 'CVE-2', ...common, fixedVersion: '2', publishedAt: Date.parse('2026-01-01') },
    { id: 'CVE-1', ...common },
  ]);
  assert.deepEqual(facts.untold, ['created', 'epss', 'exploited']);
  const told = {
    ...vulnerability,
    pratique: { knownExploited: true, epss: { score: 0.5, percentile: 0.9 }, vendorIds: ['V-1'] },
    packagePURL: 'pkg:a/b',
  };
  const accepted = { ...fixable, pratique: { acceptance: {} } };
  const own = {
    ...report,
    vulnerabilities: [told],
    pratique: { accepted: [accepted], created: '2026-01-01T00:00:00Z' },
    database: { lists: ['epss', 'x'] },
  };
  const more = factsOfReport({ metadata: {}, report: own } as never)!;
  assert.deepEqual(more.untold, ['exploited']);
  assert.equal(more.createdAt, Date.parse('2026-01-01'));
  assert.deepEqual(
    more.findings.map(({ id, epss, exploited, vendorIds, purl }) => [id, epss, exploited, vendorIds, purl]),
    [
      ['CVE-1', 0.5, true, ['V-1'], 'pkg:a/b'],
      ['CVE-2', undefined, undefined, undefined, undefined],
    ],
  );
  assert.equal(facts.platform, undefined);
  const cut = factsOfReport({ metadata: {}, report: { ...report, truncated: true } } as never)!;
  assert.match(cut.incomplete!, /only a part/);
  for (const broken of [
    {},
    { report: 1 },
    { report: { ...report, artifact: {} } },
    { report: { ...report, updateTimestamp: 'x' } },
    { report: { ...report, pratique: { partial: true } } },
  ])
    assert.equal(factsOfReport({ metadata: {}, ...broken } as never), undefined);
});

test('assessments there and back, and none that burdens the store', () => {
  const finding = fc.record(
    {
      id: fc.string({ minLength: 1 }),
      severity: fc.constantFrom('LOW', 'CRITICAL' as const),
      package: fc.string(),
      version: fc.string(),
      fixedVersion: fc.string({ minLength: 1 }),
      publishedAt: fc.integer({ min: 0, max: 4e12 }),
      exploited: fc.constant(true as const),
      epss: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.abs(value)),
      purl: fc.string({ minLength: 1 }),
      vendorIds: fc.array(fc.string(), { minLength: 1 }),
    },
    { requiredKeys: ['id', 'severity', 'package', 'version'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(finding), (findings) => {
      const facts = {
        digest,
        platform: 'linux/amd64',
        repository: 'r/a',
        scannedAt: 1e12,
        databaseVersion: 'd',
        createdAt: 1e11,
        lacking: ['epss', 'created'] as const,
        findings,
      };
      assert.deepEqual(factsOfAssessment(assessmentOf(facts as ImageFacts, 'own')!), facts);
    }),
  );
  const many = Array.from({ length: 6000 }, (_, i) => ({
    id: `CVE-${i}`,
    severity: 'LOW' as const,
    package: 'p'.repeat(40),
    version: '1',
  }));
  const facts: ImageFacts = { digest, platform: 'linux/amd64', scannedAt: 1, databaseVersion: 'd', findings: many };
  assert.equal(assessmentOf(facts, 'own'), undefined);
  assert.equal(factsOfAssessment({ metadata: {} }), undefined);
});

const vulnerability = (id: string, more: Partial<Vulnerability> = {}): Vulnerability => ({
  kind: 'vulnerability',
  id,
  package: { name: 'zlib' } as Vulnerability['package'],
  installedVersion: '1',
  status: 'affected',
  severity: 'LOW',
  ...more,
});

test('from a report: worst first, once each, with what was not assessed', () => {
  const vulnerabilities = [
    vulnerability('CVE-1'),
    vulnerability('CVE-1'),
    vulnerability('CVE-2', { severity: 'HIGH' }),
  ];
  const result = { target: 'app.lock', class: 'lang-pkgs' as const, vulnerabilities };
  const report: Report = {
    artifactName: 'a',
    artifactType: 'container_image',
    createdAt: '2026-03-01T00:00:00Z',
    reportId: '',
    metadata: { imageConfig: { created: '2026-01-01T00:00:00Z' } },
    results: [result, { ...result, assessed: false, vulnerabilities: [] }],
    diagnostics: [],
  };
  const lookup = {
    knownExploited: (id: string) => id === 'CVE-1',
    exploitProbability: (id: string) => (id === 'CVE-2' ? { score: 0.25, percentile: 0.9 } : undefined),
    hasBucket: (name: string) => name === 'EPSS',
  };
  const { findings, incomplete, createdAt, lacking } = reportFacts(report, {
    repository: 'r',
    digest,
    platform: 'linux/amd64',
    lookup,
  });
  assert.deepEqual(
    findings.map(({ id, exploited, epss }) => [id, exploited, epss]),
    [
      ['CVE-1', true, undefined],
      ['CVE-2', undefined, 0.25],
    ],
  );
  assert.equal(createdAt, Date.parse('2026-01-01'));
  assert.deepEqual(lacking, ['exploited']);
  assert.match(incomplete!, /packages of app\.lock/);
});

test('metrics: text, escapes, and a bound on series', () => {
  const metrics = createMetrics([
    { name: 'a_total', help: 'A.', type: 'counter' },
    { name: 'g', help: 'G.', type: 'gauge', read: () => 7 },
    { name: 't_seconds', help: 'T.', type: 'histogram' },
  ]);
  metrics.count('a_total', { l: 'x"\\\n' });
  metrics.observe('t_seconds', 0.003);
  metrics.observe('t_seconds', 60);
  const text = metrics.text();
  assert.match(text, /# TYPE a_total counter\na_total\{l="x\\"\\\\\\n"\} 1\n/);
  assert.match(text, /\ng 7\n/);
  assert.match(text, /t_seconds_bucket\{le="0\.0025"\} 0\nt_seconds_bucket\{le="0\.005"\} 1\n/);
  assert.match(
    text,
    /t_seconds_bucket\{le="30"\} 1\nt_seconds_bucket\{le="\+Inf"\} 2\nt_seconds_sum 60\.003\nt_seconds_count 2\n/,
  );
  for (let i = 0; i < 1000; i++) metrics.count('a_total', { l: String(i) });
  assert.match(metrics.text(), /a_total\{l="other"\} 801\n/);
  assert.ok(metrics.text().split('\n').length < 240);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report, Vulnerability } from '#model';
import type { Unit } from './plan-units.js';
import { firstSeenOf, identityOf, reportBody } from '../reports/report-body.js';
import type { ReportBody } from '../reports/vulnerability-report.js';
import { failedBody } from './write-report.js';

const digest = `sha256:${'a'.repeat(64)}`;

const found = (id: string, more: Partial<Vulnerability> = {}): Vulnerability => ({
  kind: 'vulnerability',
  id,
  package: { name: 'made', version: '1', purl: 'pkg:apk/alpine/made@1', layer: { diffId: 'sha256:layer' } },
  installedVersion: '1',
  status: 'affected',
  severity: 'LOW',
  ...more,
});

const report = (vulnerabilities: readonly Vulnerability[], more: Partial<Report> = {}): Report => ({
  artifactName: 'made/app:1',
  artifactType: 'container_image',
  createdAt: '2099-01-02T00:00:00Z',
  reportId: 'id',
  metadata: { os: { family: 'alpine', name: '3.23', endOfLife: false } },
  results: [{ target: 'made/app:1 (alpine 3.23)', class: 'os-pkgs', type: 'alpine', vulnerabilities }],
  database: { kind: 'downloaded', version: 2, updatedAt: '2099-01-01T00:00:00Z' },
  diagnostics: [],
  ...more,
});

const image = { image: 'registry.example/made/app:1', digest };

const bodyOf = (from: Report, past: ReadonlyMap<string, string> = new Map(), about = image): ReportBody =>
  reportBody({
    report: from,
    platform: 'linux/amd64',
    version: '1.2.3',
    lists: ['exploited'],
    isPartial: false,
    knownExploited: (id) => id === 'CVE-2099-0002',
    exploitProbability: (id) => (id === 'CVE-2099-0002' ? { score: 0.9, percentile: 0.99 } : undefined),
  })(about, past);

test('the fields of a report, worst finding first', () => {
  const cvss = { nvd: { V3Score: 9.8 }, ghsa: { V3Score: 5 } };
  const body = bodyOf(
    report([found('CVE-2099-0001'), found('CVE-2099-0002', { severity: 'CRITICAL', fixedVersion: '2', cvss })]),
  );
  assert.deepEqual(body.registry, { server: 'registry.example' });
  assert.deepEqual(body.artifact, { repository: 'made/app', digest, tag: '1', platform: 'linux/amd64' });
  assert.deepEqual(body.os, { family: 'alpine', name: '3.23', eosl: false });
  assert.deepEqual(body.summary, {
    criticalCount: 1,
    highCount: 0,
    mediumCount: 0,
    lowCount: 1,
    unknownCount: 0,
    noneCount: 0,
  });
  const [worst, other] = body.vulnerabilities!;
  assert.deepEqual(worst, {
    vulnerabilityID: 'CVE-2099-0002',
    resource: 'made',
    installedVersion: '1',
    fixedVersion: '2',
    publishedDate: '',
    lastModifiedDate: '',
    severity: 'CRITICAL',
    title: '',
    target: 'made/app:1 (alpine 3.23)',
    class: 'os-pkgs',
    score: 9.8,
    packageType: 'alpine',
    packagePURL: 'pkg:apk/alpine/made@1',
    pratique: {
      status: 'affected',
      firstSeen: '2099-01-02T00:00:00Z',
      layer: 'sha256:layer',
      knownExploited: true,
      epss: { score: 0.9, percentile: 0.99 },
    },
  });
  assert.equal(other!.pratique.knownExploited, undefined);
  assert.equal(other!.fixedVersion, '');
  assert.deepEqual(body.pratique.scan, { phase: 'Succeeded', attempts: 0, lastSuccess: '2099-01-02T00:00:00Z' });
});

test('when a finding was first seen stays, also when the image has another name', () => {
  const first = bodyOf(report([found('CVE-2099-0001')]));
  const results = [
    {
      ...report([]).results[0]!,
      target: 'other:2 (alpine 3.24)',
      vulnerabilities: [found('CVE-2099-0001'), found('CVE-2099-0009')],
    },
  ];
  const later = report([], { createdAt: '2099-02-01T00:00:00Z', results });
  const second = bodyOf(later, firstSeenOf(first));
  assert.deepEqual(
    second.vulnerabilities!.map((one) => `${one.vulnerabilityID} ${one.pratique.firstSeen}`),
    ['CVE-2099-0001 2099-01-02T00:00:00Z', 'CVE-2099-0009 2099-02-01T00:00:00Z'],
  );
  assert.equal(identityOf(first.vulnerabilities![0]!), identityOf(second.vulnerabilities![0]!));
});

test('what could not be assessed is told', () => {
  const results = [{ target: 'odd', class: 'os-pkgs' as const, assessed: false as const, vulnerabilities: [] }];
  const diagnostics = [
    { code: 'a/b', severity: 'error' as const, message: 'a layer is damaged' },
    { code: 'a/c', severity: 'info' as const, message: 'never mind' },
  ];
  assert.deepEqual(bodyOf(report([], { results, diagnostics })).pratique.incomplete, [
    'the packages of odd could not be compared with advisories',
    'a layer is damaged',
  ]);
});

const unit = { image: 'mirror.example/made/copy:2', digest } as Unit & { digest: string };
const scan = { phase: 'Failed', reason: 'registry/not-found', attempts: 1 } as const;

test('a failure keeps the former report; without one there are no counts', () => {
  const former = bodyOf(report([found('CVE-2099-0001')]));
  const kept = failedBody(unit, scan, former);
  assert.deepEqual((kept as ReportBody).vulnerabilities, former.vulnerabilities);
  assert.deepEqual(kept.pratique.scan, scan);
  const alone = failedBody(unit, scan, undefined);
  assert.deepEqual(Object.keys(alone).sort(), ['artifact', 'pratique', 'registry']);
  assert.deepEqual(failedBody(unit, scan, alone), alone);
});

test('one scan is told to every workload, by its own name of the image', () => {
  const body = bodyOf(report([found('CVE-2099-0001')]), undefined, unit);
  assert.deepEqual(body.registry, { server: 'mirror.example' });
  assert.deepEqual(body.artifact, { repository: 'made/copy', digest, tag: '2', platform: 'linux/amd64' });
  assert.equal(body.vulnerabilities!.length, 1);
});

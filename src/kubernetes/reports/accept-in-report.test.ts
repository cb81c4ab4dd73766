/** What exceptions do to a report, and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseException } from '#policy';
import { acceptedCounts, acceptInReport, allFindings } from './accept-in-report.js';
import { fitFindings } from './fit-budget.js';
import { summaryOf, worstFirst } from './report-body.js';
import type { ReportBody, ReportVulnerability } from './vulnerability-report.js';

const now = new Date('2026-03-10T12:00:00Z');
const finding = (id: string, severity = 'CRITICAL', resource = 'openssl'): ReportVulnerability => ({
  vulnerabilityID: id,
  resource,
  installedVersion: '1',
  fixedVersion: '2',
  publishedDate: '',
  lastModifiedDate: '',
  severity,
  title: '',
  packagePURL: `pkg:apk/alpine/${resource}@1?arch=x86_64`,
  pratique: { status: 'fixed', firstSeen: '2026-01-01T00:00:00Z', vendorIds: [`VENDOR-${id}`] },
});
const bodyOf = (...vulnerabilities: ReportVulnerability[]): ReportBody => ({
  updateTimestamp: '2026-03-10T00:00:00Z',
  artifact: { repository: 'a' },
  summary: summaryOf(vulnerabilities),
  vulnerabilities,
  pratique: { scan: { phase: 'Succeeded', attempts: 0 } },
});
const exception = (name: string, spec: object) =>
  parseException({ owner: 'team', reason: 'not reachable', expires: '2026-03-31', ...spec }, name);
const openssl = exception('VulnerabilityException shop/openssl', { ids: ['CVE-1'] });

test('accepted findings leave list and summary, with reason, owner and end', () => {
  const body = bodyOf(finding('CVE-1'), finding('CVE-2', 'HIGH'));
  const judged = acceptInReport(body, [openssl], now);
  assert.deepEqual(
    judged.vulnerabilities?.map(({ vulnerabilityID }) => vulnerabilityID),
    ['CVE-2'],
  );
  assert.equal(judged.summary?.criticalCount, 0);
  assert.equal(judged.summary?.highCount, 1);
  assert.deepEqual(judged.pratique.accepted?.[0]?.pratique.acceptance, {
    exception: 'openssl',
    owner: 'team',
    reason: 'not reachable',
    until: '2026-04-01T00:00:00.000Z',
  });
  assert.deepEqual(acceptedCounts(judged), { accepted: 'openssl=1' });
  assert.deepEqual(acceptInReport(judged, [], now), body);
  assert.deepEqual(acceptInReport(judged, [openssl], new Date('2026-04-01T00:00:00Z')), body);
});

test('ids of vendors, names and URLs of packages', () => {
  const body = bodyOf(finding('CVE-1'), finding('CVE-1', 'LOW', 'busybox'));
  const accepted = (spec: object): number | undefined =>
    acceptInReport(body, [exception('x/y', spec)], now).pratique.accepted?.length;
  assert.equal(accepted({ ids: ['VENDOR-CVE-1'] }), 2);
  assert.equal(accepted({ packages: ['busybox'] }), 1);
  assert.equal(accepted({ purls: ['pkg:apk/alpine/busybox'] }), 1);
  assert.equal(accepted({ purls: ['pkg:apk/alpine/busybox'], packages: ['openssl'] }), undefined);
  assert.equal(accepted({ purls: ['pkg:apk/alpine/busybox@2'] }), undefined);
});

test('a failed report without findings, and one that is truncated, stay as they are', () => {
  const failed: ReportBody = { artifact: {}, pratique: { scan: { phase: 'Failed', attempts: 1 } } };
  assert.deepEqual(acceptInReport(failed, [openssl], now), { ...failed, vulnerabilities: [] });
  const truncated = { ...bodyOf(finding('CVE-1')), truncated: true };
  assert.equal(acceptInReport(truncated, [openssl], now), truncated);
});

test('no finding is lost by judging, in whatever order', () => {
  const ids = fc.array(fc.tuple(fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), fc.constantFrom('LOW', 'CRITICAL')));
  const chosen = fc.array(fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(ids, fc.array(chosen, { maxLength: 4 }), (found, rounds) => {
      const body = bodyOf(...found.map(([id, severity], i) => finding(id, severity, `p${i}`)).sort(worstFirst));
      let judged = body;
      for (const list of rounds) {
        judged = acceptInReport(judged, [exception('x/y', { ids: list })], now);
        assert.equal(judged.vulnerabilities!.length + (judged.pratique.accepted?.length ?? 0), found.length);
        assert.ok(judged.vulnerabilities!.every(({ vulnerabilityID }) => !list.some((id) => id === vulnerabilityID)));
        assert.deepEqual(judged.summary, summaryOf(judged.vulnerabilities!));
      }
      assert.equal(allFindings(judged).length, found.length);
      assert.deepEqual(acceptInReport(judged, [], now).summary, body.summary);
    }),
  );
});

test('accepted findings are cut after the open ones when a report is too large', () => {
  const many = Array.from({ length: 50 }, (_, i) => finding(`CVE-${i % 2}`, 'CRITICAL', `p${i}`));
  const judged = acceptInReport(bodyOf(...many), [openssl], now);
  const size = (body: ReportBody): number => JSON.stringify(body).length;
  assert.equal(fitFindings(judged, size(judged) + 100), judged);
  for (const bytes of [2000, 8000, 15_000]) {
    const cut = fitFindings(judged, bytes);
    assert.ok(size(cut) <= bytes, `${size(cut)} of ${bytes}`);
    assert.equal(cut.truncated, true);
    const left = cut.vulnerabilities!.length + (cut.pratique.accepted?.length ?? 0);
    assert.equal(left + cut.pratique.omitted!, 50);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fitBill, fitFindings } from './fit-budget.js';
import type { SbomBody } from './sbom-report.js';
import type { ReportBody, ReportVulnerability } from './vulnerability-report.js';

const fitBudget = (whole: ReportBody, bytes: number): ReportBody => fitFindings(whole, bytes);

const finding = (title: string): ReportVulnerability => ({
  vulnerabilityID: 'CVE-2099-0001',
  resource: 'made',
  installedVersion: '1',
  fixedVersion: '',
  publishedDate: '',
  lastModifiedDate: '',
  severity: 'LOW',
  title,
  pratique: { status: 'affected', firstSeen: '2099-01-01T00:00:00Z' },
});

const body = (titles: readonly string[]): ReportBody => ({
  artifact: { repository: 'made/app' },
  vulnerabilities: titles.map(finding),
  pratique: { scan: { phase: 'Succeeded', attempts: 0 } },
});

test('never larger than the budget, the first ones kept, the number of others told', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 80 }), { maxLength: 60 }),
      fc.nat(20_000),
      (titles, extra) => {
        const whole = body(titles);
        const budget = 500 + extra;
        const fitted = fitBudget(whole, budget);
        const size = Buffer.byteLength(JSON.stringify(fitted));
        assert.ok(size <= budget, `${size} of ${budget}`);
        const kept = fitted.vulnerabilities!.length;
        assert.deepEqual(fitted.vulnerabilities, whole.vulnerabilities!.slice(0, kept));
        assert.equal(fitted.truncated ?? false, kept < titles.length);
        assert.equal(fitted.pratique.omitted ?? 0, titles.length - kept);
      },
    ),
  );
});

test('what fits stays as it is; what was left out before stays told', () => {
  const whole = body(['a']);
  assert.equal(fitBudget(whole, 10_000), whole);
  const once = fitBudget(body(Array.from({ length: 50 }, () => 'x'.repeat(100))), 5000);
  const twice = fitBudget(once, 3000);
  assert.equal(twice.pratique.omitted! + twice.vulnerabilities!.length, 50);
});

test('a bill keeps components with what they depend on, and names nothing that was left out', () => {
  const refs = Array.from({ length: 40 }, (_, i) => `ref-${i}`);
  const bill: SbomBody = {
    artifact: {},
    summary: { componentsCount: 40, dependenciesCount: 41 },
    components: {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: refs.map((ref) => ({ 'bom-ref': ref, type: 'library', name: ref })),
      dependencies: [
        { ref: 'root', dependsOn: refs },
        ...refs.map((ref, i) => ({ ref, dependsOn: refs.slice(i + 1) })),
      ],
    },
    pratique: { scan: { phase: 'Succeeded', attempts: 0 } },
  };
  assert.equal(fitBill(bill, 1e6), bill);
  for (const budget of [3000, 5000, 10_000]) {
    const fitted = fitBill(bill, budget);
    const { components = [], dependencies = [] } = fitted.components!;
    assert.ok(Buffer.byteLength(JSON.stringify(fitted)) <= budget);
    assert.equal(fitted.truncated, true);
    assert.ok(components.length > 0);
    assert.equal(fitted.pratique.omitted, 40 - components.length);
    assert.deepEqual(fitted.summary, bill.summary);
    const present = new Set(['root', ...components.map((one) => one['bom-ref'])]);
    for (const { ref, dependsOn = [] } of dependencies)
      for (const name of [ref, ...dependsOn]) assert.ok(present.has(name), name);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fitBudget } from './fit-budget.js';
import type { ReportBody, ReportVulnerability } from './vulnerability-report.js';

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

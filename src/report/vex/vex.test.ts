/** What VEX documents say of findings, and of what earlier documents took out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report, Suppressed } from '#model';
import { findFormat } from '../registry.js';
import { formatOptions, sampleReport, vulnerability } from '../sample-report.test.kit.js';
import { cyclonedxValidator } from '../schemas.test.kit.js';
import { ownValidator } from '../own-schemas.test.kit.js';

const pkg = { name: 'lib', version: '1', purl: 'pkg:npm/lib@1' };
const out = (id: string, status: Suppressed['status'], statement: string): Suppressed => ({
  status,
  statement,
  source: 'vex.json',
  finding: vulnerability(pkg, { id }),
});
const report: Report = {
  ...sampleReport,
  results: [
    {
      target: 'package-lock.json',
      class: 'lang-pkgs',
      type: 'npm',
      vulnerabilities: [
        vulnerability(pkg, { id: 'CVE-2030-1', fixedVersion: '2' }),
        vulnerability({ name: 'bare', version: '3' }, { id: 'CVE-2030-1', fixedVersion: '', status: 'will_not_fix' }),
        vulnerability(pkg, { id: 'CVE-2030-2', fixedVersion: '', status: 'under_investigation' }),
      ],
      suppressed: [
        out('CVE-2030-3', 'not_affected', 'vulnerable_code_not_present'),
        out('CVE-2030-4', 'not_affected', 'we never call it'),
        out('CVE-2030-5', 'fixed', ''),
        out('CVE-2030-6', 'ignored', 'not now'),
      ],
    },
  ],
};

interface Statement {
  readonly vulnerability: { readonly name: string };
  readonly products: readonly { readonly '@id': string }[];
  readonly status: string;
  readonly justification?: string;
  readonly impact_statement?: string;
  readonly action_statement?: string;
}

async function written(id: 'openvex' | 'cyclonedx-vex'): Promise<string> {
  let text = '';
  for await (const chunk of (await findFormat(id)).encode(report, formatOptions)) text += String(chunk);
  return text;
}

test('openvex: every answer, its reason, its products; what a user hides is no statement', async () => {
  const text = await written('openvex');
  ownValidator('openvex')(text);
  const { statements } = JSON.parse(text) as { statements: Statement[] };
  const short = statements.map((s) => [
    s.vulnerability.name,
    s.status,
    s.justification ?? s.impact_statement ?? s.action_statement,
    s.products.map((product) => product['@id']).join(),
  ]);
  assert.deepEqual(short, [
    ['CVE-2030-1', 'affected', 'Upgrade lib to 2', 'pkg:npm/lib@1'],
    ['CVE-2030-1', 'affected', 'The supplier will not fix it', 'pkg:generic/bare@3'],
    ['CVE-2030-2', 'under_investigation', undefined, 'pkg:npm/lib@1'],
    ['CVE-2030-3', 'not_affected', 'vulnerable_code_not_present', 'pkg:npm/lib@1'],
    ['CVE-2030-4', 'not_affected', 'we never call it', 'pkg:npm/lib@1'],
    ['CVE-2030-5', 'fixed', undefined, 'pkg:npm/lib@1'],
  ]);
});

test('cyclonedx: the same as analyses', async () => {
  const document = JSON.parse(await written('cyclonedx-vex')) as {
    vulnerabilities: { id: string; analysis: { state: string; justification?: string } }[];
  };
  cyclonedxValidator('1.6')(document);
  assert.deepEqual(
    document.vulnerabilities.map(({ id, analysis }) => [id, analysis.state, analysis.justification]),
    [
      ['CVE-2030-1', 'in_triage', undefined],
      ['CVE-2030-1', 'in_triage', undefined],
      ['CVE-2030-2', 'in_triage', undefined],
      ['CVE-2030-3', 'not_affected', 'code_not_present'],
      ['CVE-2030-4', 'not_affected', undefined],
      ['CVE-2030-5', 'resolved', undefined],
    ],
  );
});

/** The tables and JSON of a cluster's report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report, Severity, Vulnerability } from '#model';
import { severities } from '#model';
import type { ClusterReport } from './cluster-report.js';
import { clusterTables } from './detailed-tables.js';
import { clusterJson } from './report-json.js';
import { clusterSummary } from './summary-table.js';

const vulnerability = (id: string, severity: Severity): Vulnerability => ({
  kind: 'vulnerability',
  id,
  severity,
  package: { name: 'zlib', version: '1' },
  installedVersion: '1',
  status: 'affected',
});
const found = (target: string, ...list: Vulnerability[]): Report => ({
  artifactName: target,
  artifactType: 'container_image',
  createdAt: '2026-01-02T03:04:05.000Z',
  reportId: 'id',
  metadata: { imageId: 'sha256:1' },
  results: [{ target: `${target} (alpine 3.23)`, class: 'os-pkgs', type: 'alpine', vulnerabilities: list }],
  diagnostics: [],
});
const report: ClusterReport = {
  clusterName: 'test',
  resources: [
    {
      namespace: 'shop',
      kind: 'Deployment',
      name: 'web',
      images: [
        {
          image: 'app:1',
          digest: 'sha256:a',
          platform: 'linux/amd64',
          containers: ['main'],
          report: found('app:1', vulnerability('CVE-1', 'CRITICAL'), vulnerability('CVE-2', 'LOW')),
        },
        { image: 'gone:1', containers: ['side'], error: 'not found' },
      ],
    },
    {
      namespace: 'kube-system',
      kind: 'DaemonSet',
      name: 'proxy',
      images: [{ image: 'p', containers: ['p'], report: found('p') }],
    },
    { namespace: 'hidden', kind: 'Pod', name: '*', images: [], error: 'forbidden: \u001b[31m' },
  ],
  diagnostics: [
    { code: 'a/b', severity: 'warning', message: 'roles are not assessed' },
    { code: 'a/c', severity: 'info', message: 'by design' },
  ],
};
const options = { scanners: ['vuln', 'secret'], severities, color: false, version: '1', listPackages: false };

test('the summary', () => {
  assert.equal(
    [...clusterSummary(report, { ...options, severities: ['CRITICAL', 'HIGH', 'LOW'] })].join(''),
    `
Summary Report for test

Workload Assessment
┌───────────┬────────────────────┬─────────────────┬───────────┐
│ Namespace │ Resource           │ Vulnerabilities │  Secrets  │
│           │                    ├───┬───┬─────────┼───┬───┬───┤
│           │                    │ C │ H │    L    │ C │ H │ L │
├───────────┼────────────────────┼───┼───┼─────────┼───┼───┼───┤
│ shop      │ Deployment/web (!) │ 1 │   │    1    │   │   │   │
├───────────┼────────────────────┼───┼───┼─────────┼───┼───┼───┤
│ hidden    │ Pod/* (!)          │ - │ - │    -    │ - │ - │ - │
└───────────┴────────────────────┴───┴───┴─────────┴───┴───┴───┘

Infra Assessment
┌─────────────┬─────────────────┬─────────────────┬───────────┐
│ Namespace   │ Resource        │ Vulnerabilities │  Secrets  │
│             │                 ├───┬───┬─────────┼───┬───┬───┤
│             │                 │ C │ H │    L    │ C │ H │ L │
├─────────────┼─────────────────┼───┼───┼─────────┼───┼───┼───┤
│ kube-system │ DaemonSet/proxy │   │   │         │   │   │   │
└─────────────┴─────────────────┴───┴───┴─────────┴───┴───┴───┘
Severities: C=CRITICAL H=HIGH L=LOW

Not assessed (!)
- shop/Deployment/web: gone:1: not found
- hidden/Pod/*: forbidden: \\x1b[31m
- roles are not assessed
`,
  );
});

test('JSON of all: a resource for each image', () => {
  const json = JSON.parse([...clusterJson(report, 'all', options)].join(''));
  assert.equal(json.ClusterName, 'test');
  assert.deepEqual(
    json.Resources.map((one: Record<string, unknown>) => [
      one['Namespace'],
      one['Kind'],
      one['Name'],
      one['Error'],
      Object.keys(one).join(),
    ]),
    [
      ['shop', 'Deployment', 'web', undefined, 'Namespace,Kind,Name,Metadata,Results,Pratique'],
      ['shop', 'Deployment', 'web', 'not found', 'Namespace,Kind,Name,Error,Pratique'],
      ['kube-system', 'DaemonSet', 'proxy', undefined, 'Namespace,Kind,Name,Metadata,Results,Pratique'],
      ['hidden', 'Pod', '*', 'forbidden: \u001b[31m', 'Namespace,Kind,Name,Error'],
    ],
  );
  assert.deepEqual(json.Resources[0].Metadata, [{ ImageID: 'sha256:1' }]);
  assert.equal(json.Resources[0].Results[0].Vulnerabilities.length, 2);
  assert.deepEqual(json.Resources[0].Pratique, {
    Image: 'app:1',
    Digest: 'sha256:a',
    Platform: 'linux/amd64',
    Containers: ['main'],
  });
  assert.equal(json.Pratique.Diagnostics.length, 2);
});

test('JSON of the summary: a finding for each workload', () => {
  const json = JSON.parse([...clusterJson(report, 'summary', options)].join(''));
  assert.equal(json.Resources, undefined);
  assert.deepEqual(
    json.Findings.map((one: Record<string, unknown>) => one['Name']),
    ['web', 'proxy', '*'],
  );
  assert.equal(json.Findings[0].Error, 'not found');
  assert.equal(json.Findings[0].Pratique.Images.length, 2);
  const empty = JSON.parse([...clusterJson({ ...report, resources: [] }, 'summary', options)].join(''));
  assert.deepEqual(empty.Findings, []);
});

test('tables of all: only what has findings, and what was not assessed', async () => {
  let text = '';
  for await (const chunk of clusterTables(report, { ...options, tableModes: ['detailed'], dependencyTree: false }))
    text += chunk;
  assert.match(
    text,
    /^\nnamespace: shop, deployment: web\nimage: app:1 \(main\)\n\napp:1 \(alpine 3\.23\)\n=+\nTotal: 2/,
  );
  assert.doesNotMatch(text, /daemonset: proxy/);
  assert.match(text, /- hidden\/Pod\/\*: forbidden/);
});

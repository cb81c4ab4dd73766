import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import type { Package, Report, Vulnerability } from '#model';
import type { FormatOptions } from './format.js';
import { json } from './json.js';
import { readReport } from './read-report.js';

const options: FormatOptions = {
  version: '1',
  listPackages: true,
  severities: ['HIGH'],
  scanners: ['vuln'],
  color: false,
  tableModes: [],
  dependencyTree: false,
  showSuppressed: true,
};

const pkg: Package = {
  id: 'p@1',
  name: 'p',
  version: '1',
  release: '2',
  epoch: 3,
  arch: 'x',
  source: { name: 's', version: '4', release: '5', epoch: 6 },
  licenses: ['MIT'],
  maintainer: 'm',
  modularityLabel: 'ml',
  buildInfo: { contentSets: ['c'], nvr: 'n', arch: 'x' },
  origin: 'official',
  dev: true,
  relationship: 'direct',
  dependsOn: ['q@1'],
  layer: { digest: 'd', diffId: 'e' },
  path: 'a/b',
  digest: 'sha1:x',
  locations: [{ start: 1, end: 2 }],
  installedFiles: ['f'],
  analyzedBy: 'npm',
  purl: 'pkg:npm/p@1',
  uid: 'u',
  bomRef: 'r',
};

const vulnerability: Vulnerability = {
  kind: 'vulnerability',
  id: 'CVE-1',
  vendorIds: ['V'],
  package: pkg,
  packageId: 'p@1',
  installedVersion: '3:1-2',
  fixedVersion: '9',
  status: 'will_not_fix',
  severity: 'HIGH',
  severitySource: 'nvd',
  primaryUrl: 'https://example.org',
  dataSource: { id: 'i', baseId: 'b', name: 'n', url: 'u' },
  title: '<t>',
  description: 'd',
  cweIds: ['CWE-1'],
  vendorSeverity: { nvd: 3, ['__proto__']: 1 },
  cvss: { nvd: { V2Vector: 'a', V3Vector: 'b', V40Vector: 'c', V2Score: 1, V3Score: 2, V40Score: 3 } },
  references: ['r'],
  publishedDate: '2020-01-01T00:00:00Z',
  lastModifiedDate: '2020-01-02T00:00:00Z',
};

const report: Report = {
  artifactName: 'a',
  artifactType: 'container_image',
  artifactId: 'sha256:x',
  createdAt: '2026-01-01T00:00:00.123456789+05:45',
  reportId: '0198',
  metadata: {
    size: 1,
    os: { family: 'debian', name: '12', endOfLife: true, supplier: 's', extended: true },
    imageId: 'i',
    diffIds: ['d'],
    repoTags: ['t'],
    repoDigests: ['r@sha256:x'],
    reference: 'ref',
    imageConfig: { architecture: 'amd64' },
    layers: [{ size: 1, digest: 'd', diffId: 'e' }],
    git: { repoUrl: 'u', branch: 'b', tags: ['t'], commit: 'c', commitMessage: 'm', author: 'a', committer: 'c' },
  },
  results: [
    {
      target: 't',
      class: 'lang-pkgs',
      type: 'npm',
      packages: [pkg],
      vulnerabilities: [vulnerability],
      suppressed: [{ status: 'ignored', statement: 's', source: 'f', finding: { ...vulnerability, id: 'CVE-2' } }],
    },
    { target: 'u', class: 'os-pkgs', type: 'x', assessed: false, vulnerabilities: [] },
    {
      target: 'f',
      class: 'secret',
      vulnerabilities: [],
      secrets: [
        {
          kind: 'secret',
          ruleId: 'r',
          category: 'c',
          severity: 'LOW',
          title: 't',
          startLine: 1,
          endLine: 2,
          code: [{ number: 1, content: '***', isCause: true, truncated: false, firstCause: true, lastCause: true }],
          match: '***',
          offset: 7,
          layer: { diffId: 'e', createdBy: 'RUN' },
        },
      ],
      licenses: [
        {
          kind: 'license',
          severity: 'LOW',
          category: 'notice',
          packageName: 'p',
          filePath: '',
          name: 'MIT',
          text: '',
          confidence: 1,
          link: '',
        },
      ],
    },
  ],
  database: { kind: 'embedded', version: 2, updatedAt: 'x', sources: [{ name: 'n', date: 'd', license: 'l' }] },
  diagnostics: [{ code: 'a/b', severity: 'error', message: 'm', path: 'p', line: 1, layer: 'l' }],
};

async function encode(value: Report): Promise<string> {
  let text = '';
  for await (const chunk of json.encode(value, options)) text += String(chunk);
  return text;
}

test('a report that was written is read back whole', async () => {
  const text = await encode(report);
  const read = await readReport(text);
  assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(report)));
  assert.equal(await encode(read), text);
  assert.equal(read.results[0]?.vulnerabilities[0]?.package, read.results[0]?.packages?.[0]);
});

test('a finding whose package is not listed names what the report says of it', async () => {
  const [first] = report.results;
  const text = await encode({ ...report, results: [{ ...first!, packages: [] }] });
  const read = await readReport(text);
  const { id, name, path, layer, purl, uid, bomRef } = pkg;
  assert.deepEqual(
    { ...read.results[0]?.vulnerabilities[0]?.package },
    { id, name, path, layer: { ...layer }, purl, uid, bomRef, version: '3:1-2' },
  );
  assert.deepEqual(
    JSON.parse(await encode(read)).Results[0].Vulnerabilities,
    JSON.parse(text).Results[0].Vulnerabilities,
  );
});

test('what cannot be read names its field', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /not JSON/],
    ['{"SchemaVersion": 2,\n"Results": [}', /not JSON: .*line 2/],
    ['[]', /the report is a list where an object is expected/],
    ['{"SchemaVersion": 1, "ArtifactName": "a"}', /SchemaVersion is 1/],
    ['{"ArtifactName": "a"}', /SchemaVersion is missing/],
    ['{"ClusterName": "c", "Resources": []}', /reports of clusters/],
    ['{"SchemaVersion": 2, "CreatedAt": "soon"}', /CreatedAt is not a time/],
    ['{"SchemaVersion": 2, "Results": [{"Target": 1}]}', /Results\[0\]\.Target is of type number where a text/],
    [
      '{"SchemaVersion": 2, "Results": [{"Vulnerabilities": [{"PkgName": "p"}]}]}',
      /Results\[0\]\.Vulnerabilities\[0\]\.VulnerabilityID is missing/,
    ],
    [
      '{"SchemaVersion": 2, "Results": [{"Secrets": [{"RuleID": "r", "Severity": "BAD"}]}]}',
      /Secrets\[0\]\.Severity is "BAD", not one of/,
    ],
    [`{"SchemaVersion": 2, "Metadata": {"ImageConfig": {"a": ${'['.repeat(300)}${']'.repeat(300)}}}}`, /nested deeper/],
  ];
  for (const [text, message] of cases) await assert.rejects(readReport(text), { name: 'FormatError', message });
});

test('misconfigurations are not lost silently', async () => {
  const read = await readReport('{"SchemaVersion": 2, "Results": [{"Target": "t", "Misconfigurations": [{}, {}]}]}');
  assert.deepEqual(
    read.diagnostics.map((d) => d.message),
    ['Results[0]: 2 misconfigurations are left out; they cannot be converted yet'],
  );
});

test('damaged reports throw nothing but FormatError', async () => {
  const text = await encode(report);
  const inserts = fc.constantFrom('', '[', '{}', '1', '"x"', 'null', ',');
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(20), inserts, async (at, length, inserted) => {
      for (const mutant of [text.slice(0, at), text.slice(0, at) + inserted + text.slice(at + length)])
        await readReport(mutant).catch((error: unknown) => assert.ok(error instanceof FormatError, String(error)));
    }),
    { numRuns: 300 },
  );
});

test('any value in any place reads and is written again, or is a FormatError', async () => {
  const whole = JSON.parse(await encode(report)) as unknown;
  const places: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    places.push(path);
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(whole, []);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), async (path, value) => {
      const copy = { root: structuredClone(whole) } as Record<string, unknown>;
      let at = copy;
      const keys = ['root', ...path];
      for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
      at[keys.at(-1)!] = value;
      try {
        await encode(await readReport(JSON.stringify(copy['root'])));
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

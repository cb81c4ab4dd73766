import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Package, Report, Vulnerability } from '#model';
import { cyclonedx } from './cyclonedx.js';
import { licenseChoices } from './cyclonedx-license.js';
import { formatOptions, sampleReport, vulnerability } from './sample-report.test.kit.js';
import { cyclonedxValidator } from './schemas.test.kit.js';

interface Component {
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly properties: readonly { name: string; value: string }[];
}
interface Document {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp: string; readonly component: Component & { purl?: string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
  readonly vulnerabilities: readonly Record<string, unknown>[];
}

async function write(report: Report): Promise<Document> {
  let text = '';
  for await (const chunk of cyclonedx.encode(report, formatOptions)) text += chunk;
  return JSON.parse(text) as Document;
}

const withPackages = (packages: readonly Package[], vulnerabilities: readonly Vulnerability[] = []): Report => ({
  ...sampleReport,
  results: [{ target: 'a.lock', class: 'lang-pkgs', type: 'npm', packages, vulnerabilities }],
});

test('licenses: identifiers, names, and at most one expression', () => {
  const vectors: readonly (readonly [string[], unknown])[] = [
    [[], undefined],
    [['MIT'], [{ license: { id: 'MIT' } }]],
    [
      ['MIT', 'ISC'],
      [{ license: { id: 'MIT' } }, { license: { id: 'ISC' } }],
    ],
    [['MIT', 'mit'], [{ license: { id: 'MIT' } }]],
    [['MIT AND ISC'], [{ expression: 'MIT AND ISC' }]],
    [['MIT OR ISC', 'Zlib'], [{ expression: '(MIT OR ISC) AND Zlib' }]],
    [
      ['MIT OR ISC', 'Own'],
      [{ license: { name: 'MIT OR ISC' } }, { license: { name: 'Own' } }],
    ],
    [['text://Do as you like'], [{ license: { name: 'Do as you like' } }]],
  ];
  for (const [licenses, choices] of vectors) assert.deepEqual(licenseChoices(licenses), choices);
});

test('the artifact is named by its digest', async () => {
  const { metadata } = await write(sampleReport);
  const digest = `sha256:${'3'.repeat(64)}`;
  const repository = 'registry.example.org%2Fteam%2Fapp';
  assert.equal(metadata.component.purl, `pkg:oci/app@${digest}?arch=amd64&repository_url=${repository}`);
  assert.equal(metadata.timestamp, '2030-01-31T12:34:56+00:00');
  assert.deepEqual(metadata.component.properties[1], {
    name: 'aquasecurity:trivy:ImageID',
    value: `sha256:${'1'.repeat(64)}`,
  });
});

test('a package URL is the reference of one component only; equal components have references of their own', async () => {
  const purl = 'pkg:npm/a@1.0.0';
  const pkg = (path?: string): Package => ({ name: 'a', version: '1.0.0', purl, ...(path && { path }) });
  const [alone] = (await write(withPackages([pkg()]))).components.filter(({ name }) => name === 'a');
  assert.equal(alone!['bom-ref'], purl);
  const { components } = await write(withPackages([pkg('x'), pkg('y'), pkg('y')]));
  const refs = components.map((component) => component['bom-ref']);
  assert.equal(new Set(refs).size, 4);
  assert.ok(!refs.includes(purl));
});

const needs = (document: Document): Record<string, readonly string[]> =>
  Object.fromEntries(document.dependencies.map(({ ref, dependsOn }) => [ref.length === 36 ? '?' : ref, dependsOn]));

test('what contains and needs what', async () => {
  const packages: Package[] = [
    { id: 'root@1', name: 'root', version: '1', relationship: 'root', dependsOn: ['a@1'], purl: 'pkg:npm/root@1' },
    { id: 'a@1', name: 'a', version: '1', relationship: 'direct', dependsOn: ['b@1', 'gone@1'], purl: 'pkg:npm/a@1' },
    { id: 'b@1', name: 'b', version: '1', relationship: 'direct', purl: 'pkg:npm/b@1' },
  ];
  const rooted = needs(await write(withPackages(packages)));
  assert.deepEqual(rooted['pkg:npm/root@1'], ['pkg:npm/a@1']);
  assert.deepEqual(rooted['pkg:npm/a@1'], ['pkg:npm/b@1']);
  const documentWithout = await write(withPackages(packages.slice(1)));
  const lock = documentWithout.components.find(({ name }) => name === 'a.lock')!['bom-ref'];
  const contained = documentWithout.dependencies.find(({ ref }) => ref === lock)!.dependsOn;
  assert.deepEqual(contained, ['pkg:npm/a@1', 'pkg:npm/b@1']);
});

test('names, versions and epochs are those of the package URL', async () => {
  const { components } = await write({
    ...sampleReport,
    results: [
      {
        target: 'x (debian 12)',
        class: 'os-pkgs',
        type: 'debian',
        packages: [{ name: 'a', version: '1.0', release: '2', epoch: 3, purl: 'pkg:deb/debian/a@1.0-2?epoch=3' }],
        vulnerabilities: [],
      },
      ...sampleReport.results.slice(1),
    ],
  });
  const found = components.map(({ group, name, version }) => [group, name, version].filter(Boolean).join(' '));
  for (const expected of ['a 3:1.0-2', '@scope left 1.0.0', 'org.example core 3.1', 'debian 3.19.1'])
    assert.ok(found.includes(expected), expected);
});

test('one entry a vulnerability, with what it affects and every rating', async () => {
  const { vulnerabilities } = await write(sampleReport);
  assert.deepEqual(
    vulnerabilities.map((v) => v['id']),
    ['CVE-2030-1', 'CVE-2030-2'],
  );
  const [first] = vulnerabilities as unknown as {
    affects: unknown[];
    ratings: unknown[];
    recommendation: string;
    advisories: unknown;
  }[];
  assert.equal(first!.affects.length, 2);
  assert.equal(first!.recommendation, 'Upgrade musl to version 9.9; Upgrade org.example:core to version 9.9');
  assert.deepEqual(first!.ratings, [
    { source: { name: 'nvd' }, score: 5, severity: 'medium', method: 'CVSSv2' },
    {
      source: { name: 'nvd' },
      score: 9.8,
      severity: 'high',
      method: 'CVSSv31',
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    },
    { source: { name: 'redhat' }, severity: 'medium' },
  ]);
  assert.deepEqual(first!.advisories, [
    { url: 'https://example.org/CVE-2030-1' },
    { url: 'https://example.org/a' },
    { url: 'https://example.org/b' },
  ]);
});

test('the serial number is of the content, not of the time', async () => {
  const { serialNumber } = await write(sampleReport);
  assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const later = await write({ ...sampleReport, createdAt: '2031-01-01T00:00:00Z', reportId: 'x' });
  assert.equal(later.serialNumber, serialNumber);
  const pkg = { name: 'a', version: '1', purl: 'pkg:npm/a@1' };
  const clean = await write(withPackages([pkg]));
  const found = await write(withPackages([pkg], [vulnerability(pkg)]));
  assert.notEqual(clean.serialNumber, found.serialNumber);
});

test('specification 1.6 where it is asked for, valid by its schema', async () => {
  let text = '';
  for await (const chunk of cyclonedx.encode(sampleReport, { ...formatOptions, cyclonedxVersion: '1.6' }))
    text += chunk;
  const document = JSON.parse(text) as Document & Record<string, unknown>;
  assert.equal(document['specVersion'], '1.6');
  assert.ok(document.vulnerabilities.length > 0);
  cyclonedxValidator('1.6')(document);
  assert.deepEqual(document.components, (await write(sampleReport)).components);
});

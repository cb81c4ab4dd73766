/** Reports for the tests of formats: one with a bit of everything, and random ones full of hostile text. */
import * as fc from 'fast-check';
import { severities, statuses, type Package, type Report, type Result, type Secret, type Vulnerability } from '#model';
import type { FormatOptions } from './format.js';

export const formatOptions: FormatOptions = {
  version: '1.2.3',
  listPackages: true,
  severities,
  scanners: ['vuln', 'license'],
  color: false,
  tableModes: ['summary', 'detailed'],
  dependencyTree: false,
  root: '/work/some project',
  github: { ref: 'refs/heads/main', sha: 'a'.repeat(40), workflow: 'ci', job: 'scan', runId: '42' },
};

const musl: Package = {
  id: 'musl@1.2.4-r2',
  name: 'musl',
  version: '1.2.4-r2',
  arch: 'x86_64',
  source: { name: 'musl', version: '1.2.4-r2' },
  licenses: ['MIT'],
  maintainer: 'Someone <one@example.org>',
  digest: 'sha1:0123456789abcdef0123456789abcdef01234567',
  purl: 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=3.19.1',
  uid: 'a1',
};
const tool: Package = {
  id: 'tool@2.0',
  name: 'tool',
  version: '2.0',
  licenses: ['GPL-2.0-or-later', 'MIT OR Apache-2.0'],
  dependsOn: [musl.id!],
  purl: 'pkg:apk/alpine/tool@2.0?arch=x86_64&distro=3.19.1',
  uid: 'a2',
};
const installed: Package = {
  id: '@scope/left@1.0.0',
  name: '@scope/left',
  version: '1.0.0',
  licenses: ['SEE LICENSE IN file', 'text://Do as you like,\nbut well.'],
  path: 'app/node_modules/@scope/left/package.json',
  digest: 'sha1:89abcdef0123456789abcdef0123456789abcdef',
  purl: 'pkg:npm/%40scope/left@1.0.0',
  uid: 'b1',
};
const locked: Package = {
  id: 'org.example:core@3.1',
  name: 'org.example:core',
  version: '3.1',
  relationship: 'direct',
  locations: [{ start: 7, end: 9 }],
  purl: 'pkg:maven/org.example/core@3.1',
  uid: 'c1',
};

export const vulnerability = (pkg: Package, more: Partial<Vulnerability> = {}): Vulnerability => ({
  kind: 'vulnerability',
  id: 'CVE-2030-1',
  package: pkg,
  packageId: pkg.id!,
  installedVersion: pkg.version,
  fixedVersion: '9.9',
  status: 'fixed',
  severity: 'HIGH',
  severitySource: 'nvd',
  primaryUrl: 'https://example.org/CVE-2030-1',
  dataSource: { id: 'alpine', name: 'Alpine', url: 'https://example.org/' },
  title: 'a title',
  description: 'a description',
  cweIds: ['CWE-79'],
  vendorSeverity: { nvd: 3, redhat: 2 },
  cvss: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8, V2Score: 5 } },
  references: ['https://example.org/a', 'https://example.org/b (a remark)'],
  publishedDate: '2030-01-02T03:04:05Z',
  ...more,
});

export const sampleReport: Report = {
  artifactName: 'registry.example.org/team/app:1.0',
  artifactType: 'container_image',
  artifactId: 'sha256:00',
  createdAt: '2030-01-31T12:34:56.789Z',
  reportId: '01890000-0000-7000-8000-000000000000',
  metadata: {
    size: 4096,
    os: { family: 'alpine', name: '3.19.1' },
    imageId: `sha256:${'1'.repeat(64)}`,
    diffIds: [`sha256:${'2'.repeat(64)}`],
    repoTags: ['registry.example.org/team/app:1.0'],
    repoDigests: [`registry.example.org/team/app@sha256:${'3'.repeat(64)}`],
    imageConfig: { architecture: 'amd64', config: { Labels: { maintainer: 'nobody' } } },
  },
  results: [
    {
      target: 'registry.example.org/team/app:1.0 (alpine 3.19.1)',
      class: 'os-pkgs',
      type: 'alpine',
      packages: [musl, tool],
      vulnerabilities: [vulnerability(musl), vulnerability(tool, { id: 'CVE-2030-2', severity: 'LOW' })],
    },
    { target: 'Node.js', class: 'lang-pkgs', type: 'node-pkg', packages: [installed], vulnerabilities: [] },
    {
      target: 'app/gradle.lockfile',
      class: 'lang-pkgs',
      type: 'gradle',
      packages: [locked],
      vulnerabilities: [vulnerability(locked, { cvss: {}, dataSource: { id: 'ghsa' } })],
    },
    {
      target: 'OS Packages',
      class: 'license',
      vulnerabilities: [],
      licenses: [
        {
          kind: 'license',
          severity: 'HIGH',
          category: 'restricted',
          packageName: 'tool',
          filePath: '',
          name: 'GPL-2.0-or-later',
          text: '',
          confidence: 1,
          link: '',
        },
      ],
    },
  ],
  diagnostics: [],
};

/** What may break out of a format: escapes, line breaks, tags of every syntax. */
export const hostileTexts = [
  '\u001b[31mred\u001b[0m',
  '\u009b2J\u0085',
  'x\r\nSPDXID: SPDXRef-DOCUMENT',
  '</text>\nCreator: Person: me',
  '::error::gotcha',
  'one\n  ::error::gotcha\n##vso[task.complete]\u202e',
  '|a|b|[click](javascript:alert(1))',
  '<script>alert(1)</script>',
  '`code` **bold** ![img](http://example.org)',
  '__proto__',
  'constructor',
  '\ud800 lone',
  '=cmd|x',
  ']]>--><!--',
  `"quoted" 'twice'`,
  '%00%zz#frag?query',
  'C:\\path\\file',
] as const;

const secretIn = (match: string): Secret => ({
  kind: 'secret',
  ruleId: 'some-key',
  category: 'Some',
  severity: 'CRITICAL',
  title: 'a key',
  startLine: 3,
  endLine: 3,
  code: [],
  match,
});

export const hostileReport: Report = {
  ...sampleReport,
  artifactName: hostileTexts[2],
  metadata: {
    ...sampleReport.metadata,
    os: { family: hostileTexts[4], name: hostileTexts[0] },
    repoDigests: hostileTexts,
  },
  results: hostileTexts.map((text, i) => ({
    target: text,
    class: 'lang-pkgs',
    type: i % 2 ? 'npm' : 'node-pkg',
    packages: [
      { name: text, version: text, path: text, maintainer: text, licenses: [text, `text://${text}`], uid: `${i}` },
    ],
    vulnerabilities: [
      vulnerability({ name: text, version: text, path: text, uid: `${i}` }, { title: text, description: text }),
    ],
    secrets: [secretIn(text)],
  })),
};

const hostile = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('a', 'b', 'pkg', '1.0', '2.0-rc.1', 'MIT', 'GPL-2.0+', 'MIT OR foo'),
);
const name = hostile.filter((text) => text !== '');

const anyPackage: fc.Arbitrary<Package> = fc.record(
  {
    id: name,
    name,
    version: hostile,
    release: hostile,
    epoch: fc.nat({ max: 3 }),
    maintainer: hostile,
    source: fc.record({ name, version: hostile }),
    licenses: fc.array(
      fc.oneof(
        hostile,
        hostile.map((text) => `text://${text}`),
      ),
      { maxLength: 3 },
    ),
    relationship: fc.constantFrom('root', 'workspace', 'direct', 'indirect'),
    dependsOn: fc.array(name, { maxLength: 3 }),
    path: hostile,
    digest: fc.oneof(fc.constant('sha1:0123456789abcdef0123456789abcdef01234567'), hostile),
    locations: fc.array(fc.record({ start: fc.nat({ max: 50 }), end: fc.nat({ max: 50 }) }), { maxLength: 30 }),
    purl: fc.oneof(fc.constantFrom('pkg:npm/a@1', 'pkg:maven/g/a@2', 'pkg:deb/d/x@1?epoch=2'), hostile),
    uid: fc.constantFrom('u1', 'u2', 'u3'),
  },
  { requiredKeys: ['name', 'version'] },
);

const anyVulnerability = (pkg: Package): fc.Arbitrary<Vulnerability> =>
  fc.record(
    {
      kind: fc.constant('vulnerability' as const),
      id: fc.constantFrom('CVE-2030-1', 'CVE-2030-2', 'GHSA-aaaa'),
      package: fc.constant(pkg),
      installedVersion: hostile,
      fixedVersion: hostile,
      status: fc.constantFrom(...statuses),
      severity: fc.constantFrom(...severities),
      severitySource: fc.constantFrom('nvd', '__proto__', 'none'),
      primaryUrl: fc.constantFrom('https://example.org/1', ''),
      title: hostile,
      description: hostile,
      cweIds: fc.array(fc.constantFrom('CWE-79', 'CWE-x', 'NVD-CWE-Other'), { maxLength: 2 }),
      vendorSeverity: fc.dictionary(fc.constantFrom('nvd', 'ghsa', '__proto__'), fc.nat({ max: 4 })),
      cvss: fc.constant({ nvd: { V2Score: 3, V40Vector: 'CVSS:4.0/AV:N', V40Score: 7 } }),
      references: fc.array(fc.constantFrom('https://example.org/2', ' ', 'http://example.org/3 note')),
      publishedDate: fc.constantFrom('2030-01-02T03:04:05Z', 'not a time'),
    },
    { requiredKeys: ['kind', 'id', 'package', 'installedVersion', 'status', 'severity'] },
  );

const anyResult: fc.Arbitrary<Result> = fc
  .record({
    target: hostile,
    kind: fc.constantFrom(['os-pkgs', 'debian'], ['lang-pkgs', 'npm'], ['lang-pkgs', 'node-pkg'], ['lang-pkgs', 'jar']),
    packages: fc.array(anyPackage, { maxLength: 4 }),
  })
  .chain(({ target, kind: [kind, type], packages }) =>
    fc.tuple(...packages.map((pkg) => fc.array(anyVulnerability(pkg), { maxLength: 2 }))).map((found) => ({
      target,
      class: kind as Result['class'],
      type: type!,
      packages,
      vulnerabilities: found.flat(),
      licenses: packages.flatMap(({ name: packageName, licenses = [] }) =>
        licenses.map((license) => ({ ...sampleReport.results[3]!.licenses![0]!, packageName, name: license })),
      ),
    })),
  );

export const anyReport: fc.Arbitrary<Report> = fc
  .record({
    artifactName: name,
    artifactType: fc.constantFrom<Report['artifactType']>('container_image', 'filesystem', 'repository', 'vm'),
    results: fc.array(anyResult, { maxLength: 3 }),
  })
  .map((some) => ({ ...sampleReport, ...some }));

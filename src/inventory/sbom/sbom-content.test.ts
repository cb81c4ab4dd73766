import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodePurl } from '#formats';
import type { Package, Sbom, SbomComponent } from '#model';
import { sbomContent } from './sbom-content.js';

type Given = Partial<SbomComponent> & { readonly properties?: SbomComponent['properties'] };

/** The name is the reference. */
function component(name: string, given: Given = {}): SbomComponent {
  return { ref: name, kind: 'library', name, licenses: [], hashes: [], properties: [], ...given };
}

function bill(components: readonly SbomComponent[], relations: Record<string, string[]> = {}): Sbom {
  const pairs = Object.entries(relations).map(([from, to]) => ({ from, to }));
  return { format: 'cyclonedx', specVersion: '1.6', tools: [], components, relations: pairs };
}

const properties = (values: Record<string, string>): SbomComponent['properties'] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

function only(given: SbomComponent): Package {
  const { packages, applications } = sbomContent(bill([given]));
  const [found, ...more] = [...packages, ...applications.flatMap((app) => app.packages)];
  assert.ok(found && more.length === 0);
  return found;
}

const identities: readonly (readonly [
  purl: string,
  given: Given,
  type: string,
  name: string,
  version: string,
  id: string,
])[] = [
  [
    'pkg:npm/%40paint/brush@1.0.0',
    { group: '@paint', name: 'brush' },
    'node-pkg',
    '@paint/brush',
    '1.0.0',
    '@paint/brush@1.0.0',
  ],
  ['pkg:maven/org.a/b@1', { name: 'b' }, 'jar', 'org.a:b', '1', 'org.a:b:1'],
  [
    'pkg:golang/example.org/m@v1.2.3',
    { name: 'example.org/m' },
    'gobinary',
    'example.org/m',
    'v1.2.3',
    'example.org/m@v1.2.3',
  ],
  [
    'pkg:golang/example.org/m@1.2.3',
    { name: 'example.org/m' },
    'gobinary',
    'example.org/m',
    '1.2.3',
    'example.org/m@v1.2.3',
  ],
  ['pkg:cocoapods/Pod@1#Core/Sub', { name: 'Pod' }, 'cocoapods', 'Pod/Core/Sub', '1', 'Pod/Core/Sub@1'],
  ['pkg:conan/zlib@1.3', { name: 'zlib' }, 'conan', 'zlib', '1.3', 'zlib/1.3'],
  ['pkg:bitnami/redis@7-1', { name: 'Redis' }, 'bitnami', 'redis', '7-1', 'redis@7-1'],
  [
    'pkg:k8s/k8s.io%2Fkubelet@1.2',
    { name: 'k8s.io/kubelet' },
    'kubernetes',
    'k8s.io/kubelet',
    '1.2',
    'k8s.io/kubelet@1.2',
  ],
  ['pkg:k8s/eks/kubelet@1.2', { name: 'kubelet' }, 'eks', 'kubelet', '1.2', 'kubelet@1.2'],
  ['pkg:pypi/a', { name: 'a', version: '3' }, 'python-pkg', 'a', '3', 'a@3'],
  ['pkg:gem/a', { name: 'a' }, 'gemspec', 'a', '', 'a'],
];

for (const [purl, given, type, name, version, id] of identities) {
  test(`${purl} is ${type} ${name}`, () => {
    const [app] = sbomContent(bill([component('x', { purl, ...given })])).applications;
    assert.equal(app?.type, type);
    assert.equal(app.path, '');
    const { name: foundName, version: foundVersion, id: foundId } = app.packages[0]!;
    assert.deepEqual([foundName, foundVersion, foundId], [name, version, id]);
  });
}

test('system packages: epoch, release, architecture and source from properties, or assumed', () => {
  const rpm = only(
    component('bash', {
      purl: 'pkg:rpm/redhat/bash@5.1.8-9.el9?arch=x86_64&epoch=2&modularitylabel=m:1',
      properties: properties({
        SrcName: 'bash-src',
        SrcVersion: '5.1.8-9.el9',
        SrcEpoch: '2',
        LayerDiffID: 'sha256:aa',
        ContentSet: 'baseos',
        FilePath: 'x/y',
      }),
      hashes: [{ algorithm: 'sha1', value: 'ab' }],
      licenses: ['GPL-3.0'],
      bomRef: 'ref',
    }),
  );
  assert.deepEqual(rpm, {
    id: 'bash@5.1.8-9.el9',
    name: 'bash',
    version: '5.1.8',
    release: '9.el9',
    epoch: 2,
    arch: 'x86_64',
    source: { name: 'bash-src', version: '5.1.8', release: '9.el9', epoch: 2 },
    licenses: ['GPL-3.0'],
    modularityLabel: 'm:1',
    buildInfo: { contentSets: ['baseos'] },
    layer: { diffId: 'sha256:aa' },
    path: 'x/y',
    digest: 'sha1:ab',
    purl: 'pkg:rpm/redhat/bash@5.1.8-9.el9?arch=x86_64&epoch=2&modularitylabel=m:1',
    bomRef: 'ref',
  });
  const deb = only(component('libc6', { version: '1:2.36-9', purl: 'pkg:deb/debian/libc6' }));
  assert.deepEqual([deb.version, deb.source], ['2.36-9', { name: 'libc6', version: '2.36-9' }]);
});

test('the source package may be told by the package URL', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['pkg:deb/debian/libc6@2.36-9?upstream=glibc', { name: 'glibc', version: '2.36-9' }],
    ['pkg:deb/debian/libc6@2.36-9?upstream=glibc%401:2.35', { name: 'glibc', version: '2.35', epoch: 1 }],
    ['pkg:rpm/rhel/a-libs@1-2?upstream=a-1-2.el9.src.rpm', { name: 'a', version: '1', release: '2.el9' }],
  ];
  for (const [purl, source] of cases) {
    const { packages, diagnostics } = sbomContent(bill([component('x', { purl })]));
    assert.deepEqual(packages[0]?.source, source);
    assert.ok(!diagnostics.some(({ code }) => code === 'sbom/source-assumed'));
  }
});

test('packages belong to the application that leads to them, to each of several', () => {
  const lock = (name: string, type: string): SbomComponent =>
    component(name, { kind: 'application', properties: properties({ Type: type }) });
  const { applications, packages } = sbomContent(
    bill(
      [
        component('debian', { kind: 'operating-system', version: '12' }),
        lock('a.lock', 'npm'),
        lock('b.lock', 'npm'),
        lock('Python', 'python-pkg'),
        component('one', { purl: 'pkg:npm/one@1' }),
        component('two', { purl: 'pkg:npm/two@2' }),
        component('snake', { purl: 'pkg:pypi/snake@1' }),
        component('lost', { purl: 'pkg:npm/lost@1' }),
        component('libc6', { purl: 'pkg:deb/debian/libc6@2' }),
      ],
      { 'a.lock': ['one', 'snake', 'libc6'], 'b.lock': ['two'], Python: ['snake'], one: ['two', 'one'], two: ['one'] },
    ),
  );
  const shown = applications.map(
    (a) =>
      `${a.type} ${a.path}: ${a.packages
        .map(({ name }) => name)
        .sort()
        .join(' ')}`,
  );
  assert.deepEqual(shown.sort(), [
    'node-pkg : lost',
    'npm a.lock: one two',
    'npm b.lock: one two',
    'python-pkg : snake',
  ]);
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['libc6'],
  );
  const one = applications.flatMap((a) => a.packages).find(({ name }) => name === 'one');
  assert.deepEqual(one?.dependsOn, ['two@2', 'one@1']);
});

test('the system is known by the names of this and of other programs', () => {
  const cases = [
    ['debian', 'debian'],
    ['rhel', 'redhat'],
    ['Ubuntu', 'ubuntu'],
    ['ol', 'oracle'],
    ['PlanOS', 'PlanOS'],
  ] as const;
  for (const [name, family] of cases) {
    const { os } = sbomContent(bill([component(name, { kind: 'operating-system', version: '9' })]));
    assert.deepEqual(os, { family, name: '9' });
  }
});

test('what cannot be assessed is said', () => {
  const { diagnostics, distributionHint } = sbomContent(
    bill([
      component('plain'),
      component('julia', { purl: 'pkg:julia/Example@1' }),
      component('broken', { purl: 'pkg:' }),
      component('image', { purl: 'pkg:oci/shop@sha256:aa' }),
      component('brush', { purl: 'pkg:npm/%40paint/brush@1' }),
      component('libc6', { purl: 'pkg:deb/debian/libc6@2?distro=debian-12.5' }),
    ]),
  );
  assert.deepEqual(diagnostics.map(({ code }) => code).sort(), [
    'sbom/invalid-purl',
    'sbom/name-differs',
    'sbom/no-purl',
    'sbom/source-assumed',
    'sbom/unknown-purl-type',
  ]);
  assert.equal(distributionHint, 'debian-12.5');
});

test('any package URL yields a package, a diagnostic, or is an artifact; never an exception', () => {
  const types = fc.constantFrom('npm', 'maven', 'golang', 'deb', 'rpm', 'apk', 'oci', 'generic', 'k8s', 'cocoapods');
  const text = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(types, text, text, fc.option(text), (type, namespace, name, version) => {
      const purl = encodePurl({ type, namespace, name, ...(version !== null && { version }) });
      const { packages, applications, diagnostics } = sbomContent(bill([component('x', { purl })]));
      const found = packages.length + applications.reduce((sum, app) => sum + app.packages.length, 0);
      assert.ok(found === 1 || diagnostics.length > 0 || type === 'oci');
    }),
  );
});

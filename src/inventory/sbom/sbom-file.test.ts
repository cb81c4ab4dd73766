import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyLayers } from '../apply-layers.js';
import { assertSurvivesDamage, extractTree, namesOf } from '../extract-tree.test.kit.js';
import { sbomFile } from './sbom-file.js';
import type { LayerRecord, Package } from '#model';

const bill = (components: readonly object[]): string =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components });

const npm = { type: 'library', name: 'brush', version: '1.0.0', purl: 'pkg:npm/brush@1.0.0' };
const crate = { type: 'library', name: 'rope', version: '1.0.0', purl: 'pkg:cargo/rope@1.0.0' };

const bitnami = JSON.stringify({
  spdxVersion: 'SPDX-2.3',
  SPDXID: 'SPDXRef-DOCUMENT',
  packages: ['pkg:bitnami/redis@7.2.0-1', 'pkg:maven/org.a/b@1'].map((referenceLocator, i) => ({
    SPDXID: `SPDXRef-${i}`,
    name: 'redis',
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator }],
  })),
});

test('bills of materials inside images yield applications at their own path', async () => {
  const found = await extractTree(sbomFile, {
    'usr/share/app.cdx.json': bill([npm, crate]),
    'usr/lib/a.dist-info/sboms/a.cdx.json': bill([crate]),
    'usr/share/notes.json': bill([crate]),
  });
  assert.deepEqual(
    found.applications.map(({ type, path }) => `${type} ${path}`),
    ['node-pkg usr/share/app.cdx.json', 'cargo usr/share/app.cdx.json'],
  );
  assert.deepEqual(namesOf(found), ['brush@1.0.0', 'rope@1.0.0']);
});

test("a Bitnami component's bill stands for the component's directory", async () => {
  const { applications } = await extractTree(sbomFile, { 'opt/bitnami/redis/.spdx-redis.spdx': bitnami });
  assert.deepEqual(
    applications.map(({ type, path, packages }) => [type, path, packages[0]?.path]),
    [
      ['bitnami', 'opt/bitnami/redis', undefined],
      ['jar', 'opt/bitnami/redis/.spdx-redis.spdx', 'opt/bitnami/redis'],
    ],
  );
});

test('damage yields no other errors', () =>
  assertSurvivesDamage(sbomFile, 'a.cdx.json', { 'a.cdx.json': bill([npm, crate]) }));

const layer = (packages: readonly Package[], given: Partial<LayerRecord> = {}): LayerRecord => ({
  opaqueDirs: [],
  whiteouts: [],
  packageFiles: [{ path: 'db', packages }],
  applications: [],
  diagnostics: [],
  ...given,
});

test('what a package manager found wins over a bill; packages of other distributions are left out', () => {
  const dpkg: Package = { id: 'a@1', name: 'a', version: '1', analyzedBy: 'dpkg' };
  const listed: readonly Package[] = [
    { id: 'a@1', name: 'a', version: '1', analyzedBy: 'sbom', purl: 'pkg:deb/debian/a@1' },
    { id: 'b@1', name: 'b', version: '1', analyzedBy: 'sbom', purl: 'pkg:deb/debian/b@1' },
    { id: 'c@1', name: 'c', version: '1', analyzedBy: 'sbom', purl: 'pkg:deb/ubuntu/c@1' },
    { id: 'd@1', name: 'd', version: '1', analyzedBy: 'sbom', purl: 'pkg:apk/debian/d@1' },
  ];
  const os = { family: 'debian', name: '12' };
  const { packages, diagnostics } = applyLayers(
    [layer([dpkg], { os }), layer(listed, { packageFiles: [{ path: 'x.spdx', packages: listed }] })],
    { includeDev: false },
  );
  assert.deepEqual(
    packages.map(({ name, analyzedBy }) => `${name} ${analyzedBy}`),
    ['a dpkg', 'b sbom'],
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['sbom/other-distribution'],
  );
});

test('a package of an archive that a bill lists, too, is one package', () => {
  const found: Package = { name: 'org.a:b', version: '1', path: 'opt/b.jar', analyzedBy: 'jar' };
  const listed: Package = { ...found, id: 'org.a:b:1', analyzedBy: 'sbom' };
  const nested: Package = { ...found, name: 'org.a:c', path: 'opt/b.jar/c.jar' };
  const applications = [
    { type: 'jar', path: 'opt/app.cdx.json', packages: [listed] },
    { type: 'jar', path: 'opt/b.jar', packages: [found, nested] },
  ];
  const { applications: merged } = applyLayers([layer([], { applications })], { includeDev: false });
  assert.deepEqual(
    merged.flatMap((app) => app.packages.map(({ name, analyzedBy }) => `${name} ${analyzedBy}`)),
    ['org.a:b jar', 'org.a:c jar'],
  );
});

test('Red Hat goes by several names', () => {
  const pkg: Package = { name: 'a', version: '1', purl: 'pkg:rpm/rhel/a@1-1' };
  const os = { family: 'redhat', name: '9.3' };
  assert.equal(applyLayers([layer([pkg], { os })], { includeDev: false }).packages.length, 1);
});

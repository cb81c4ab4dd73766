import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperatingSystem, Package } from '#model';
import { packageUrl } from './package-url.js';

const libraries: readonly (readonly [type: string, name: string, version: string, url: string | undefined])[] = [
  ['jar', 'org.example:tool', '1.0', 'pkg:maven/org.example/tool@1.0'],
  ['sbt', 'tool', '1.0', 'pkg:maven/tool@1.0'],
  ['bundler', 'rails', '7.0', 'pkg:gem/rails@7.0'],
  ['dotnet-core', 'Some.Tool', '1.0', 'pkg:nuget/Some.Tool@1.0'],
  ['composer', 'vendor/tool', '1.0', 'pkg:composer/vendor/tool@1.0'],
  ['conda-pkg', 'tool', '1.0', 'pkg:conda/tool@1.0'],
  ['python-pkg', 'Some_Tool.x', '1.0', 'pkg:pypi/some-tool.x@1.0'],
  ['gomod', 'github.com/Org/Tool/v2', 'v2.0.0+incompatible', 'pkg:golang/github.com/org/tool/v2@v2.0.0%2Bincompatible'],
  ['gomod', './local', 'v1', undefined],
  ['gomod', '../local', 'v1', undefined],
  ['gobinary', 'stdlib', 'v1.22.1', 'pkg:golang/stdlib@v1.22.1'],
  ['pnpm', '@Scope/Tool', '1.0.0', 'pkg:npm/%40scope/tool@1.0.0'],
  ['npm', 'tool', '', 'pkg:npm/tool'],
  ['npm', '', '1.0', undefined],
  ['cocoapods', 'Pod/Core/Sub', '1.0', 'pkg:cocoapods/Pod@1.0#Core/Sub'],
  ['swift', 'github.com/Org/Tool', '1.0', 'pkg:swift/github.com/Org/Tool@1.0'],
  ['hex', 'tool', '1.0', 'pkg:hex/tool@1.0'],
  ['rustbinary', 'tool', '1.0', 'pkg:cargo/tool@1.0'],
  ['kubernetes', 'k8s.io/apiserver', '1.27.4', 'pkg:k8s/k8s.io%2Fapiserver@1.27.4'],
  ['bitnami', 'redis', '7.0-1', 'pkg:bitnami/redis@7.0-1'],
  ['eks', 'node', '1', 'pkg:eks/node@1'],
  ['brand-new', 'tool', '1.0', 'pkg:brand-new/tool@1.0'],
];

for (const [type, name, version, url] of libraries)
  test(`${type} ${name} ${version}`, () => assert.equal(packageUrl(type, undefined, { name, version }), url));

test('the identity of a Julia package is its UUID', () =>
  assert.equal(
    packageUrl('julia', undefined, { id: '2a550a13', name: 'Tool', version: '1.0' }),
    'pkg:julia/Tool@1.0?uuid=2a550a13',
  ));

const tool: Package = { name: 'Tool', version: '1.0~rc1', release: '2+b1', epoch: 1, arch: 'amd64' };
const systems: readonly (readonly [os: OperatingSystem, pkg: Package, url: string])[] = [
  [
    { family: 'debian', name: '12.5' },
    tool,
    'pkg:deb/debian/Tool@1.0~rc1-2%2Bb1?arch=amd64&distro=debian-12.5&epoch=1',
  ],
  [
    { family: 'alpine', name: '3.20.1' },
    { name: 'Tool', version: '1-r0', arch: 'x86_64' },
    'pkg:apk/alpine/tool@1-r0?arch=x86_64&distro=3.20.1',
  ],
  [
    { family: 'redhat', name: '8.9' },
    { name: 'npm', version: '1', release: '2', modularityLabel: 'nodejs:18:1:a' },
    'pkg:rpm/redhat/npm@1-2?distro=redhat-8.9&modularitylabel=nodejs:18:1:a',
  ],
  [{ family: 'sles', name: '15.7' }, { name: 'a', version: '1' }, 'pkg:rpm/suse/a@1?distro=sles-15.7'],
  [
    { family: 'opensuse-leap', name: '15.6' },
    { name: 'a', version: '1' },
    'pkg:rpm/opensuse/a@1?distro=opensuse-leap-15.6',
  ],
  [
    { family: 'amazon', name: '2023.3 (Amazon Linux)' },
    { name: 'a', version: '1' },
    'pkg:rpm/amazon/a@1?distro=amazon-2023.3%20%28Amazon%20Linux%29',
  ],
  [
    { family: 'bottlerocket', name: '1.20.1' },
    { name: 'a', version: '1' },
    'pkg:bottlerocket/a@1?distro=bottlerocket-1.20.1',
  ],
];

for (const [os, pkg, url] of systems)
  test(`package of ${os.family}`, () => assert.equal(packageUrl(os.family, os, pkg), url));

test('a system package without a known system has no distro', () =>
  assert.equal(packageUrl('debian', undefined, { name: 'a', version: '1' }), 'pkg:deb/debian/a@1'));

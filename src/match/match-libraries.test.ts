import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { StoredAdvisory } from '#model';
import { fakeLookup } from './fakes/fake-lookup.js';
import { matchInventory } from './match-inventory.js';

interface Row {
  /** Application type. */
  readonly type: string;
  /** `name version` each. */
  readonly packages: readonly string[];
  readonly advisories: Record<string, Record<string, Record<string, StoredAdvisory>>>;
  /** All findings. */
  readonly finds: readonly string[];
  readonly notes?: readonly string[];
}

const hits = (VulnerableVersions: string[], PatchedVersions?: string[], more: StoredAdvisory = {}): StoredAdvisory => ({
  VulnerableVersions,
  ...(PatchedVersions && { PatchedVersions }),
  ...more,
});
/** One advisory on one package of an ecosystem. */
const one = (prefix: string, name: string, advisory: StoredAdvisory) => ({
  [`${prefix}::GitHub`]: { [name]: { 'CVE-1': advisory } },
});

const rows: Readonly<Record<string, Row>> = {
  'npm: a pre-release lies below its release in advisory ranges': {
    type: 'npm',
    packages: ['tool 2.0.0-rc.1', 'tool 2.0.0'],
    advisories: one('npm', 'tool', hits(['<2.0.0'], ['2.0.0'])),
    finds: ['CVE-1 tool 2.0.0-rc.1 → 2.0.0'],
  },
  'npm: names are compared in lower case, ranges are alternatives': {
    type: 'yarn',
    packages: ['@Scope/Tool 1.5.0', '@Scope/Tool 2.5.0', '@Scope/Tool 1.9.0'],
    advisories: one('npm', '@scope/tool', hits(['<1.6.0', '>=2.0.0, <3.0.0'])),
    finds: ['CVE-1 @Scope/Tool 1.5.0 → 1.6.0, 3.0.0', 'CVE-1 @Scope/Tool 2.5.0 → 1.6.0, 3.0.0'],
  },
  'npm: of two sources with one id the later bucket counts': {
    type: 'npm',
    packages: ['tool 1.5.0'],
    advisories: {
      'npm::A': { tool: { 'CVE-1': hits(['<2.0.0']), 'CVE-2': hits(['<2.0.0']) } },
      'npm::B': { tool: { 'CVE-1': hits(['<1.0.0']) } },
      'npmx::C': { tool: { 'CVE-3': hits(['<9']) } },
    },
    finds: ['CVE-2 tool 1.5.0 → 2.0.0'],
  },
  'Ruby: patched and unaffected versions alone; letters are pre-releases': {
    type: 'bundler',
    packages: ['rails 4.1.5', 'rails 4.2.0', 'rails 4.2.0.beta1', 'rails 3.9'],
    advisories: one('rubygems', 'rails', { PatchedVersions: ['>= 4.2.0', '~> 4.1.6'], UnaffectedVersions: ['< 4.0'] }),
    finds: ['CVE-1 rails 4.1.5 → >= 4.2.0, ~> 4.1.6', 'CVE-1 rails 4.2.0.beta1 → >= 4.2.0, ~> 4.1.6'],
  },
  'Python: epochs, post-releases and local labels; dots in names stay': {
    type: 'poetry',
    packages: ['A_b.c 1!0.5', 'A_b.c 1.0.post1', 'A_b.c 0.9+local', 'a-b-c 0.1'],
    advisories: one('pip', 'a-b.c', hits(['<1.0'], ['1.0'])),
    finds: ['CVE-1 A_b.c 0.9+local → 1.0'],
  },
  'NuGet: four-part versions, ids in any case': {
    type: 'nuget',
    packages: ['Some.Tool 1.2.3.4', 'Some.Tool 1.2.3.5'],
    advisories: one('nuget', 'some.tool', hits(['< 1.2.3.5'], ['1.2.3.5'])),
    finds: ['CVE-1 Some.Tool 1.2.3.4 → 1.2.3.5'],
  },
  'Maven: siblings of one group are different packages': {
    type: 'jar',
    packages: [
      'org.apache.shiro:shiro-core 1.0',
      'org.apache.shiro:shiro-spring 1.0',
      'org.apache.shiro:shiro-spring 1.0-SNAPSHOT',
    ],
    advisories: one('maven', 'org.apache.shiro:shiro-spring', hits(['<1.0'], ['1.0'])),
    finds: ['CVE-1 org.apache.shiro:shiro-spring 1.0-SNAPSHOT → 1.0'],
  },
  'Go: pseudo-versions, build metadata; a binary that does not know its version is not assessed': {
    type: 'gobinary',
    packages: [
      'example.com/a v1.2.3-0.20240102030405-abcdefabcdef',
      'example.com/a v0.0.0-20240102030405-abcdefabcdef',
      'example.com/a v1.2.3+dirty',
      'example.com/a v1.2.3+incompatible',
      'example.com/a v1.2.3-5-gabcdef0',
      'example.com/a ',
      'example.com/A v1.0.0',
    ],
    advisories: one('go', 'example.com/a', hits(['<1.2.3'], ['1.2.3'])),
    finds: [
      'CVE-1 example.com/a v1.2.3-0.20240102030405-abcdefabcdef → 1.2.3',
      'CVE-1 example.com/a v0.0.0-20240102030405-abcdefabcdef → 1.2.3',
      'CVE-1 example.com/a v1.2.3-5-gabcdef0 → 1.2.3',
    ],
    notes: ['match/no-version'],
  },
  'Go: the standard library': {
    type: 'gobinary',
    packages: ['stdlib v1.22.1', 'stdlib v1.22.5'],
    advisories: {
      'go::The Go Vulnerability Database': {
        stdlib: { 'CVE-1': hits(['<1.21.8', '>=1.22.0-0, <1.22.2'], ['1.21.8', '1.22.2'], { VendorIDs: ['GO-1'] }) },
      },
    },
    finds: ['CVE-1 stdlib v1.22.1 → 1.21.8, 1.22.2'],
  },
  'an unaffected version inside a vulnerable range is spared': {
    type: 'cargo',
    packages: ['tool 1.5.0', 'tool 1.5.1'],
    advisories: one('cargo', 'tool', hits(['>= 1.0.0'], [], { UnaffectedVersions: ['= 1.5.1'] })),
    finds: ['CVE-1 tool 1.5.0 affected'],
  },
  'an empty range means all versions': {
    type: 'pub',
    packages: ['tool not-a-version'],
    advisories: one('pub', 'tool', hits([''])),
    finds: ['CVE-1 tool not-a-version affected'],
  },
  'versions and ranges that do not parse, and advisories without ranges, are noted': {
    type: 'composer',
    packages: ['a/a dev-master', 'a/b 1.0.0', 'a/c 1.0.0'],
    advisories: {
      'composer::X': {
        'a/a': { 'CVE-1': hits(['<2']) },
        'a/b': { 'CVE-2': hits(['<?']) },
        'a/c': { 'CVE-3': {}, 'CVE-4': hits(['<2'], ['?']) },
      },
    },
    finds: [],
    notes: ['match/undetermined-version', 'match/undetermined-advisory'],
  },
  'an upper bound that is not excluded fixes nothing': {
    type: 'conan',
    packages: ['tool 1.0.0'],
    advisories: one('conan', 'tool', hits(['>=0.1, <=1.0.0'])),
    finds: ['CVE-1 tool 1.0.0 affected'],
  },
  'Swift: names are addresses': {
    type: 'swift',
    packages: ['https://github.com/Org/Tool.git 1.0.0'],
    advisories: one('swift', 'github.com/Org/Tool', hits(['<2.0.0'])),
    finds: ['CVE-1 https://github.com/Org/Tool.git 1.0.0 → 2.0.0'],
  },
  'Bitnami, Kubernetes, Hex, Julia and CocoaPods have feeds under names of their own': {
    type: 'kubernetes',
    packages: ['k8s.io/kubelet 1.27.4'],
    advisories: one('k8s', 'k8s.io/kubelet', hits(['<1.27.5'])),
    finds: ['CVE-1 k8s.io/kubelet 1.27.4 → 1.27.5'],
  },
  'Seal: certain rebuilds meet only its advisories, likely ones those if there are any': {
    type: 'npm',
    packages: ['@seal-security/tool 1.0.0', 'tool 1.0.0-sp1', 'other 1.0.0-sp1'],
    advisories: {
      'npm::GitHub': {
        '@seal-security/tool': { 'CVE-9': hits(['<9']) },
        tool: { 'CVE-9': hits(['<9']) },
        other: { 'CVE-3': hits(['<2']) },
      },
      'seal npm::Seal': { '@seal-security/tool': { 'CVE-1': hits(['<2']) }, tool: { 'CVE-2': hits(['<1.0.0-sp2']) } },
    },
    finds: ['CVE-1 @seal-security/tool 1.0.0 → 2', 'CVE-2 tool 1.0.0-sp1 → 1.0.0-sp2', 'CVE-3 other 1.0.0-sp1 → 2'],
  },
  'Seal: local labels count in its ranges for Python': {
    type: 'pip',
    packages: ['tool 1.0+sp1', 'seal-tool 1.0+sp3'],
    advisories: {
      'pip::GitHub': { tool: { 'CVE-9': hits(['<9']) } },
      'seal pip::Seal': {
        tool: { 'CVE-1': hits(['<1.0+sp2'], ['1.0+sp2']) },
        'seal-tool': { 'CVE-2': hits(['<1.0+sp2']) },
      },
    },
    finds: ['CVE-1 tool 1.0+sp1 → 1.0+sp2'],
  },
  'Conda has no feed': {
    type: 'conda-pkg',
    packages: ['tool 1'],
    advisories: {},
    finds: [],
    notes: ['match/unsupported'],
  },
  'an unknown type has no feed': {
    type: 'wordpress',
    packages: ['tool 1'],
    advisories: {},
    finds: [],
    notes: ['match/unsupported'],
  },
  'a database without the ecosystem finds nothing and says so': {
    type: 'hex',
    packages: ['tool 1.0.0'],
    advisories: one('npm', 'tool', hits(['<2'])),
    finds: [],
    notes: ['match/advisories-missing'],
  },
};

function run({ type, packages, advisories }: Omit<Row, 'finds'>) {
  const lookup = fakeLookup({ advisories });
  const parsed = packages.map((text) => {
    const [name = '', version = ''] = text.split(' ');
    return { name, version };
  });
  const matched = matchInventory(
    { packages: [], applications: [{ type, path: 'a.lock', packages: parsed }], diagnostics: [] },
    lookup,
    { now: new Date(0), packageTypes: ['os', 'library'], severitySources: ['auto'] },
  );
  return { ...matched, lookup };
}

for (const [title, row] of Object.entries(rows))
  test(title, () => {
    const { applications, diagnostics } = run(row);
    const shown = applications[0]!.vulnerabilities.map(
      (v) => `${v.id} ${v.package.name} ${v.installedVersion} ${v.fixedVersion ? `→ ${v.fixedVersion}` : v.status}`,
    );
    assert.deepEqual(shown, row.finds);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      row.notes ?? [],
    );
  });

test('vendor ids and package ids come along', () => {
  const application = { type: 'npm', path: '', packages: [{ id: 'tool@1', name: 'tool', version: '1.0.0' }] };
  const lookup = fakeLookup({ advisories: one('npm', 'tool', hits(['<2.0.0'], [], { VendorIDs: ['GHSA-1'] })) });
  const options = { now: new Date(0), packageTypes: ['library'], severitySources: ['auto'] } as const;
  const { applications } = matchInventory(
    { packages: [], applications: [application], diagnostics: [] },
    lookup,
    options,
  );
  assert.deepEqual(applications[0]!.vulnerabilities, [
    {
      kind: 'vulnerability',
      id: 'CVE-1',
      vendorIds: ['GHSA-1'],
      package: application.packages[0],
      packageId: 'tool@1',
      installedVersion: '1.0.0',
      fixedVersion: '2.0.0',
      status: 'fixed',
      severity: 'UNKNOWN',
    },
  ]);
});

test('package types choose; empty applications are left out', () => {
  const inventory = {
    os: { family: 'alpine', name: '3.23.0' },
    packages: [],
    applications: [
      { type: 'npm', path: 'a', packages: [] },
      { type: 'npm', path: 'b', packages: [{ name: 'tool', version: '1' }] },
    ],
    diagnostics: [],
  };
  const lookup = fakeLookup({ advisories: { 'alpine 3.23': {}, 'npm::A': {} } });
  const match = (packageTypes: ('os' | 'library')[]) => {
    const { os, applications } = matchInventory(inventory, lookup, {
      now: new Date('2026-06-01'),
      packageTypes,
      severitySources: [],
    });
    return [os !== undefined, ...applications.map(({ application }) => application.path)];
  };
  assert.deepEqual(match(['os', 'library']), [true, 'b']);
  assert.deepEqual(match(['library']), [false, 'b']);
  assert.deepEqual(match(['os']), [true]);
});

test('each name is looked up once and each vulnerability read once', () => {
  const { lookup } = run({
    type: 'npm',
    packages: ['tool 1.0.0', 'tool 1.0.1', 'TOOL 1.0.2', 'other 1.0.0'],
    advisories: one('npm', 'tool', hits(['<2.0.0'])),
  });
  assert.deepEqual(lookup.calls, [
    'advisoriesByPrefix npm:: tool',
    'advisoriesByPrefix npm:: other',
    'vulnerability CVE-1',
  ]);
});

test('any version and any range are decided or noted, never thrown at', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('npm', 'pip', 'bundler', 'jar', 'gomod', 'bitnami', 'nuget'),
      fc.string(),
      fc.array(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `<${text}`),
        ),
      ),
      fc.array(fc.string()),
      (type, version, vulnerable, patched) => {
        const prefixes = ['npm', 'pip', 'rubygems', 'maven', 'go', 'bitnami', 'nuget'];
        const advisories = Object.assign(
          {},
          ...prefixes.map((prefix) => one(prefix, 'tool', hits(vulnerable, patched))),
        );
        const { applications } = run({ type, packages: [`tool ${version}`], advisories });
        assert.ok(applications[0]!.vulnerabilities.length <= 1);
      },
    ),
  ));

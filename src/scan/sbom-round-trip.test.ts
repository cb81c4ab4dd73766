import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compact } from '#base';
import { decodeSbom } from '#formats';
import { applyLayers, sbomRecord } from '#inventory';
import type { Inventory, Package, Report, Result, Sbom } from '#model';
import { findFormat } from '#report';

const word = fc.stringMatching(/^[a-z][a-z0-9]{1,6}$/);
const version = fc.stringMatching(/^[1-9]\.[0-9]{1,2}(\.[0-9])?$/);
const hash = fc.stringMatching(/^[0-9a-f]{40}$/).map((hex) => `sha1:${hex}`);
const licenses = fc.option(fc.uniqueArray(fc.constantFrom('MIT', 'ISC', 'Apache-2.0'), { minLength: 1 }), {
  nil: undefined,
});

const systemPackages = fc.uniqueArray(
  fc.record({
    name: word,
    version,
    release: fc.constantFrom('1.el9', '2.el9_4'),
    epoch: fc.nat(2),
    licenses,
    source: word,
  }),
  { selector: ({ name }) => name, maxLength: 6 },
);
const libraries = fc.uniqueArray(fc.record({ name: word, version, licenses, digest: hash }), {
  selector: ({ name }) => name,
  maxLength: 6,
});

/** Each needs the next. */
function chained(packages: readonly Package[]): readonly Package[] {
  return packages.map((pkg, i) => compact({ ...pkg, dependsOn: packages[i + 1] && [packages[i + 1]!.id!] }));
}

const inventories = fc.record({ system: systemPackages, locked: libraries, installed: libraries }).map((found) => {
  const packages = found.system.map(({ name, version: v, release, epoch, licenses: l, source }): Package =>
    compact({
      id: `${name}@${v}-${release}.x86_64`,
      name,
      version: v,
      release,
      epoch: epoch || undefined,
      arch: 'x86_64',
      source: compact({ name: source, version: v, release, epoch: epoch || undefined }),
      licenses: l,
    }),
  );
  const library = (separator: string, path: boolean) => (given: (typeof found.locked)[number]) =>
    compact({
      id: `${given.name}${separator}${given.version}`,
      ...given,
      path: path ? `usr/${given.name}/METADATA` : undefined,
    });
  return applyLayers(
    [
      {
        opaqueDirs: [],
        whiteouts: [],
        os: { family: 'redhat', name: '9.4' },
        packageFiles: [{ path: 'var/lib/rpm', packages: chained(packages) }],
        applications: [
          { type: 'npm', path: 'app/package-lock.json', packages: chained(found.locked.map(library('@', false))) },
          { type: 'python-pkg', path: 'usr/METADATA', packages: found.installed.map(library('@', true)) },
        ],
        diagnostics: [],
      },
    ],
    { includeDev: false },
  );
});

function reportOf({ os, packages, applications }: Inventory): Report {
  const results: Result[] = [{ target: 'shop', class: 'os-pkgs', type: os!.family, packages, vulnerabilities: [] }];
  for (const app of applications)
    results.push({
      target: app.path || 'Python',
      class: 'lang-pkgs',
      type: app.type,
      packages: app.packages,
      vulnerabilities: [],
    });
  return {
    artifactName: 'shop',
    artifactType: 'container_image',
    createdAt: '2026-01-02T03:04:05Z',
    reportId: '',
    metadata: compact({ os }),
    results,
    diagnostics: [],
  };
}

/** What matching reads of a package, and what people look for in a bill. */
function facts({ os, packages, applications }: Inventory): unknown {
  const fact = ({
    id,
    name,
    version: v,
    release,
    epoch,
    arch,
    source,
    licenses: l,
    digest,
    path,
    purl,
    dependsOn,
  }: Package) => ({
    ...compact({ id, name, v, release, epoch, arch, source, digest, path, purl }),
    licenses: licensesOf(l),
    dependsOn: [...(dependsOn ?? [])].sort(),
  });
  return {
    os,
    packages: packages.map(fact),
    applications: applications.map((app) => ({ ...app, packages: app.packages.map(fact) })),
  };
}

type FormatName = 'cyclonedx' | 'spdx' | 'spdx-json' | 'spdx-json 3.0';

/** One expression, or its parts; SPDX says where there is none that none is asserted. */
const licensesOf = (licenses: readonly string[] = []): readonly string[] =>
  licenses
    .flatMap((license) => license.split(' AND '))
    .filter((license) => license !== 'NOASSERTION')
    .sort();

async function roundTrip(id: FormatName, report: Report): Promise<{ text: string; sbom: Sbom; inventory: Inventory }> {
  const [name, spdxVersion = '2.3'] = id.split(' ') as ['spdx-json', '3.0'?];
  const format = await findFormat(name);
  let text = '';
  const options = {
    version: '1',
    listPackages: true,
    severities: [],
    scanners: ['vuln'],
    color: false,
    tableModes: [],
    dependencyTree: false,
    root: '/work',
    spdxVersion,
  };
  for await (const chunk of format.encode(report, options as never)) text += String(chunk);
  const { sbom } = await decodeSbom(new TextEncoder().encode(text));
  return { text, sbom, inventory: applyLayers([sbomRecord(sbom).record], { includeDev: false }) };
}

for (const id of ['cyclonedx', 'spdx-json', 'spdx-json 3.0'] as const) {
  test(`${id}: what is written reads back as the same packages, relations and hashes`, async () => {
    await fc.assert(
      fc.asyncProperty(inventories, async (inventory) => {
        const { inventory: read } = await roundTrip(id, reportOf(inventory));
        assert.deepEqual(facts(read), facts(inventory));
      }),
      { numRuns: 60 },
    );
  });
}

/** What a bill says of the software, whatever its format calls things. */
function statements({ components, relations }: Sbom): unknown {
  const named = new Map(components.map((c) => [c.ref, `${c.name}@${c.version ?? ''} ${c.purl ?? ''}`]));
  return {
    components: components
      .map(({ ref, kind, licenses: l, hashes }) => [
        named.get(ref),
        kind,
        hashes.map(({ algorithm, value }) => `${algorithm}:${value}`),
        licensesOf(l),
      ])
      .sort(),
    relations: relations
      // SPDX holds files as elements of their own.
      .flatMap(({ from, to }) =>
        to.flatMap((one) => (named.has(one) ? [named.get(from), named.get(one)].join(' > ') : [])),
      )
      .sort(),
  };
}

const converted = ['cyclonedx', 'spdx-json', 'spdx-json 3.0'] as const;
for (const first of converted) {
  for (const second of converted) {
    test(`${first} to ${second}: packages, purls, hashes, licenses and relations are kept`, async () => {
      await fc.assert(
        fc.asyncProperty(inventories, async (inventory) => {
          const report = reportOf(inventory);
          const { sbom, inventory: read } = await roundTrip(first, report);
          const again = { ...reportOf(read), artifactType: sbom.format, sbom } as const;
          const { sbom: other, inventory: reread } = await roundTrip(second, again);
          assert.deepEqual(statements(other), statements(sbom), `${first} to ${second}`);
          assert.deepEqual(facts(reread), facts(read));
        }),
        { numRuns: 40 },
      );
    });
  }
}

const flat = ({ packages, applications }: Inventory): unknown =>
  [...packages, ...applications.flatMap((app) => app.packages)]
    .map(({ name, version: v, release, epoch, arch, source, digest, path, purl }) =>
      JSON.stringify(compact({ name, v, release, epoch, arch, source, digest, path, purl })),
    )
    .sort();

/** Tag-value documents have no annotations: ids and the types of lock files are not in them. */
test('spdx: packages, sources, hashes and licenses read back', async () => {
  await fc.assert(
    fc.asyncProperty(inventories, async (inventory) => {
      const { inventory: read } = await roundTrip('spdx', reportOf(inventory));
      assert.deepEqual(flat(read), flat(inventory));
    }),
    { numRuns: 40 },
  );
});

test('a bill that was read is written again with its own components', async () => {
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: { component: { 'bom-ref': 'root', type: 'application', name: 'shop' } },
    components: [
      {
        'bom-ref': 'a',
        type: 'library',
        name: 'a',
        version: '1',
        purl: 'pkg:npm/a@1',
        properties: [{ name: 'house:shelf', value: '7' }],
      },
      { 'bom-ref': 'd', type: 'device', name: 'door' },
    ],
    dependencies: [{ ref: 'root', dependsOn: ['a'] }],
  };
  const { sbom } = await decodeSbom(Buffer.from(JSON.stringify(bill)));
  const inventory = applyLayers([sbomRecord(sbom).record], { includeDev: false });
  const report = { ...reportOf({ ...inventory, os: { family: 'none', name: '' } }), sbom };
  const { text } = await roundTrip('cyclonedx', report);
  const written = JSON.parse(text) as typeof bill;
  assert.equal(written.metadata.component.name, 'shop');
  assert.deepEqual(
    written.components.map((component) => component['bom-ref']),
    ['a', 'd'],
  );
  assert.deepEqual(written.components[0]?.properties, [{ name: 'house:shelf', value: '7' }]);
  assert.deepEqual(written.dependencies.find(({ ref }) => ref === 'root')?.dependsOn, ['a']);
});

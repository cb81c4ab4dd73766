/** Scanning a bill of materials that this program wrote finds what scanning the artifact finds. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { writeBolt } from '#advisories';
import { makeNdb, makeRpmHeader } from '#formats/fakes';
import { fakeWorld } from '#platform/fakes';
import { findFormat } from '#report';
import { type Report, scan, type ScanTarget } from '#scan';
import { metadataOf } from './kit/database.js';
import { writeTree } from './kit/images.js';
import { pratique } from './kit/program.js';
import { reportOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const formats = ['cyclonedx', 'spdx-json', 'spdx-json 3.0', 'spdx'] as const;
/** `--format` and, where there is a second word, `--spdx-version`. */
const wordsOf = (format: string): readonly ['spdx-json', '3.0'?] => format.split(' ') as ['spdx-json', '3.0'?];
const { at } = workplace();

test('the example image', async () => {
  const script = fileURLToPath(new URL('../../../scripts/example-image.mjs', import.meta.url));
  execFileSync(process.execPath, [script, at('example.tar')], { stdio: 'ignore' });
  const offline = ['--offline-default', '--quiet', '--cache-dir', at('example-cache')];
  const run = async (...args: string[]) => {
    const ran = await pratique([...args, ...offline]);
    assert.equal(ran.code, 0, ran.stderr);
    return ran;
  };
  /** Tag-value documents have no place for layers. */
  const details = (ran: Awaited<ReturnType<typeof run>>, layers: boolean): readonly string[] =>
    (reportOf(ran).Results ?? [])
      .flatMap(({ Type, Vulnerabilities = [] }) =>
        Vulnerabilities.map((v) => {
          const layer = layers ? v.Layer?.DiffID : undefined;
          return [Type, v.VulnerabilityID, v.PkgName, v.InstalledVersion, v.FixedVersion, v.Severity, layer].join();
        }),
      )
      .sort();
  const scanned = await run('image', '--input', at('example.tar'), '--format', 'json');
  assert.ok(details(scanned, true).length > 10);
  for (const format of formats) {
    const [name, version] = wordsOf(format);
    const chosen = ['--format', name, ...(version ? ['--spdx-version', version] : [])];
    await run('image', '--input', at('example.tar'), ...chosen, '--output', at(`example.${format}`));
    const read = await run('sbom', '--format', 'json', at(`example.${format}`));
    const layers = format !== 'spdx';
    assert.deepEqual(details(read, layers), details(scanned, layers), format);
  }
});

const names = ['made', 'made-lib', 'made.core', 'fine'] as const;
const ids = new Map(names.slice(0, 3).map((name, i) => [name, `CVE-2099-000${i + 1}`]));
const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** Everything of these names is vulnerable below 2, and up to 3 without a fix, everywhere. */
function advisoryTree(): Parameters<typeof writeBolt>[1] {
  const bucket = (advice: unknown) => [...ids].map(([name, id]) => [name, [[id, encode(advice)]]] as const);
  const library = { VulnerableVersions: ['<2.0.0'], PatchedVersions: ['2.0.0'] };
  const dashed = [...ids].map(([name, id]) => [name.replace('.', '-'), [[id, encode(library)]]] as const);
  return [
    ['alpine 3.23', bucket({ FixedVersion: '2.0-r1' })],
    ['debian 12', bucket({ FixedVersion: '1:2.0-1' })],
    ['npm::made', bucket(library)],
    ['pip::made', dashed],
    ['rocky 9', bucket({ Entries: [{ FixedVersion: '1:2.0-1.el9', Arches: ['x86_64'] }] })],
    ['rubygems::made', bucket(library)],
    ['vulnerability', [...ids.values()].map((id) => [id, encode({ Title: 'made', VendorSeverity: { nvd: 3 } })])],
  ];
}

mkdirSync(at('made-cache/db'), { recursive: true });
writeBolt(at('made-cache/db/trivy.db'), advisoryTree());
writeFileSync(at('made-cache/db/metadata.json'), metadataOf());

interface Made {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly epoch: number;
}

const packages = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...names),
    version: fc.constantFrom('1.0', '1.9.9', '2.0', '2.0.1', '3.1'),
    source: fc.constantFrom(...names),
    epoch: fc.nat(1),
  }),
  { selector: ({ name }) => name, maxLength: names.length },
);

type Files = readonly { readonly name: string; readonly content: string | Uint8Array }[];

const systems: Readonly<Record<string, (found: readonly Made[]) => Files>> = {
  alpine: (found) => [
    { name: 'etc/os-release', content: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.23.0\n' },
    { name: 'etc/alpine-release', content: '3.23.0\n' },
    {
      name: 'lib/apk/db/installed',
      content: found.map((p) => `P:${p.name}\nV:${p.version}-r0\nA:x86_64\nL:MIT\no:${p.source}\n\n`).join(''),
    },
  ],
  debian: (found) => [
    { name: 'etc/os-release', content: 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n' },
    { name: 'etc/debian_version', content: '12.5\n' },
    {
      name: 'var/lib/dpkg/status',
      content: found
        .map(({ name, version, source, epoch }) => {
          const whole = `${epoch ? `${epoch}:` : ''}${version}-1+b1`;
          const from = `${source} (${epoch ? `${epoch}:` : ''}${version}-1)`;
          return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nSource: ${from}\nVersion: ${whole}\n\n`;
        })
        .join(''),
    },
  ],
  rocky: (found) => [
    { name: 'etc/os-release', content: 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="9.4"\n' },
    { name: 'etc/rocky-release', content: 'Rocky Linux release 9.4 (Blue Onyx)\n' },
    { name: 'usr/lib/sysimage/rpm/Packages.db', content: makeNdb(found.map(rpmHeader)) },
  ],
  none: () => [],
};

const rpmHeader = ({ name, version, source, epoch }: Made): Uint8Array =>
  makeRpmHeader([
    [1000, name],
    [1001, version],
    [1002, '1.el9'],
    ...(epoch ? ([[1003, [epoch]]] as const) : []),
    [1011, 'Rocky Enterprise Software Foundation'],
    [1014, 'MIT'],
    [1022, 'x86_64'],
    [1044, `${source}-${version}-1.el9.src.rpm`],
  ]);

const libraries: Readonly<Record<string, (found: readonly Made[]) => Files>> = {
  npm: (found) =>
    found.map(({ name, version }) => ({
      name: `srv/node_modules/${name}/package.json`,
      content: JSON.stringify({ name, version, license: 'MIT' }),
    })),
  python: (found) =>
    found.map(({ name, version }) => ({
      name: `usr/lib/python3/site-packages/${name}-${version}.dist-info/METADATA`,
      content: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n`,
    })),
  locks: (found) => [
    lock('app', found),
    lock('app/deep', found.slice(1)),
    { name: 'app/requirements.txt', content: found.map(({ name, version }) => `${name}==${version}\n`).join('') },
    {
      name: 'app/Gemfile.lock',
      content: `GEM\n  remote: https://rubygems.org/\n  specs:\n${found.map(({ name, version }) => `    ${name} (${version})\n`).join('')}`,
    },
  ],
};

function lock(directory: string, found: readonly Made[]): Files[number] {
  const entries = found.map(({ name, version }) => [`node_modules/${name}`, { version }]);
  const content = {
    name: 'shop',
    lockfileVersion: 3,
    packages: { '': { name: 'shop' }, ...Object.fromEntries(entries) },
  };
  return { name: `${directory}/package-lock.json`, content: JSON.stringify(content) };
}

/** What was found, where it does not name the artifact itself. */
function findings({ results }: Report): readonly string[] {
  return results
    .flatMap(({ class: kind, type, target, vulnerabilities }) =>
      vulnerabilities.map((v) =>
        JSON.stringify([
          type,
          kind === 'os-pkgs' ? '' : target,
          v.id,
          v.package.name,
          v.package.path,
          v.installedVersion,
          v.fixedVersion,
          v.severity,
          v.status,
        ]),
      ),
    )
    .sort();
}

const world = fakeWorld({ cwd: at(), start: new Date() });
const find = (target: ScanTarget, fileDigests = false): Promise<Report> =>
  scan(target, { cacheDir: at('made-cache'), cache: false, fileDigests, database: { skipUpdate: true } }, world);

async function write(format: (typeof formats)[number], report: Report, path: string): Promise<void> {
  const [name, spdxVersion = '2.3'] = wordsOf(format);
  const { encode: chunksOf } = await findFormat(name);
  const options = { version: '1', listPackages: true, severities: [], scanners: [], color: false };
  let text = '';
  for await (const chunk of chunksOf(report, { ...options, tableModes: [], dependencyTree: false, spdxVersion }))
    text += String(chunk);
  writeFileSync(path, text);
}

/** Tag-value documents have no place for the kind of a lock file: its packages count as installed ones. */
const withoutPlaces = (found: readonly string[]): readonly string[] =>
  [...new Set(found.map((text) => JSON.stringify((JSON.parse(text) as unknown[]).slice(2, 4))))].sort();

for (const kind of ['rootfs', 'filesystem'] as const) {
  test(`made-up trees, ${kind}`, async () => {
    let all = 0;
    const trees = fc.record({
      system: fc.constantFrom(...Object.keys(systems)),
      installed: packages,
      npm: packages,
      python: packages,
      locks: packages,
    });
    await fc.assert(
      fc.asyncProperty(trees, async ({ system, installed, ...others }) => {
        rmSync(at('tree'), { recursive: true, force: true });
        mkdirSync(at('tree'));
        const files = Object.entries(others).flatMap(([name, found]) => libraries[name]!(found));
        writeTree(at('tree'), [[...systems[system]!(installed), ...files]]);
        const report = await find({ kind, path: join(at('tree')) }, true);
        const scanned = findings(report);
        all += scanned.length;
        for (const format of formats) {
          await write(format, report, at('bill'));
          const read = findings(await find({ kind: 'sbom', path: at('bill') }));
          if (format === 'spdx') assert.deepEqual(withoutPlaces(read), withoutPlaces(scanned), format);
          else assert.deepEqual(read, scanned, format);
        }
      }),
      { numRuns: 25 },
    );
    assert.ok(all > 0);
  });
}

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Package, Report, ReportMetadata, Vulnerability } from '#model';
import { fakeWorld } from '#platform/fakes';
import { applyVex } from './apply-vex.js';
import { imagePurls } from './image-purls.js';
import { loadVex } from './load-vex.js';

/** `a>b,c` declares package `a` that depends on `b` and `c`; `a!` is direct. */
function packagesOf(text: string): readonly Package[] {
  return text.split(' ').map((part) => {
    const [left = '', on] = part.split('>');
    const name = left.replace('!', '');
    return {
      id: name,
      name,
      version: '1',
      purl: `pkg:npm/${name}@1`,
      ...(left.endsWith('!') && { relationship: 'direct' as const }),
      ...(on && { dependsOn: on.split(',') }),
    };
  });
}

function reportOf(packages: readonly Package[], leaf: string, metadata: ReportMetadata = {}): Report {
  const vulnerability: Vulnerability = {
    kind: 'vulnerability',
    id: 'CVE-1',
    package: packages.find((pkg) => pkg.name === leaf)!,
    installedVersion: '1',
    status: 'affected',
    severity: 'HIGH',
  };
  return {
    artifactName: 'a',
    artifactType: 'container_image',
    createdAt: '2026-01-01T00:00:00Z',
    reportId: '',
    metadata,
    results: [{ target: 't', class: 'lang-pkgs', packages, vulnerabilities: [vulnerability] }],
    diagnostics: [],
  };
}

const image: ReportMetadata = { repoDigests: ['registry.example.org/team/app@sha256:aa'] };

const statement = (product: string, subcomponents: readonly string[] = [], status = 'not_affected'): object => ({
  vulnerability: { name: 'CVE-1' },
  products: [{ '@id': product, subcomponents: subcomponents.map((id) => ({ '@id': id })) }],
  status,
});
const openVex = (...statements: readonly object[]): object => ({ '@context': 'x', statements });

/** The suppressions of the only finding. */
async function judged(report: Report, documents: readonly object[], bom?: { serialNumber: string }) {
  const cwd = await mkdtemp(join(tmpdir(), 'vex-'));
  try {
    const names = documents.map((_, i) => `${i}.json`);
    for (const [i, document] of documents.entries()) await writeFile(join(cwd, names[i]!), JSON.stringify(document));
    const vex = await loadVex(names, { cacheDir: cwd }, fakeWorld({ cwd }));
    const { results, diagnostics } = await applyVex(report, vex!, bom);
    const suppressed = results[0]!.suppressed?.map(({ status, statement: why, source }) => ({ status, why, source }));
    assert.equal(results[0]!.vulnerabilities.length, suppressed ? 0 : 1);
    return { suppressed: suppressed?.[0], diagnostics };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

test('a finding goes only when every path to the artifact is cut', async () => {
  const root = 'pkg:oci/app';
  const cases: readonly (readonly [string, string, readonly object[], boolean])[] = [
    ['leaf', 'leaf', [statement('pkg:npm/leaf')], true],
    ['leaf', 'leaf', [statement('pkg:npm/leaf@2')], false],
    ['leaf', 'leaf', [statement(root, ['pkg:npm/leaf'])], true],
    ['leaf', 'leaf', [statement(root, ['pkg:npm/other'])], false],
    ['leaf', 'leaf', [statement(root)], true],
    ['a!>leaf b!>leaf leaf', 'leaf', [statement('pkg:npm/a', ['pkg:npm/leaf'])], false],
    ['a!>leaf b!>leaf leaf', 'leaf', [statement('pkg:npm/a', ['pkg:npm/leaf']), statement('pkg:npm/b')], true],
    ['a!>b b>c,leaf c>leaf leaf', 'leaf', [statement('pkg:npm/a')], true],
    ['a!>b b>c,leaf c>leaf leaf', 'leaf', [statement('pkg:npm/c')], false],
    ['a!>leaf leaf!', 'leaf', [statement('pkg:npm/a')], false],
    ['a>leaf leaf>a', 'leaf', [statement('pkg:npm/other')], false],
    ['a>leaf leaf>a', 'leaf', [statement('pkg:npm/a')], true],
    ['leaf', 'leaf', [statement('pkg:npm/leaf'), statement('pkg:npm/leaf', [], 'affected')], false],
    [
      'leaf',
      'leaf',
      [statement('pkg:npm/leaf', [], 'under_investigation'), statement('pkg:npm/leaf', [], 'fixed')],
      true,
    ],
  ];
  for (const [packages, leaf, statements, expected] of cases) {
    const { suppressed } = await judged(reportOf(packagesOf(packages), leaf, image), [openVex(...statements)]);
    assert.equal(suppressed !== undefined, expected, `${packages} ${JSON.stringify(statements)}`);
  }
});

test('CSAF decides by product status and relationships', async () => {
  const csaf = {
    document: {},
    product_tree: {
      full_product_names: [
        { product_id: 'L', product_identification_helper: { purl: 'pkg:npm/leaf@1' } },
        { product_id: 'P', product_identification_helper: { purl: 'pkg:oci/app' } },
      ],
      relationships: [
        {
          category: 'installed_on',
          full_product_name: { product_id: 'L:P' },
          product_reference: 'L',
          relates_to_product_reference: 'P',
        },
      ],
    },
    vulnerabilities: [
      {
        cve: 'CVE-1',
        product_status: { known_not_affected: ['L:P'] },
        threats: [{ category: 'impact', details: 'not built in' }],
      },
    ],
  };
  const { suppressed } = await judged(reportOf(packagesOf('leaf'), 'leaf', image), [csaf]);
  assert.deepEqual(suppressed, { status: 'not_affected', why: 'not built in', source: '0.json' });
  const other = { repoDigests: ['registry.example.org/other@sha256:aa'] };
  assert.equal((await judged(reportOf(packagesOf('leaf'), 'leaf', other), [csaf])).suppressed, undefined);
});

test('CycloneDX decides about components of the bill that was scanned', async () => {
  const serial = '3e671687-395b-41f5-a30f-a58921a69b79';
  const vex = {
    bomFormat: 'CycloneDX',
    vulnerabilities: [
      { id: 'CVE-1', analysis: { state: 'resolved' }, affects: [{ ref: `urn:cdx:${serial}/1#pkg:npm/leaf@1` }] },
    ],
  };
  const report = reportOf(packagesOf('leaf'), 'leaf');
  assert.equal((await judged(report, [vex], { serialNumber: `urn:uuid:${serial}` })).suppressed?.status, 'fixed');
  assert.equal((await judged(report, [vex], { serialNumber: 'urn:uuid:x' })).suppressed, undefined);
  await assert.rejects(judged(report, [vex]), { code: 'vex/invalid' });
});

test('the first document that says so decides, and problems of all are told', async () => {
  const documents = [openVex(statement('pkg:npm/leaf', [], 'maybe')), openVex(statement('pkg:npm/leaf', [], 'fixed'))];
  const { suppressed, diagnostics } = await judged(reportOf(packagesOf('leaf'), 'leaf'), documents);
  assert.equal(suppressed?.source, '1.json');
  assert.deepEqual(
    diagnostics.map((d) => [d.code, d.path]),
    [['vex/left-out', '0.json']],
  );
});

const index = (location: string): object => ({ packages: [{ id: 'pkg:npm/leaf', location }] });

test('repositories are read from the cache; the first with an entry decides', async () => {
  const home = await mkdtemp(join(tmpdir(), 'vex-home-'));
  const world = fakeWorld({ cwd: home, env: { HOME: home } });
  const write = async (path: string, content: unknown): Promise<void> => {
    await mkdir(join(home, path, '..'), { recursive: true });
    await writeFile(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const report = reportOf(packagesOf('leaf'), 'leaf');
  const run = async (): Promise<Report> =>
    applyVex(report, (await loadVex(['repo'], { cacheDir: join(home, 'c'), skipVexUpdate: true }, world))!);
  try {
    await assert.rejects(run(), { code: 'vex/unavailable', message: /the repository default is not in the cache/ });
    await write('.trivy/vex/repository.yaml', 'repositories: [{name: ../up}]');
    await assert.rejects(run(), { code: 'vex/invalid', message: /line 1: repositories\[0\]\.name/ });
    await write(
      '.trivy/vex/repository.yaml',
      'repositories: [{name: one, url: https://one.example}, {name: two}, {name: off, enabled: false}]',
    );
    await write('c/vex/repositories/one/0.1/index.json', index('docs/leaf.json'));
    await write('c/vex/repositories/two/0.1/index.json', index('leaf.json'));
    await write('c/vex/repositories/one/0.1/docs/leaf.json', openVex(statement('pkg:npm/leaf')));
    await write('c/vex/repositories/two/0.1/leaf.json', openVex(statement('pkg:npm/leaf', [], 'fixed')));
    assert.equal((await run()).results[0]?.suppressed?.[0]?.source, 'VEX Repository: one (https://one.example)');
    await write('c/vex/repositories/one/0.1/docs/leaf.json', openVex(statement('pkg:npm/leaf', [], 'affected')));
    assert.equal((await run()).results[0]?.suppressed, undefined);
    await write('c/vex/repositories/one/0.1/docs/leaf.json', '{');
    assert.deepEqual(
      (await run()).diagnostics.map((d) => d.code),
      ['vex/unreadable-document'],
    );
    await write('c/vex/repositories/one/0.1/index.json', index('../../x.json'));
    await assert.rejects(run(), { code: 'vex/invalid', message: /packages\[0\]/ });
  } finally {
    await rm(home, { recursive: true });
  }
});

test('sources that are not for what was scanned are refused', async () => {
  const report = { ...reportOf(packagesOf('leaf'), 'leaf'), artifactType: 'filesystem' as const };
  for (const name of ['oci', 'sbom-ref']) {
    const vex = await loadVex([name], { cacheDir: '' }, fakeWorld());
    await assert.rejects(applyVex(report, vex!), { code: 'vex/unavailable' });
  }
  await assert.rejects(loadVex(['nope.json'], { cacheDir: '' }, fakeWorld()), { code: 'file/not-found' });
});

const imageNames = (repoDigest: string): unknown =>
  imagePurls({ repoDigests: [repoDigest] }).map(({ name, qualifiers }) => [name, qualifiers?.get('repository_url')]);

test('package URLs of an image', () => {
  assert.deepEqual(imageNames('alpine@sha256:aa'), [
    ['alpine', 'index.docker.io/library/alpine'],
    ['alpine', 'docker.io/library/alpine'],
  ]);
  assert.deepEqual(imageNames('localhost:5000/x/y@sha256:aa'), [['y', 'localhost:5000/x/y']]);
  assert.deepEqual(imageNames('broken'), []);
});

test('with nothing said, or about others, no finding goes, whatever the graph', async () => {
  const names = ['a', 'b', 'c', 'd', 'leaf'];
  const graph = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(graph, fc.subarray(['a', 'b', 'c', 'd']), async (edges, cut) => {
      const text = names.map((name) => {
        const on = edges.filter(([from]) => from === name).map(([, to]) => to);
        return on.length > 0 ? `${name}>${on.join(',')}` : name;
      });
      const report = reportOf(packagesOf(text.join(' ')), 'leaf');
      const { suppressed } = await judged(report, [openVex(...cut.map((name) => statement(`pkg:npm/${name}`)))]);
      if (suppressed) assert.ok(cut.length > 0 && !reaches(edges, new Set(cut)));
    }),
    { numRuns: 100 },
  );
});

/** Whether a package that nothing depends on is reached from `leaf` without one that is cut. */
function reaches(edges: readonly (readonly [string, string])[], cut: ReadonlySet<string>): boolean {
  const above = (name: string): string[] =>
    edges.filter(([from, to]) => to === name && from !== name).map(([from]) => from);
  const seen = new Set(['leaf']);
  for (const name of seen) {
    if (cut.has(name)) continue;
    if (above(name).length === 0) return true;
    for (const parent of above(name)) seen.add(parent);
  }
  return false;
}

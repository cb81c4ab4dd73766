import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import type { Sbom } from '#model';
import { decodeSbom } from './sbom.js';
import { cycloneDx, envelope, graph, spdx, statement, tagValue, xml } from './sbom.test.kit.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = async (value: unknown): Promise<Sbom> =>
  (await decodeSbom(bytes(typeof value === 'string' ? value : JSON.stringify(value)))).sbom;

test('CycloneDX: nested components, their relations and all their fields', async () => {
  const sbom = await read(cycloneDx);
  assert.equal(sbom.root, 'root');
  assert.deepEqual(sbom.tools, ['maker']);
  const [, app, brush] = sbom.components;
  assert.deepEqual(app?.properties, [
    { name: 'Type', value: 'npm' },
    { name: 'other:Type', value: 'x', foreign: true },
  ]);
  assert.deepEqual(brush, {
    ref: brush!.ref,
    kind: 'library',
    group: '@paint',
    name: 'brush',
    version: '1.2.3',
    purl: 'pkg:npm/%40paint/brush@1.2.3',
    supplier: 'Paint',
    licenses: ['MIT', 'MIT OR ISC', 'own'],
    hashes: [{ algorithm: 'sha256', value: 'ab' }],
    properties: [],
  });
  assert.deepEqual(sbom.relations, [
    { from: 'app', to: [brush.ref] },
    { from: 'root', to: ['app'] },
  ]);
});

test('CycloneDX in XML is read as the same bill', async () => {
  const sbom = await read(xml);
  assert.deepEqual(sbom, await read(cycloneDx));
  assert.equal(sbom.revision, 3);
  assert.deepEqual(sbom.vexReferences, ['https://shop.example/vex.json']);
});

test('SPDX: packages with what other fields, files and licenses say of them', async () => {
  const sbom = await read(spdx);
  assert.equal(sbom.root, 'SPDXRef-os');
  assert.deepEqual(sbom.tools, ['maker-1']);
  assert.deepEqual(sbom.components[1], {
    ref: 'SPDXRef-libc6',
    kind: 'library',
    name: 'libc6',
    version: '2.36-9',
    purl: 'pkg:deb/debian/libc6@2.36-9?arch=amd64',
    supplier: 'Debian',
    licenses: ['house rules', 'MIT'],
    hashes: [{ algorithm: 'sha256', value: 'bb' }],
    properties: [
      { name: 'PkgID', value: 'libc6@2.36-9' },
      { name: 'SrcName', value: 'glibc' },
      { name: 'SrcVersion', value: '2.36-9' },
      { name: 'SrcEpoch', value: '1' },
      { name: 'FilePath', value: 'var/lib/dpkg/status' },
    ],
  });
  assert.deepEqual(sbom.relations, [
    { from: 'SPDXRef-os', to: ['SPDXRef-libc6'] },
    { from: 'SPDXRef-libc6', to: ['SPDXRef-file'] },
  ]);
});

test('SPDX in tag-value syntax is read as the same bill', async () => {
  const expected = await read(spdx);
  // A file section after a package belongs to it without a relationship.
  assert.deepEqual(await read(tagValue), { ...expected, relations: expected.relations.slice(0, 1) });
});

test('SPDX 3 is read as the same packages', async () => {
  const sbom = await read(graph);
  assert.equal(sbom.specVersion, '3.0.1');
  assert.equal(sbom.root, 'urn:os');
  const expected = (await read(spdx)).components[1]!;
  assert.deepEqual(sbom.components[1], { ...expected, ref: 'urn:libc6', licenses: ['MIT'] });
  assert.deepEqual(sbom.relations[0], { from: 'urn:os', to: ['urn:libc6'] });
});

test('attestations of every wrapping yield the bill inside', async () => {
  const expected = await read(cycloneDx);
  const cdx = statement('https://cyclonedx.org/bom/v1.6', cycloneDx);
  const wrapped: unknown[] = [
    cdx,
    envelope(cdx),
    `${JSON.stringify(envelope(cdx))}\n${JSON.stringify(envelope(cdx))}\n`,
    envelope(statement('https://cyclonedx.org/schema', { Data: cycloneDx, Timestamp: '' })),
    envelope(statement('https://cyclonedx.org/bom', { Data: JSON.stringify(cycloneDx) })),
    { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: envelope(cdx) },
  ];
  for (const value of wrapped) {
    const decoded = await decodeSbom(bytes(typeof value === 'string' ? value : JSON.stringify(value)));
    assert.deepEqual(decoded, { sbom: expected, attested: true });
  }
  const text = envelope(statement('https://spdx.dev/Document', tagValue));
  assert.deepEqual(await read(text), await read(tagValue));
});

test('UTF-16 is read where a byte order mark says so', async () => {
  const text = `\uFEFF${JSON.stringify(cycloneDx)}`;
  assert.deepEqual((await decodeSbom(Buffer.from(text, 'utf16le'))).sbom, await read(cycloneDx));
});

const refused: readonly (readonly [unknown, RegExp])[] = [
  ['', /empty/],
  ['null', /is null/],
  ['[]', /a list/],
  ['{}', /neither CycloneDX/],
  ['{\n"bomFormat": "CycloneDX",\n"specVersion": }', /line 3/],
  [
    '{\n"bomFormat": "CycloneDX",\n"components": [\n{\n"type": "library",\n"name": 5}]}',
    /line 6: components\[0\]\.name is a number/,
  ],
  ['{"bomFormat": "CycloneDX", "specVersion": "2.0"}', /CycloneDX 2\.0/],
  ['{\n"bomFormat": "CycloneDX",\n"components": [\n{},\n{"name": 5}]}', /line 5: components\[1\]\.name is a number/],
  ['{"bomFormat": "CycloneDX", "components": {}}', /components is an object, a list/],
  ['{"spdxVersion": "SPDX-9"}', /SPDX 9/],
  [
    '{"spdxVersion": "SPDX-2.3",\n"packages": [{\n"externalRefs": [7]}]}',
    /line 3: packages\[0\]\.externalRefs\[0\] is a num/,
  ],
  ['SPDXVersion: SPDX-2.3\nno tag here', /line 2/],
  ['SPDXVersion: SPDX-2.3\nPackageName: a\nExternalRef: x', /line 3/],
  ['SPDXVersion: SPDX-2.3\nPackageComment: <text>open', /line 2: <text>/],
  ['<html/>', /not CycloneDX/],
  ['<bom', /not XML/],
  [envelope(statement('https://slsa.dev/provenance/v1', {})), /slsa/],
  [{ payloadType: 'text/plain', payload: '' }, /text\/plain/],
  [{ payloadType: 'application/vnd.in-toto+json', payload: '{}' }, /not base64/],
  [{ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', messageSignature: {} }, /no statement/],
];

for (const [value, message] of refused) {
  test(`refused: ${JSON.stringify(value).slice(0, 70)}`, () =>
    assert.rejects(read(value), (error) => error instanceof FormatError && message.test(error.message)));
}

test('components nested without end are refused', () => {
  let component: object = { name: 'x' };
  for (let i = 0; i < 100; i++) component = { name: 'x', components: [component] };
  return assert.rejects(read({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] }), /deeper/);
});

test('keys never reach a prototype, and repeated references stay apart', async () => {
  const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","__proto__":{"polluted":1},
    "components":[{"bom-ref":"__proto__","name":"a"},{"bom-ref":"__proto__","name":"b"}],
    "dependencies":[{"ref":"__proto__","dependsOn":["constructor"]}]}`;
  const sbom = await read(text);
  assert.deepEqual(
    sbom.components.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.equal(new Set(sbom.components.map(({ ref }) => ref)).size, 2);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
});

const documents = [JSON.stringify(cycloneDx), xml, JSON.stringify(spdx), tagValue, JSON.stringify(graph)];
documents.push(JSON.stringify(envelope(statement('https://cyclonedx.org/bom', cycloneDx))));

test('damaged documents throw nothing but FormatError and LimitError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...documents), fc.nat(10_000), fc.string({ maxLength: 3 }), async (text, n, s) => {
      const at = n % (text.length + 1);
      for (const damaged of [text.slice(0, at), text.slice(0, at) + s + text.slice(at + 1)]) {
        try {
          await read(damaged);
        } catch (error) {
          assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a field of another type is an error that names it, whichever it is', async () => {
  const paths = [...leaves(cycloneDx)].filter((path) => !path.includes('bomFormat'));
  for (const path of paths) {
    const changed = structuredClone(cycloneDx) as unknown as Record<string, unknown>;
    let at: Record<string, unknown> = changed;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[path.at(-1)!] = 7;
    try {
      await read(changed);
    } catch (error) {
      assert.ok(error instanceof FormatError && error.message.includes(String(path.at(-1))), String(error));
    }
  }
});

function* leaves(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

/** VEX from where it is published: repositories, attestations in a registry, references of a bill of materials. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeDockerArchive } from '#artifact/fakes';
import { makeTar } from '#formats/fakes';
import { mediaTypes } from '#oci';
import { fakeServer } from '#platform/fakes';
import { noRegistry, realRegistry } from '../fakes/real-registry.js';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage } from './kit/images.js';
import { pratique, type Ran } from './kit/program.js';
import { pushImage } from './kit/push.js';
import { findingsOf } from './kit/report.js';
import { workplace } from './kit/workplace.js';

const { at, cache, offline } = workplace();
const others = alpineFindings.filter((line) => !line.endsWith('made-parser'));
assert.ok(others.length > 0 && others.length < alpineFindings.length);

const openVex = JSON.stringify({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex/1',
  author: 'made',
  timestamp: '2026-01-01T00:00:00Z',
  version: 1,
  statements: alpineFindings.map((line) => ({
    vulnerability: { name: line.split(' ')[0] },
    products: [{ '@id': 'pkg:npm/made-parser' }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
  })),
});
const index = JSON.stringify({
  packages: [{ id: 'pkg:npm/made-parser', location: 'npm/vex.json', format: 'openvex' }],
});
const archive = gzipSync(
  makeTar([
    { name: 'hub-main/index.json', content: index },
    { name: 'hub-main/npm/vex.json', content: openVex },
  ]),
);
const served = new Map<string, string | Uint8Array>([
  ['/hub.tar.gz', archive],
  ['/vex.json', openVex],
]);
const server = await fakeServer(({ path }) => {
  const body = served.get(path);
  return body === undefined ? { status: 404 } : { body };
});
served.set(
  '/.well-known/vex-repository.json',
  JSON.stringify({
    name: 'made',
    description: 'made',
    versions: [{ spec_version: '0.1', locations: [{ url: `${server.origin}/hub.tar.gz` }], update_interval: '1h' }],
  }),
);
after(() => server.close());

test('a repository is downloaded, used, and not asked again within its interval', async () => {
  mkdirSync(at('home/.trivy/vex'), { recursive: true });
  writeFileSync(at('home/.trivy/vex/repository.yaml'), `repositories:\n- {name: made, url: '${server.origin}'}\n`);
  writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
  const run = (...args: string[]): Promise<Ran> => pratique(args, { env: { HOME: at('home') } });
  const listed = await run('vex', 'repo', 'list');
  assert.match(listed.stdout, /- Name: made\n {2}URL: http.*\n {2}Status: Enabled/);

  const scan = ['image', ...offline, '--input', at('image.tar'), '--vex', 'repo'];
  assertFails(await run(...scan, '--skip-vex-repo-update'), /made is not in the cache.*vex repo download/);
  const first = await run(...scan);
  assert.deepEqual(findingsOf(first), others, first.stderr);
  const asked = server.requests.length;
  assert.equal(asked, 2);
  assert.deepEqual(findingsOf(await run(...scan)), others);
  assert.deepEqual(findingsOf(await run(...scan, '--skip-vex-repo-update')), others);
  assert.equal(server.requests.length, asked);
  const forced = await run('vex', 'repo', 'download', '--cache-dir', cache, 'made');
  assert.equal(forced.code, 0, forced.stderr);
  assert.ok(server.requests.length > asked);
  assert.equal((await run('clean', '--vex-repo', '--cache-dir', cache)).code, 0);
  assert.ok(!existsSync(`${cache}/vex`));
});

test('attestations in a registry are used', { skip: noRegistry }, async () => {
  const registry = await realRegistry();
  try {
    const image = await pushImage(registry, 'made/app', '1', { ...alpineImage(), gzip: true });
    const name = `${registry.host}/made/app:1`;
    const scan = ['image', ...offline, '--image-src', 'remote', '--vex', 'oci', '--show-suppressed', name];
    const before = await pratique(scan);
    assert.deepEqual(findingsOf(before), alpineFindings, before.stderr);

    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: { sha256: image.digest.slice('sha256:'.length) } }],
      predicateType: 'https://openvex.dev/ns/v0.2.0',
      predicate: JSON.parse(openVex) as unknown,
    };
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
    const envelope = { payloadType: 'application/vnd.in-toto+json', payload, signatures: [] };
    const type = 'application/vnd.dsse.envelope.v1+json';
    const layer = await registry.pushBlob('made/app', Buffer.from(JSON.stringify(envelope)), type);
    const config = await registry.pushBlob('made/app', Buffer.from('{}'), mediaTypes.ociConfig);
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
    await registry.pushManifest('made/app', `${image.digest.replace(':', '-')}.att`, manifest);
    const ran = await pratique(scan);
    assert.deepEqual(findingsOf(ran), others, ran.stderr);
    assert.match(ran.stdout, /"Source": "VEX attestation in OCI registry \(pkg:oci\/app@sha256/);
  } finally {
    await registry.stop();
  }
});

test('what a bill of materials refers to is used', async () => {
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    externalReferences: [{ type: 'exploitability-statement', url: `${server.origin}/vex.json` }],
    components: [{ type: 'library', name: 'made-parser', version: '1.0.0', purl: 'pkg:npm/made-parser@1.0.0' }],
  };
  writeFileSync(at('bill.json'), JSON.stringify(bill));
  const plain = await pratique(['sbom', ...offline, at('bill.json')]);
  assert.equal(findingsOf(plain).length, 2, plain.stderr);
  const ran = await pratique(['sbom', ...offline, '--vex', 'sbom-ref', at('bill.json')]);
  assert.deepEqual(findingsOf(ran), [], ran.stderr);
  const refused = await pratique(['image', ...offline, '--input', at('image.tar'), '--vex', 'sbom-ref']);
  assertFails(refused, /--vex sbom-ref: it is for CycloneDX documents/);
});

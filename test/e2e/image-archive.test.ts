/** Images in files: archives of `docker save` and OCI layouts, made here and by skopeo. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ImageParts, makeDockerArchive, makeImage, makeOciLayout } from '#artifact/fakes';
import { makeTar } from '#formats/fakes';
import { alpineFindings, alpineImage, writeFiles } from './kit/images.js';
import { pratique } from './kit/program.js';
import { findingsOf, reportOf } from './kit/report.js';
import { skopeo, without } from './kit/tools.js';
import { workplace } from './kit/workplace.js';

const { at, offline } = workplace();
const parts: ImageParts = { ...alpineImage(), gzip: true };
const archive = makeDockerArchive(alpineImage());
writeFileSync(at('plain.tar'), archive);
writeFileSync(at('whole.tar.gz'), gzipSync(archive));
writeFileSync(at('layers.tar'), makeDockerArchive(parts));
writeFiles(at('layout'), makeOciLayout(parts, '1'));
writeFileSync(at('layout.tar'), makeTar([...makeOciLayout(parts, '1')].map(([name, content]) => ({ name, content }))));

for (const name of ['plain.tar', 'whole.tar.gz', 'layers.tar', 'layout', 'layout:1', 'layout.tar']) {
  test(`image --input ${name}`, async () => {
    const ran = await pratique(['image', ...offline, '--input', at(name)]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), alpineFindings);
    const { Metadata, ArtifactName, SchemaVersion } = reportOf(ran);
    assert.equal(SchemaVersion, 2);
    assert.equal(ArtifactName, at(name));
    assert.deepEqual(Metadata?.DiffIDs, makeImage(parts).diffIds);
    assert.equal(Metadata?.OS?.Family, 'alpine');
  });
}

test('each finding names the layer that brought its package', async () => {
  const { diffIds } = makeImage(parts);
  const ran = await pratique(['image', ...offline, '--input', at('plain.tar')]);
  const layers = new Map(
    (reportOf(ran).Results ?? []).flatMap((r) => r.Vulnerabilities ?? []).map((v) => [v.PkgName, v.Layer?.DiffID]),
  );
  assert.equal(layers.get('zlib'), diffIds[0]);
  assert.equal(layers.get('made-parser'), diffIds[1]);
});

test('what a higher layer removed is not found', async () => {
  const removed: ImageParts = {
    layers: [...parts.layers, [{ name: 'app/node_modules/.wh.made-parser', content: '' }]],
  };
  writeFileSync(at('removed.tar'), makeDockerArchive(removed));
  const ran = await pratique(['image', ...offline, '--input', at('removed.tar')]);
  assert.deepEqual(findingsOf(ran), ['CVE-2099-0001 zlib', 'CVE-2099-0002 busybox']);
});

const copies: readonly (readonly [string, ...string[]])[] = [
  ['docker-archive:COPY.tar:made/app:1'],
  ['oci:COPY:1', '--dest-compress'],
  ['oci:COPY:1', '--dest-compress', '--dest-compress-format=zstd'],
  ['oci:COPY:1', '--dest-decompress'],
  ['oci-archive:COPY.tar:1'],
  ['oci-archive:COPY.tar:1', '--dest-compress-format=zstd'],
];
const skip = without('skopeo');
for (const [i, [destination, ...options]] of copies.entries()) {
  test(`a copy by skopeo: ${[destination, ...options].join(' ')}`, { skip }, async () => {
    const place = at(`copy-${i}`);
    skopeo(`oci:${at('layout')}:1`, destination.replace('COPY', place), ...options);
    const input = destination.includes('.tar') ? `${place}.tar` : place;
    const ran = await pratique(['image', ...offline, '--input', input]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(findingsOf(ran), alpineFindings);
  });
}

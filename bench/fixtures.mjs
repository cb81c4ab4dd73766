// Makes what the benchmark scans, once, below .cache/bench: layers plain and compressed, an archive, a database.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeBolt } from '../dist/advisories/index.js';
import { makeTar } from '../dist/formats/fakes/index.js';
import { makeBill } from './bill.mjs';
import { alpineFiles, debianFiles } from './images.mjs';

/** Raise it when images.mjs, content.mjs or bill.mjs makes other bytes, or the database changes. */
const REVISION = 5;

export async function makeFixtures(root) {
  const folder = join(root, '.cache/bench', `v${REVISION}`);
  const done = join(folder, 'done.json');
  if (existsSync(done)) return { folder, ...JSON.parse(readFileSync(done, 'utf8')) };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'cache/db'), { recursive: true });
  const images = {
    alpine: await makeImage(folder, 'alpine', alpineFiles()),
    debian: await makeImage(folder, 'debian', debianFiles()),
  };
  await writeArchive(folder, images.debian);
  const database = makeDatabase(root, join(folder, 'cache/db'));
  mkdirSync(join(folder, 'cache-found/db'), { recursive: true });
  writeMadeDatabase(join(folder, 'cache-found/db'));
  writeFileSync(join(folder, 'bill.cdx.json'), makeBill());
  writeFileSync(done, JSON.stringify({ images, database }));
  return { folder, images, database };
}

async function makeImage(folder, name, files) {
  const layer = join(folder, `${name}.layer.tar`);
  const hash = createHash('sha256');
  const out = openSync(layer, 'w');
  const write = (bytes) => {
    writeSync(out, bytes);
    hash.update(bytes);
  };
  for (const item of files) write(makeTar([item]).subarray(0, -1024));
  write(Buffer.alloc(1024));
  closeSync(out);
  const diffId = `sha256:${hash.digest('hex')}`;
  const compressed = `${layer}.gz`;
  await pipeline(createReadStream(layer), createGzip(), createWriteStream(compressed));
  const config = {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    history: [{ created_by: 'bench' }],
    rootfs: { type: 'layers', diff_ids: [diffId] },
  };
  return {
    name,
    layer: basename(layer),
    compressed: basename(compressed),
    digest: `sha256:${await digestOfFile(compressed)}`,
    size: statSync(compressed).size,
    expanded: statSync(layer).size,
    config: JSON.stringify(config),
  };
}

async function digestOfFile(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** As `docker save` writes it, by appending the layer to a tar that lacks only it. */
async function writeArchive(folder, { layer: name, config, expanded }) {
  const layer = join(folder, name);
  const id = createHash('sha256').update(config).digest('hex');
  const manifest = [{ Config: `${id}.json`, RepoTags: ['bench/debian:12'], Layers: ['layer/layer.tar'] }];
  const items = [
    { name: `${id}.json`, content: config },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ];
  const path = join(folder, 'debian.tar');
  writeFileSync(path, makeTar([...items, { name: 'layer/layer.tar', size: expanded }]).subarray(0, -1024));
  await pipeline(createReadStream(layer), createWriteStream(path, { flags: 'a' }));
  appendFileSync(path, Buffer.alloc(1024));
  rmSync(layer);
}

const times = { Version: 2, NextUpdate: '2036-01-01T00:00:00Z', UpdatedAt: '2026-01-01T00:00:00Z' };

/** The recorded database where it lies beside the project, as the reference had it, else the made one. */
function makeDatabase(root, folder) {
  writeFileSync(join(folder, 'metadata.json'), JSON.stringify({ ...times, DownloadedAt: times.UpdatedAt }));
  const recorded = join(root, '../shared/parity/dbs/real.db.xz');
  const path = join(folder, 'trivy.db');
  if (existsSync(recorded)) {
    const out = openSync(path, 'w');
    const { status } = spawnSync('xz', ['-dc', recorded], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    if (status === 0) return 'recorded';
  }
  writeMadeDatabase(folder);
  return 'made';
}

/** Of about the size of the public database for one distribution, with about nine hundred findings in the Debian image. */
function writeMadeDatabase(folder) {
  writeFileSync(join(folder, 'metadata.json'), JSON.stringify({ ...times, DownloadedAt: times.UpdatedAt }));
  const json = (value) => Buffer.from(JSON.stringify(value));
  const id = (i) => `CVE-2099-${String(i).padStart(5, '0')}`;
  const bucket = (packages, each, advisory) =>
    Array.from({ length: packages }, (_, p) => [
      `made${String(p).padStart(3, '0')}`,
      Array.from({ length: each }, (_, i) => id((p * 31 + i * 17) % DETAILS))
        .toSorted()
        .map((key, i) => [key, json(advisory(i))]),
    ]);
  const details = Array.from({ length: DETAILS }, (_, i) => [id(i), json(detailsOf(i))]);
  writeBolt(join(folder, 'trivy.db'), [
    [
      'alpine 3.11',
      [
        ['busybox', [[id(1), json({ FixedVersion: '1.31.1-r9' })]]],
        ...bucket(900, 6, () => ({ FixedVersion: '9.0-r1' })),
      ],
    ],
    [
      'data-source',
      [['debian 12', json({ ID: 'debian', Name: 'Debian Security Tracker', URL: 'https://example.org' })]],
    ],
    // Three open or fixed later than what is installed, the others long since fixed.
    ['debian 12', bucket(3000, 12, (i) => (i === 0 ? {} : { FixedVersion: i < 3 ? '9.0-1' : '0.9-1' }))],
    ['vulnerability', details],
  ]);
}

const DETAILS = 20_000;

const detailsOf = (i) => ({
  Title: `Made-up weakness ${i}`,
  Description: `What is wrong is told here in some sentences of number ${i}. `.repeat(8),
  CweIDs: ['CWE-79'],
  VendorSeverity: { nvd: 1 + (i % 4), debian: 1 + (i % 3) },
  CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8 } },
  References: Array.from({ length: 6 }, (_, r) => `https://example.org/advisories/${i}/${r}`),
  PublishedDate: '2026-01-01T00:00:00Z',
  LastModifiedDate: '2026-02-01T00:00:00Z',
});

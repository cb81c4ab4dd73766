/** A vulnerability database from made-up advisories: in a cache directory, and as the artifact that registries hold. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeBolt } from '#advisories';
import type { BoltTree } from '#formats';
import { makeTar } from '#formats/fakes';
import { mediaTypes } from '#oci';
import type { RealRegistry } from '../../fakes/real-registry.js';

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const kubernetes = 'k8s::Official Kubernetes CVE Feed';
const npm = 'npm::GitHub Security Advisory npm';

const alpineOf = ({ later = [] }: Content) => [
  ...(later.includes('advisory') ? [['musl', [['CVE-2099-0009', json({ FixedVersion: '1.2.5-r0' })]]] as const] : []),
  ['busybox', [['CVE-2099-0002', json({})]]] as const,
  ['zlib', [['CVE-2099-0001', json({ FixedVersion: '1.3.1-r0' })]]] as const,
];

const details = (title: string, severity: number): Uint8Array =>
  json({ Title: title, VendorSeverity: { nvd: severity }, References: ['https://example.org'] });

/** What was published since: another advisory, about musl; a list of what is known to be exploited. */
export interface Content {
  readonly later?: readonly ('advisory' | 'exploited')[];
}

const treeOf = (content: Content) => [
  ...(content.later?.includes('exploited') ? [['KEV', [['CVE-2099-0003', json({ DateAdded: '2099-01-01' })]]]] : []),
  ['alpine 3.23', alpineOf(content)],
  ['alpine 3.9', alpineOf(content)],
  [
    npm,
    [
      [
        'made-parser',
        [
          ['CVE-2099-0003', json({ VulnerableVersions: ['<1.2.0'], PatchedVersions: ['1.2.0'] })],
          ['CVE-2099-0004', json({ VulnerableVersions: ['<=1.0.0'] })],
        ],
      ],
    ],
  ],
  [
    kubernetes,
    [['k8s.io/kubelet', [['CVE-2099-0005', json({ VulnerableVersions: ['<99.0.0'], PatchedVersions: ['99.0.0'] })]]]],
  ],
  [
    'vulnerability',
    [
      ['CVE-2099-0001', details('zlib: out of its bounds', 3)],
      ['CVE-2099-0002', details('busybox: reads too far', 1)],
      ['CVE-2099-0003', details('made-parser: runs what it parses', 4)],
      ['CVE-2099-0004', details('made-parser: never ends', 2)],
      ['CVE-2099-0005', details('kubelet: lets anybody in', 3)],
      ['CVE-2099-0009', details('musl: forgets its bounds', 4)],
    ],
  ],
  [
    'data-source',
    [
      ['alpine 3.23', json({ ID: 'alpine', Name: 'Alpine Secdb', URL: 'https://secdb.alpinelinux.org/' })],
      [kubernetes, json({ ID: 'k8s', Name: 'Official Kubernetes CVE Feed', URL: 'https://kubernetes.io/' })],
      [npm, json({ ID: 'ghsa', Name: 'GitHub Security Advisory npm', URL: 'https://github.com/advisories' })],
    ],
  ],
];

const day = 86_400_000;

export interface Times extends Content {
  /** Days before now. */
  readonly age?: number;
  readonly version?: number;
  /** Days before now; 0, now, unless said otherwise; `Infinity` for never. */
  readonly downloaded?: number;
}

/** Metadata of a database that is replaced daily. */
export function metadataOf({ age = 0, version = 2, downloaded = 0 }: Times = {}): string {
  const at = (days: number): string =>
    days === Infinity ? '0001-01-01T00:00:00Z' : new Date(Date.now() - days * day).toISOString();
  return JSON.stringify({
    Version: version,
    NextUpdate: at(age - 1),
    UpdatedAt: at(age),
    DownloadedAt: at(downloaded),
  });
}

/** Puts the database into a cache directory, and returns its path. */
export function writeDatabase(cacheDir: string, times: Times = {}): string {
  const path = join(cacheDir, 'db/trivy.db');
  mkdirSync(join(cacheDir, 'db'), { recursive: true });
  writeBolt(path, treeOf(times) as BoltTree);
  writeFileSync(join(cacheDir, 'db/metadata.json'), metadataOf(times));
  return path;
}

export interface Published extends Times {
  /** In the place of the layer's bytes. */
  readonly layer?: Uint8Array;
  readonly mediaType?: string;
}

/** Pushes it the way the published ones are made: one layer with a title. */
export async function publishDatabase(
  registry: RealRegistry,
  scratch: string,
  name: string,
  published: Published = {},
): Promise<string> {
  const database = readFileSync(writeDatabase(scratch, published));
  const files = [
    { name: 'trivy.db', content: database },
    { name: 'metadata.json', content: metadataOf({ downloaded: Infinity, ...published }) },
  ];
  const layer = published.layer ?? gzipSync(makeTar(files));
  const layerType = published.mediaType ?? 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip';
  const descriptor = await registry.pushBlob(name, layer, layerType);
  const config = await registry.pushBlob(name, Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
  await registry.pushManifest(name, '2', {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/vnd.aquasec.trivy.config.v1+json',
    config,
    layers: [{ ...descriptor, annotations: { 'org.opencontainers.image.title': 'db.tar.gz' } }],
  });
  return `${registry.host}/${name}:2`;
}

/** The images that the tests scan: an Alpine with a Node.js application in a second layer, and variants of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageParts } from '#artifact/fakes';

type Layers = ImageParts['layers'];

const record = (name: string, version: string): string =>
  `C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:${name}\nV:${version}\nA:x86_64\nS:1\nI:1\nT:${name}\nL:MIT\no:${name}\n`;

const alpineLayer = (release: string): Layers[number] => [
  { name: 'etc/' },
  { name: 'etc/os-release', content: `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}.0\n` },
  { name: 'etc/alpine-release', content: `${release}.0\n` },
  {
    name: 'lib/apk/db/installed',
    content: [record('busybox', '1.36.1-r0'), record('musl', '1.2.4-r0'), record('zlib', '1.3.0-r0')].join('\n') + '\n',
  },
];

const nodeLayer: Layers[number] = [
  {
    name: 'app/node_modules/made-parser/package.json',
    content: '{"name":"made-parser","version":"1.0.0","license":"MIT"}',
  },
  { name: 'app/node_modules/made-tool/package.json', content: '{"name":"made-tool","version":"2.0.0"}' },
];

export const alpineImage = (release = '3.23', config: ImageParts['config'] = {}): ImageParts => ({
  layers: [alpineLayer(release), nodeLayer],
  config,
  repoTags: ['made/app:1'],
});

/** Of no known distribution. */
export const plainImage: ImageParts = { layers: [nodeLayer] };

/** What `alpineImage` has, by the database of `database.ts`. */
export const alpineFindings = [
  'CVE-2099-0001 zlib',
  'CVE-2099-0002 busybox',
  'CVE-2099-0003 made-parser',
  'CVE-2099-0004 made-parser',
];

/** The files of a layer as a tree on disk. */
export function writeTree(folder: string, layers: Layers): void {
  for (const { name, content } of layers.flat()) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** An OCI layout as a directory. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

// Makes examples/example-image.tar (or the file named as argument), an archive as of `docker save`, from facts: what
// an old Alpine Linux, a Python and a Node.js application would list as installed. Nothing in it runs. The same bytes every time.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = resolve(process.argv[2] ?? fileURLToPath(new URL('../examples/example-image.tar', import.meta.url)));

const alpine = [
  // Name, version, origin, license.
  ['alpine-baselayout', '3.2.0-r3', 'alpine-baselayout', 'GPL-2.0-only'],
  ['busybox', '1.31.1-r8', 'busybox', 'GPL-2.0-only'],
  ['libcrypto1.1', '1.1.1d-r2', 'openssl', 'OpenSSL'],
  ['libssl1.1', '1.1.1d-r2', 'openssl', 'OpenSSL'],
  ['musl', '1.1.24-r0', 'musl', 'MIT'],
  ['sqlite-libs', '3.30.1-r0', 'sqlite', 'blessing'],
  ['zlib', '1.2.11-r3', 'zlib', 'Zlib'],
];
const python = [
  ['aiohttp', '3.9.0', 'Apache-2.0'],
  ['Django', '4.2.11', 'BSD-3-Clause'],
  ['sqlparse', '0.5.0', 'BSD-3-Clause'],
  ['urllib3', '2.0.5', 'MIT'],
  ['Werkzeug', '3.0.0', 'BSD-3-Clause'],
];
const node = [
  ['https-proxy-agent', '2.2.0', 'MIT'],
  ['jquery', '3.3.1', 'MIT'],
  ['lodash', '4.17.4', 'MIT'],
  ['ms', '2.1.3', 'MIT'],
];

const base = tar([
  ['etc/alpine-release', '3.11.2\n'],
  [
    'etc/os-release',
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.11.2\nPRETTY_NAME="Alpine Linux v3.11"\nHOME_URL="https://alpinelinux.org/"\n',
  ],
  [
    'lib/apk/db/installed',
    alpine
      .map(([name, version, origin, license]) => `P:${name}\nV:${version}\nA:x86_64\nL:${license}\no:${origin}\n\n`)
      .join(''),
  ],
]);
const application = tar([
  ...python.map(([name, version, license]) => [
    `usr/lib/python3.8/site-packages/${name}-${version}.dist-info/METADATA`,
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: ${license}\n`,
  ]),
  ...node.map(([name, version, license]) => [
    `srv/shop/node_modules/${name}/package.json`,
    `${JSON.stringify({ name, version, license }, null, 2)}\n`,
  ]),
]);

mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, image([base, application], 'example/shop:1.0'));
console.error(`wrote ${target}`);

/** https://github.com/moby/docker-image-spec/blob/main/spec.md */
function image(layers, tag) {
  const configuration = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '2020-01-18T00:00:00Z',
    config: { Env: ['PATH=/usr/bin:/bin'], Cmd: ['/bin/sh'] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${digest(layer)}`) },
    history: layers.map(() => ({ created: '2020-01-18T00:00:00Z', created_by: 'example' })),
  });
  const names = layers.map((layer) => `${digest(layer)}/layer.tar`);
  const config = `${digest(configuration)}.json`;
  const manifest = JSON.stringify([{ Config: config, RepoTags: [tag], Layers: names }]);
  return tar([[config, configuration], ...layers.map((layer, i) => [names[i], layer]), ['manifest.json', manifest]]);
}

/** ustar; names of up to 100 bytes. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
function tar(files) {
  const blocks = files.flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\u00000000000\u00000000000\u0000', 100);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\u0000${'0'.repeat(11)}\u0000        0`, 124);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
    return [header, bytes, Buffer.alloc(-bytes.length & 511)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}

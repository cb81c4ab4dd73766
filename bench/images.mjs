// Two made-up images: a small Alpine of 15 packages, and a Debian of 307 packages in one layer of 514 MB.
import { Content } from './content.mjs';

const alpinePackages = [
  ['alpine-baselayout', '3.2.0-r3'],
  ['alpine-keys', '2.1-r2'],
  ['apk-tools', '2.10.4-r3'],
  ['busybox', '1.31.1-r8'],
  ['ca-certificates-cacert', '20190108-r0'],
  ['libc-utils', '0.7.2-r0'],
  ['libcrypto1.1', '1.1.1d-r2', 'openssl'],
  ['libssl1.1', '1.1.1d-r2', 'openssl'],
  ['libtls-standalone', '2.9.1-r0'],
  ['musl', '1.1.24-r0'],
  ['musl-utils', '1.1.24-r0', 'musl'],
  ['scanelf', '1.2.4-r0', 'pax-utils'],
  ['sqlite-libs', '3.30.1-r1', 'sqlite'],
  ['ssl_client', '1.31.1-r8', 'busybox'],
  ['zlib', '1.2.11-r3'],
];

/** Entries of the one layer, in order. */
export function* alpineFiles() {
  const content = new Content();
  yield { name: 'etc/alpine-release', content: '3.11.3\n' };
  yield {
    name: 'etc/os-release',
    content: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.11.3\nPRETTY_NAME="Alpine Linux v3.11"\n',
  };
  yield { name: 'etc/apk/repositories', content: 'https://dl-cdn.alpinelinux.org/alpine/v3.11/main\n' };
  const records = [];
  for (const [name, version, origin = name] of alpinePackages) {
    const files = [];
    for (let i = 0; i < 6; i++) {
      const path = `usr/lib/${name}/part-${i}`;
      files.push(`R:part-${i}\na:0:0:755\nZ:Q1${content.bytes(15, 1).toString('base64').slice(0, 27)}=`);
      if (i > 0) yield { name: path, content: content.bytes(content.number(20_000)) };
      else {
        const size = name === 'libcrypto1.1' ? 2_800_000 : 120_000 + content.number(250_000);
        yield { name: path, mode: 0o755, content: Buffer.concat([elf, content.bytes(size)]) };
      }
    }
    const checksum = content.bytes(15, 1).toString('base64');
    records.push(
      `C:Q1${checksum}=\nP:${name}\nV:${version}\nA:x86_64\nS:40000\nI:90000\nT:${name}\nU:https://${name}.test\nL:MIT\no:${origin}\nF:usr/lib/${name}\n${files.join('\n')}\n`,
    );
  }
  yield { name: 'lib/apk/db/installed', content: `${records.join('\n')}\n` };
}

const elf = Buffer.from('7f454c4602010100000000000000000003003e0001000000', 'hex');
const DEBIAN_PACKAGES = 307;
const DEBIAN_SIZE = 514e6;

export function* debianFiles() {
  const content = new Content();
  yield {
    name: 'usr/lib/os-release',
    content: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  };
  yield { name: 'etc/os-release', flag: '2', link: '../usr/lib/os-release' };
  yield { name: 'etc/debian_version', content: '12.5\n' };
  const status = [];
  const share = DEBIAN_SIZE / DEBIAN_PACKAGES;
  for (let i = 0; i < DEBIAN_PACKAGES; i++) {
    const name = `${i % 3 === 0 ? 'lib' : ''}made${String(i).padStart(3, '0')}${i % 5 === 0 ? '-dev' : ''}`;
    const version = `${1 + (i % 4)}.${i % 30}.${i % 7}-${1 + (i % 9)}+deb12u${i % 5}`;
    status.push(paragraph(name, version, i));
    const sums = [];
    for (const item of packageFiles(name, share, content)) {
      if (!item.flag) sums.push(`${content.bytes(16, 1).toString('hex')}  ${item.name}\n`);
      yield item;
    }
    const info = `var/lib/dpkg/info/${name}`;
    yield { name: `${info}.md5sums`, content: sums.join('') };
    yield { name: `${info}.list`, content: sums.map((line) => `/${line.slice(34)}`).join('') };
  }
  yield { name: 'var/lib/dpkg/status', content: status.join('\n') };
  for (const name of ['one', 'two', 'three']) {
    yield {
      name: `usr/lib/python3/dist-packages/made_${name}-1.2.3.dist-info/METADATA`,
      content: `Metadata-Version: 2.1\nName: made-${name}\nVersion: 1.2.3\nLicense: MIT\n`,
    };
  }
}

const paragraph = (name, version, i) =>
  `Package: ${name}
Status: install ok installed
Priority: optional
Section: libs
Installed-Size: ${1000 + i}
Maintainer: Made Up <nobody@example.org>
Architecture: amd64
Multi-Arch: same
Source: made${String(i - (i % 2)).padStart(3, '0')}
Version: ${version}
Depends: libmade000-dev (>= 1.0), libmade${String((i * 7) % 300).padStart(3, '0')} | made001
Description: package number ${i}
 It holds made-up files, and is described in
 more than one line, as they all are.
Homepage: https://example.org/${name}
`;

/** About 45 files of `total` bytes: a library and a program take the most of them. */
function* packageFiles(name, total, content) {
  yield { name: `usr/share/doc/${name}/` };
  yield {
    name: `usr/share/doc/${name}/copyright`,
    content: `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: ${name}\n\nFiles: *\nCopyright: 2020 Nobody\nLicense: ${content.number(2) ? 'MIT' : 'GPL-2+'}\n\nLicense: BSD-3-clause\n Text.\n`,
  };
  yield { name: `usr/share/doc/${name}/changelog.Debian.gz`, content: content.bytes(3000, 1) };
  yield {
    name: `usr/lib/x86_64-linux-gnu/lib${name}.so.1`,
    content: Buffer.concat([elf, content.bytes(Math.floor(total * 0.5))]),
  };
  yield { name: `usr/lib/x86_64-linux-gnu/lib${name}.so`, flag: '2', link: `lib${name}.so.1` };
  yield {
    name: `usr/bin/${name}`,
    mode: 0o755,
    content: Buffer.concat([elf, content.bytes(Math.floor(total * 0.2))]),
  };
  yield { name: `opt/${name}/` };
  const rest = (total * 0.3 - 20_000) / 38;
  for (let i = 0; i < 38; i++) {
    const size = Math.floor(rest / 2 + content.number(rest));
    yield { name: `opt/${name}/part-${i}.txt`, content: content.bytes(size) };
  }
}

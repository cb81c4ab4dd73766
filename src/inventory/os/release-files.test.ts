import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperatingSystem } from '#model';
import type { Extractor } from '../extractor.js';
import { alpineRelease } from './alpine-release.js';
import { amazonRelease } from './amazon-release.js';
import { apkRepositories } from './apk-repositories.js';
import { debianVersion } from './debian-version.js';
import { assertSurvivesFlips, extractSystem } from './extract-system.test.kit.js';
import { lsbRelease } from './lsb-release.js';
import { osRelease } from './os-release.js';
import { rapidfort } from './rapidfort.js';
import { redhatContentManifest } from './redhat-content-manifest.js';
import { redhatDockerfile } from './redhat-dockerfile.js';
import { redhatRelease } from './redhat-release.js';
import { ubuntuAdvantage } from './ubuntu-advantage.js';

type Told = string | OperatingSystem | undefined;
const os = 'etc/os-release';

/** Extractor, path, content, `family version` or the whole. */
const vectors: readonly (readonly [Extractor, string, string, Told])[] = [
  [osRelease, os, 'ID=alpine\nVERSION_ID=3.19.1\n', 'alpine 3.19.1'],
  [osRelease, 'usr/lib/os-release', 'NAME="Rocky Linux"\r\nID="rocky"\r\nVERSION_ID="9.3"\r\n', 'rocky 9.3'],
  [osRelease, os, "ID='rhel'\nVERSION_ID='8.9'", 'redhat 8.9'],
  [osRelease, os, 'ID=centos\nVERSION_ID=9\nNAME="CentOS Stream"', 'centos-stream 9'],
  [osRelease, os, 'ID=centos\nVERSION_ID=7\nNAME="CentOS Linux"', 'centos 7'],
  [osRelease, os, 'ID=opensuse\nVERSION_ID=15.6', 'opensuse-leap 15.6'],
  [osRelease, os, 'ID=sle-micro-rancher\nVERSION_ID=5.5', 'slem 5.5'],
  [osRelease, os, 'ID=mariner\nVERSION_ID=2.0.20240101', 'cbl-mariner 2.0.20240101'],
  [osRelease, os, '#ID=alpine\nVERSION_ID=3\nID=debian', undefined],
  [osRelease, os, 'ID=__proto__\nVERSION_ID=3', undefined],
  [osRelease, os, 'ID=linuxmint\nID_LIKE=ubuntu\nVERSION_ID=21', undefined],
  [alpineRelease, 'etc/alpine-release', '3.18.4\nmore', 'alpine 3.18.4'],
  [debianVersion, 'etc/debian_version', 'trixie/sid\n', 'debian trixie/sid'],
  [lsbRelease, 'etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\n', 'ubuntu 24.04'],
  [lsbRelease, 'etc/lsb-release', 'DISTRIB_RELEASE=24.04\nDISTRIB_ID=Ubuntu\n', undefined],
  [lsbRelease, 'etc/lsb-release', 'DISTRIB_ID=LinuxMint\nDISTRIB_RELEASE=21', undefined],
  [redhatRelease, 'etc/redhat-release', 'Red Hat Enterprise Linux release 8.6 (Ootpa)', 'redhat 8.6'],
  [redhatRelease, 'etc/redhat-release', 'Oracle Linux Server release 7.9', 'oracle 7.9'],
  [redhatRelease, 'etc/redhat-release', 'AlmaLinux release 9.3 (Shamrock)', 'alma 9.3'],
  [redhatRelease, 'etc/redhat-release', 'Scientific Linux release 7.9 (Nitrogen)', 'redhat 7.9'],
  [redhatRelease, 'etc/centos-release', 'CentOS Linux release 8.4.2105', 'centos 8.4.2105'],
  [redhatRelease, 'etc/centos-release', 'CentOS Stream release 9', undefined],
  [redhatRelease, 'etc/rocky-release', 'Rocky Linux release 8.5 (Green Obsidian)', 'rocky 8.5'],
  [redhatRelease, 'usr/lib/fedora-release', 'Fedora release 40 (Forty)', 'fedora 40'],
  [amazonRelease, 'etc/system-release', 'Amazon Linux AMI release 2018.03', 'amazon AMI release 2018.03'],
  [amazonRelease, 'etc/system-release', 'Amazon Linux release 2 (Karoo)', 'amazon 2 (Karoo)'],
  [
    amazonRelease,
    'usr/lib/system-release',
    'Amazon Linux release 2023.3 (Amazon Linux)',
    'amazon 2023.3 (Amazon Linux)',
  ],
  [amazonRelease, 'etc/system-release', 'CentOS Linux release 7.9', undefined],
  [rapidfort, 'usr/share/rapidfort/curated.json', '', { family: '', name: '', supplier: 'rapidfort' }],
  [
    ubuntuAdvantage,
    'var/lib/ubuntu-advantage/status.json',
    '{"services": [null, {"name": "esm-apps", "status": "disabled"}, {"name": "esm-infra", "status": "enabled"}]}',
    { family: 'ubuntu', name: '', extended: true },
  ],
  [ubuntuAdvantage, 'var/lib/ubuntu-advantage/status.json', '{"services": [{"name": "esm-infra"}]}', undefined],
];

for (const [extractor, path, content, told] of vectors) {
  test(`${path}: ${content.replace(/\s+/g, ' ').slice(0, 60)}`, async () => {
    const { found } = await extractSystem(extractor, { [path]: content });
    const [extraction] = found;
    const text = extraction?.os && `${extraction.os.family} ${extraction.os.name}`;
    if (typeof told === 'object') assert.deepEqual(extraction?.os, told);
    else assert.equal(text, told);
  });
}

test('a release file without a version is told, not passed over', async () => {
  for (const [extractor, path, content] of [
    [osRelease, 'etc/os-release', 'ID=alpine\nVERSION_ID=\n'],
    [alpineRelease, 'etc/alpine-release', '\n3.18'],
    [debianVersion, 'etc/debian_version', ''],
    [redhatRelease, 'etc/redhat-release', 'Red Hat Enterprise Linux'],
  ] as const) {
    assert.deepEqual(await extractSystem(extractor, { [path]: content }), { found: [], reports: ['no-version'] });
  }
});

const repositories: readonly (readonly [string, string | undefined])[] = [
  ['https://dl-cdn.alpinelinux.org/alpine/v3.19/main\nhttps://x/alpine/v3.20/community\n', 'alpine 3.20'],
  ['https://x/alpine/v3.9/main\nhttps://x/alpine/v3.10/main', 'alpine 3.10'],
  ['http://x/alpine/v3.19/main\nftp://x/alpine/edge/testing\nhttp://x/alpine/v3.20/main', 'alpine edge'],
  ['/media/cdrom/apks', undefined],
  ['', undefined],
];

for (const [content, told] of repositories) {
  test(`repositories: ${content.replace(/\s+/g, ' ')}`, async () => {
    const { found } = await extractSystem(apkRepositories, { 'etc/apk/repositories': content });
    const repository = found[0]?.repository;
    assert.equal(repository && `${repository.family} ${repository.release}`, told);
  });
}

test('repositories of two distributions are told', async () => {
  const content = 'https://x/alpine/v3.19/main\nhttps://x/wolfi/v1/os';
  const { found, reports } = await extractSystem(apkRepositories, { 'etc/apk/repositories': content });
  assert.deepEqual([found, reports], [[], ['mixed-distributions:2']]);
});

test('content manifests', async () => {
  const path = 'root/buildinfo/content_manifests/ubi9.json';
  const of = (content: string) => extractSystem(redhatContentManifest, { [path]: content });
  assert.deepEqual((await of('{"content_sets": ["a", 1, "b"]}')).found, [{ buildInfo: { contentSets: ['a', 'b'] } }]);
  assert.deepEqual((await of('{}')).reports, ['no-content-sets']);
  for (const content of ['', '[', 'null', '3']) await assert.rejects(of(content), { name: 'FormatError' });
});

const buildOf = async (content: string, name = 'Dockerfile-synth-9.4-1234') =>
  (await extractSystem(redhatDockerfile, { [`root/buildinfo/${name}`]: content })).found[0]?.buildInfo;

test('build Dockerfiles', async () => {
  const nvr = 'synth-container-9.4-1234';
  assert.deepEqual(await buildOf('FROM x\nLABEL com.redhat.component="synth-container" architecture="x86_64"'), {
    nvr,
    arch: 'x86_64',
  });
  assert.deepEqual(await buildOf('label BZcomponent=synth-container \\\n  "Architecture"=s390x\n'), {
    nvr,
    arch: 's390x',
  });
  assert.deepEqual(await buildOf("LABEL com.redhat.component 'synth-container'"), { nvr });
  assert.equal(await buildOf('LABEL architecture=x86_64'), undefined);
  assert.equal(await buildOf('LABEL com.redhat.component=x', 'Dockerfile-none'), undefined);
});

test('damaged release files', async () => {
  const manifest = 'root/buildinfo/content_manifests/a.json';
  const dockerfile = 'root/buildinfo/Dockerfile-a-1-2';
  await assertSurvivesFlips(redhatContentManifest, manifest, { [manifest]: '{"content_sets": ["a", "b"]}' });
  await assertSurvivesFlips(redhatDockerfile, dockerfile, {
    [dockerfile]: 'LABEL com.redhat.component="x" a=b \\\n c=d',
  });
  for (const [extractor, path, content] of vectors) await assertSurvivesFlips(extractor, path, { [path]: content });
});

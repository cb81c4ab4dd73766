import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeLookup } from './fakes/fake-lookup.js';
import { fix, matchFake, now, outcome, parse, type Expected, type FakeSystem } from './fakes/fake-system.js';
import { matchInventory } from './match-inventory.js';

const rows: Readonly<Record<string, FakeSystem & Expected>> = {
  'Debian: advisories go by source package and source version, findings by the binary one': {
    os: 'debian 12.5',
    packages: ['libssl3 3.0.11-1~deb12u2 < openssl 3.0.11-1~deb12u2', 'openssl 3.0.14-1 < openssl 3.0.14-1'],
    advisories: { 'debian 12': { openssl: { 'CVE-1': fix('3.0.13-1') }, libssl3: { 'CVE-9': fix('9') } } },
    finds: ['CVE-1 libssl3 3.0.11-1~deb12u2 → 3.0.13-1'],
  },
  'Debian: a rebuild without source change (binNMU) is as old as its source': {
    os: 'debian 12.5',
    packages: ['tool 1.0-2+b1 < tool 1.0-2', 'other 1.0-1+b2 < tool 1.0-1'],
    advisories: { 'debian 12': { tool: { 'CVE-1': fix('1.0-2') } } },
    finds: ['CVE-1 other 1.0-1+b2 → 1.0-2'],
  },
  'Debian: kernel headers are reported with the kernel they come from': {
    os: 'debian 12.5',
    packages: ['linux-libc-dev 6.1.76-1 < linux 6.1.76-1'],
    advisories: { 'debian 12': { linux: { 'CVE-1': fix('6.1.90-1') } } },
    finds: ['CVE-1 linux-libc-dev 6.1.76-1 → 6.1.90-1'],
  },
  'Debian: unfixed ones are reported with the state the tracker gives': {
    os: 'debian 12.5',
    packages: ['bash 5.2-1'],
    advisories: {
      'debian 12': { bash: { 'CVE-1': {}, 'CVE-2': { Status: 5 }, 'CVE-3': { Status: 6 }, 'CVE-4': { Status: 7 } } },
    },
    finds: [
      'CVE-1 bash 5.2-1 affected',
      'CVE-2 bash 5.2-1 will_not_fix',
      'CVE-3 bash 5.2-1 fix_deferred',
      'CVE-4 bash 5.2-1 end_of_life',
    ],
  },
  'Debian: testing has no feed': {
    os: 'debian trixie/sid',
    packages: ['bash 5.2-1'],
    advisories: { 'debian 12': { bash: { 'CVE-1': {} } } },
    finds: [],
    notes: [
      ['match/unknown-release', /trixie\/sid is not a release known/],
      ['match/advisories-missing', /no advisories for debian trixie\/sid: 1 packages were not assessed/],
    ],
  },
  'Debian: versions that do not parse are noted': {
    os: 'debian 12.5',
    packages: ['bash x!y < bash x!y', 'dash 1.0-1'],
    advisories: { 'debian 12': { bash: { 'CVE-1': fix('1.0') }, dash: { 'CVE-2': fix('!'), 'CVE-3': fix('1.0-2') } } },
    finds: ['CVE-3 dash 1.0-1 → 1.0-2'],
    notes: [
      ['match/undetermined-version', /not a valid deb version were not assessed: 1 \(bash x!y\)/],
      ['match/undetermined-advisory', /not a valid deb version were not assessed: 1 \(CVE-2 !\)/],
    ],
  },
  'third-party packages are left out, and counted': {
    os: 'debian 12.5',
    packages: [
      { ...parse('docker-ce 5:24-1'), origin: 'third-party' },
      { ...parse('bash 5.1-1'), origin: 'official' },
    ],
    advisories: { 'debian 12': { 'docker-ce': { 'CVE-1': {} }, bash: { 'CVE-2': fix('5.2') } } },
    finds: ['CVE-2 bash 5.1-1 → 5.2'],
    notes: [['match/third-party', /third-party origin were not assessed, .*Debian.*: 1 \(docker-ce\)/]],
  },
  'EPEL packages are not Rocky ones': {
    os: 'rocky 9.3',
    packages: [{ ...parse('tool 1.0-1.el9'), arch: 'x86_64', origin: 'third-party' }],
    advisories: { 'rocky 9': { tool: { 'CVE-1': { Entries: [{ FixedVersion: '2', Arches: ['x86_64'] }] } } } },
    finds: [],
    notes: [['match/third-party', /Rocky Linux.*: 1 \(tool\)/]],
  },
  'Alpine: origin packages; a fix in version 0 means never affected': {
    os: 'alpine 3.21.2',
    packages: ['ssl_client 1.36.1-r1 < busybox 1.36.1-r1', 'zlib 1.3-r0'],
    advisories: {
      'alpine 3.21': { busybox: { 'CVE-1': fix('1.36.1-r2') }, zlib: { 'CVE-2': fix('0'), 'CVE-3': fix('1.3-r0') } },
    },
    finds: ['CVE-1 ssl_client 1.36.1-r1 → 1.36.1-r2'],
  },
  'Alpine: the repository stream in use counts, not the version': {
    os: 'alpine 3.21.2',
    repository: { family: 'alpine', release: 'edge' },
    packages: ['zlib 1.3-r0'],
    advisories: { 'alpine 3.21': { zlib: { 'CVE-1': fix('2') } }, 'alpine edge': { zlib: { 'CVE-2': fix('3') } } },
    finds: ['CVE-2 zlib 1.3-r0 → 3'],
  },
  'Alpine: not yet affected below the first affected version': {
    os: 'alpine 3.21.2',
    packages: ['zlib 1.3-r0'],
    advisories: {
      'alpine 3.21': {
        zlib: {
          'CVE-1': { FixedVersion: '2', AffectedVersion: '1.4' },
          'CVE-2': { FixedVersion: '2', AffectedVersion: '1.3-r0' },
        },
      },
    },
    finds: ['CVE-2 zlib 1.3-r0 → 2'],
  },
  'Alpine: without origin the source version counts as older than every fix': {
    os: 'alpine 3.21.2',
    packages: [{ name: 'zlib', version: '3-r0' }],
    advisories: {
      'alpine 3.21': {
        zlib: { 'CVE-1': fix('2'), 'CVE-2': fix('0'), 'CVE-3': { FixedVersion: '2', AffectedVersion: '1' } },
      },
    },
    finds: ['CVE-1 zlib 3-r0 → 2'],
  },
  'Wolfi: no release, the binary version counts, unfixed and version 0 are not reported': {
    os: 'wolfi 20230201',
    packages: ['tool-dev 1.0-r1 < tool 0.9-r0'],
    advisories: {
      wolfi: { tool: { 'CVE-1': fix('1.0-r0'), 'CVE-2': fix('1.0-r2'), 'GHSA-3': fix('0'), 'CVE-4': {} } },
    },
    finds: ['CVE-2 tool-dev 1.0-r1 → 1.0-r2'],
  },
  'Ubuntu: extended support has its own advisories, and its builds carry ~esm or +esm': {
    os: { family: 'ubuntu', name: '18.04', extended: true },
    packages: ['bash 4.4-2+esm1', 'curl 7.58-2~esm1', 'git 2.17-1'],
    advisories: {
      'ubuntu 18.04': { bash: { 'CVE-1': {} }, git: { 'CVE-9': {} } },
      'ubuntu 18.04-ESM': {
        bash: { 'CVE-1': fix('4.4-2+esm1') },
        curl: { 'CVE-2': fix('7.58-2+esm1') },
        git: { 'CVE-3': fix('2.17-1+esm1') },
      },
    },
    finds: ['CVE-2 curl 7.58-2~esm1 → 7.58-2+esm1', 'CVE-3 git 2.17-1 → 2.17-1+esm1'],
  },
  'Ubuntu: extended support of a release in ordinary support is the release': {
    os: { family: 'ubuntu', name: '24.04', extended: true },
    packages: ['bash 5.2-1'],
    advisories: { 'ubuntu 24.04': { bash: { 'CVE-1': {} } } },
    finds: ['CVE-1 bash 5.2-1 affected'],
  },
  'AlmaLinux: a module package without label is not an ordinary one; a zero epoch is left out of fixes': {
    os: 'alma 9.3',
    packages: ['nodejs 18.0-1.module_el9.3', 'curl 1-1.el9'],
    advisories: { 'alma 9': { nodejs: { 'CVE-1': fix('99') }, curl: { 'CVE-2': fix('0:2-1.el9') } } },
    finds: ['CVE-2 curl 1-1.el9 → 2-1.el9'],
  },
  'Rocky: entries are per architecture': {
    os: 'rocky 9.3',
    packages: [{ ...parse('curl 1-1.el9'), arch: 'aarch64' }],
    advisories: {
      'rocky 9': {
        curl: {
          'CVE-1': {
            Entries: [
              { FixedVersion: '2', Arches: ['x86_64'] },
              { FixedVersion: '3', Arches: ['aarch64'] },
            ],
          },
          'CVE-2': fix('4'),
        },
      },
    },
    finds: ['CVE-1 curl 1-1.el9 → 3', 'CVE-2 curl 1-1.el9 → 4'],
  },
  'Oracle: FIPS and Ksplice builds have fixes of their own': {
    os: 'oracle 9.2',
    packages: ['a 1-1.el9', 'b 1-1.el9_fips', 'c 1-1.ksplice1.el9'].map((text) => ({ ...parse(text), arch: 'x86_64' })),
    advisories: {
      'Oracle Linux 9': Object.fromEntries(
        ['a', 'b', 'c'].map((name) => [
          name,
          {
            'CVE-1': {
              Entries: ['2-1.el9', '3-1.el9_FIPS', '4-1.ksplice1.el9'].map((FixedVersion) => ({
                FixedVersion,
                Arches: ['x86_64'],
              })),
            },
          },
        ]),
      ),
    },
    finds: [
      'CVE-1 a 1-1.el9 → 2-1.el9',
      'CVE-1 b 1-1.el9_fips → 3-1.el9_FIPS',
      'CVE-1 c 1-1.ksplice1.el9 → 4-1.ksplice1.el9',
    ],
  },
  'Amazon: releases are told from marketing names': {
    os: { family: 'amazon', name: '2023.3.20240122 (Amazon Linux)' },
    packages: ['curl 1-1.amzn2023'],
    advisories: { 'amazon linux 2023': { curl: { 'CVE-1': fix('2-1.amzn2023') } } },
    finds: ['CVE-1 curl 1-1.amzn2023 → 2-1.amzn2023'],
  },
  'Azure Linux: source packages, unfixed included; an rpm without source is noted': {
    os: 'azurelinux 3.0.20240909',
    packages: ['curl-libs 1-1.azl3 < curl 1-1.azl3', { name: 'lone', version: '1' }],
    advisories: { 'Azure Linux 3.0': { curl: { 'CVE-1': {} }, lone: { 'CVE-2': {} } } },
    finds: ['CVE-1 curl-libs 1-1.azl3 affected'],
    notes: [['match/no-source-package', /: 1 \(lone\)/]],
  },
  'Photon: source names, binary versions, unfixed not reported': {
    os: 'photon 5.0',
    packages: ['curl-libs 2-1.ph5 < curl 1-1.ph5'],
    advisories: { 'Photon OS 5.0': { curl: { 'CVE-1': fix('2-1.ph5'), 'CVE-2': fix('0:3-1.ph5'), 'CVE-3': {} } } },
    finds: ['CVE-2 curl-libs 2-1.ph5 → 0:3-1.ph5'],
  },
  'SUSE: notices by service pack': {
    os: 'sles 15.7',
    packages: ['curl 1-150000.1.1'],
    advisories: { 'SUSE Linux Enterprise 15.7': { curl: { 'SUSE-SU-2099:1-1': fix('2-1') } } },
    finds: ['SUSE-SU-2099:1-1 curl 1-150000.1.1 → 2-1'],
  },
  'openSUSE Tumbleweed rolls': {
    os: 'opensuse-tumbleweed 20240101',
    packages: ['curl 1-1'],
    advisories: { 'openSUSE Tumbleweed': { curl: { 'openSUSE-SU-2099:1-1': fix('2-1') } } },
    finds: ['openSUSE-SU-2099:1-1 curl 1-1 → 2-1'],
  },
  'Bottlerocket has one stream': {
    os: 'bottlerocket 1.20.1',
    packages: ['curl 1-1.br1'],
    advisories: { bottlerocket: { curl: { 'CVE-1': fix('2-1.br1') } } },
    finds: ['CVE-1 curl 1-1.br1 → 2-1.br1'],
  },
  'Echo: third-party packages are covered, one bad version does not end the scan, source versions are shown': {
    os: 'echo 1',
    packages: ['bad !! < bad !!', { ...parse('docker 2-1+b1 < docker 2-1'), origin: 'third-party' }],
    advisories: { echo: { bad: { 'CVE-1': fix('9') }, docker: { 'CVE-2': fix('3'), 'CVE-3': fix('!!') } } },
    finds: ['CVE-2 docker 2-1 → 3'],
    notes: [
      ['match/undetermined-version', /1 \(bad !!\)/],
      ['match/undetermined-advisory', /1 \(CVE-3 !!\)/],
    ],
  },
  'key packages of rpm are no software': {
    os: 'alma 9.3',
    packages: ['gpg-pubkey 1-1'],
    advisories: { 'alma 9': { 'gpg-pubkey': { 'CVE-1': fix('2') } } },
    finds: [],
  },
  'Fedora has no feed': {
    os: 'fedora 40',
    packages: ['curl 1-1.fc40'],
    finds: [],
    notes: [['match/unsupported', /published for Fedora Linux 40: 1 packages were not assessed/]],
  },
  'packages of an unknown system are not clean': {
    os: 'none',
    packages: ['curl 1-1'],
    finds: [],
    notes: [['match/unsupported', /not recognised: 1 packages were not assessed/]],
  },
};

for (const [title, row] of Object.entries(rows))
  test(title, () => {
    const { finds, notes } = outcome(row);
    assert.deepEqual(finds, row.finds);
    assert.deepEqual(
      notes.map(([code]) => code),
      (row.notes ?? []).map(([code]) => code),
    );
    for (const [index, [, message]] of (row.notes ?? []).entries()) assert.match(notes[index]![1], message);
  });

for (const [os, supported, endOfLife] of [
  ['alpine 3.10', true, true],
  ['alpine 3.23', true, undefined],
  ['debian 5.0', true, true],
  ['debian 99', true, undefined],
  ['fedora 40', false, undefined],
  ['coreos 40.1', true, undefined],
  ['wolfi 20230201', true, undefined],
] as const)
  test(`${os}: ${supported ? 'supported' : 'unsupported'}${endOfLife ? ', past its end of life' : ''}`, () => {
    const { os: matched } = matchFake({ os, packages: [] });
    // The database of this test knows none of them.
    assert.deepEqual(matched, { supported, assessed: false, ...(endOfLife && { endOfLife }), vulnerabilities: [] });
  });

test('a system that the database knows is assessed', () => {
  const lookup = fakeLookup({ advisories: { 'alpine 3.20': { curl: { 'CVE-1': fix('9-r0') } } } });
  const inventory = { os: { family: 'alpine', name: '3.20.1' }, packages: [], applications: [], diagnostics: [] };
  const options = { now, packageTypes: ['os'], severitySources: ['auto'] } as const;
  assert.equal(matchInventory(inventory, lookup, options).os?.assessed, true);
});

test('system packages without a system are an unknown system; without either there is none', () => {
  const options = { now, packageTypes: ['os', 'library'], severitySources: ['auto'] } as const;
  const without = { applications: [], diagnostics: [] };
  const lone = matchInventory({ ...without, packages: [parse('curl 1')] }, fakeLookup({}), options);
  assert.equal(lone.os?.supported, false);
  assert.deepEqual(
    lone.diagnostics.map(({ code }) => code),
    ['match/unsupported'],
  );
  assert.deepEqual(matchInventory({ ...without, packages: [] }, fakeLookup({}), options), {
    applications: [],
    diagnostics: [],
  });
});

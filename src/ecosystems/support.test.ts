import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseOf } from './distribution.js';
import { distributionOf } from './distributions.js';
import { bucketOf, supportOf } from './support.js';

/** Family, version (`+` after it: extended support), day; bucket, and state of support. */
const rows: readonly (readonly [family: string, version: string, day: string, bucket: string, state: string])[] = [
  ['alma', '9.3', '2026-01-01', 'alma 9', 'supported'],
  ['alpine', '3.20.1', '2026-04-01', 'alpine 3.20', 'supported'],
  ['alpine', '3.20.1', '2026-04-02', 'alpine 3.20', 'ended'],
  ['alpine', 'edge', '2026-04-02', 'alpine edge', 'supported'],
  ['alpine', '3.99.0', '2026-04-02', 'alpine 3.99', 'unknown'],
  ['amazon', 'AMI release 2018.03', '2026-01-01', 'amazon linux 1', 'ended'],
  ['amazon', '2 (Karoo)', '2026-01-01', 'amazon linux 2', 'supported'],
  ['amazon', '2022 (Amazon Linux)', '2026-01-01', 'amazon linux 2022', 'unknown'],
  ['amazon', '', '2026-01-01', 'amazon linux 1', 'ended'],
  ['azurelinux', '3.0.20240909', '2026-01-01', 'Azure Linux 3.0', 'supported'],
  ['cbl-mariner', '2.0.20240101', '2026-01-01', 'CBL-Mariner 2.0', 'supported'],
  ['bottlerocket', '1.20.1', '2026-01-01', 'bottlerocket', 'supported'],
  ['centos', '8.4.2105', '2021-12-31', 'Red Hat', 'supported'],
  ['centos', '8.4.2105', '2022-01-01', 'Red Hat', 'ended'],
  ['chainguard', '20230201', '2026-01-01', 'chainguard', 'supported'],
  ['debian', '12.5', '2026-01-01', 'debian 12', 'supported'],
  ['debian', '6.0', '2026-01-01', 'debian 6', 'ended'],
  ['debian', 'trixie/sid', '2026-01-01', 'debian trixie/sid', 'unknown'],
  ['echo', '1', '2026-01-01', 'echo', 'supported'],
  ['opensuse-leap', '15.6', '2026-01-01', 'openSUSE Leap 15.6', 'ended'],
  ['opensuse-tumbleweed', '20240101', '2026-01-01', 'openSUSE Tumbleweed', 'supported'],
  ['oracle', '9.2', '2026-01-01', 'Oracle Linux 9', 'supported'],
  ['photon', '5.0', '2026-01-01', 'Photon OS 5.0', 'supported'],
  ['redhat', '9.4', '2026-01-01', 'Red Hat', 'supported'],
  ['rocky', '8.9', '2026-01-01', 'rocky 8', 'supported'],
  ['slem', '5.5', '2026-01-01', 'SUSE Linux Enterprise Micro 5.5', 'supported'],
  ['sles', '15.7', '2026-01-01', 'SUSE Linux Enterprise 15.7', 'supported'],
  ['ubuntu', '18.04', '2026-01-01', 'ubuntu 18.04', 'ended'],
  ['ubuntu', '18.04+', '2026-01-01', 'ubuntu 18.04-ESM', 'supported'],
  ['ubuntu', '18.04+', '2029-01-01', 'ubuntu 18.04-ESM', 'ended'],
  ['ubuntu', '24.04+', '2026-01-01', 'ubuntu 24.04', 'supported'],
  ['ubuntu', '24.04+', '2035-01-01', 'ubuntu 24.04-ESM', 'unknown'],
  ['wolfi', '20230201', '2026-01-01', 'wolfi', 'supported'],
];

for (const [family, version, day, bucket, state] of rows)
  test(`${family} ${version} on ${day}: ${bucket}, ${state}`, () => {
    const distribution = distributionOf(family)!;
    const os = { family, name: version.replace('+', ''), extended: version.endsWith('+') };
    const now = new Date(`${day}T12:00:00Z`);
    assert.equal(bucketOf(distribution, distribution.advisories!, os, now), bucket);
    const { endOfLife, known } = supportOf(distribution, os, now);
    assert.equal(endOfLife ? 'ended' : known ? 'supported' : 'unknown', state);
  });

test('the stream of the repositories in use counts for Alpine only', () => {
  const now = new Date('2026-01-01');
  const bucket = (family: string, name: string) => {
    const distribution = distributionOf(family)!;
    return bucketOf(distribution, distribution.advisories!, { family, name }, now, {
      family: 'alpine',
      release: '3.19',
    });
  };
  assert.equal(bucket('alpine', '3.18.2'), 'alpine 3.19');
  assert.equal(bucket('debian', '12.5'), 'debian 12');
});

test('support lasts until the end of its last day, UTC', () => {
  const photon = distributionOf('photon')!;
  const at = (time: string) => supportOf(photon, { family: 'photon', name: '4.0' }, new Date(time)).endOfLife;
  assert.equal(at('2026-03-31T23:59:59Z'), false);
  assert.equal(at('2026-04-01T00:00:00Z'), true);
});

test('parts of a version', () => {
  assert.equal(releaseOf('major', '8.4.2105'), '8');
  assert.equal(releaseOf('minor', '8.4.2105'), '8.4');
  assert.equal(releaseOf('minor', '8'), '8');
  assert.equal(releaseOf('exact', '8.4'), '8.4');
  assert.equal(releaseOf('none', '8.4'), '');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredAdvisory } from '#model';
import { outcome, parse, type Expected, type FakeSystem } from '../fakes/fake-system.js';

const cpes = {
  'rhel-9-for-x86_64-baseos-rpms': [1],
  'rhel-9-for-x86_64-baseos-eus-rpms': [2],
  'rhel-8-for-x86_64-appstream-rpms': [3],
};
const entry = (FixedVersion: string, Affected: number[], more: object = {}): StoredAdvisory => ({
  Entries: [{ ...(FixedVersion && { FixedVersion }), Affected, Cves: [{ ID: 'CVE-1', Severity: 3 }], ...more }],
});
const assumed = ['match/content-sets-assumed', /default ones of Red Hat Enterprise Linux/] as const;

const rows: Readonly<Record<string, FakeSystem & Expected>> = {
  'RHEL: an advisory applies by product, default repositories are assumed and said so': {
    os: 'redhat 9.4',
    cpes,
    packages: ['curl 7.76-1.el9', 'python3-requests 2.25.1-8.el9'],
    advisories: {
      'Red Hat': {
        curl: {
          'RHSA-1': entry('0:7.76-2.el9', [1]),
          'RHSA-2': entry('0:7.76-9.el9', [2], { Cves: [{ ID: 'CVE-2' }] }),
        },
        'python3-requests': { 'RHSA-3': entry('0:2.25.1-8.el9', [1]) },
      },
    },
    finds: ['CVE-1 curl 7.76-1.el9 → 0:7.76-2.el9'],
    notes: [assumed],
  },
  'RHEL: packages of a layer with content sets meet the advisories of those (EUS)': {
    os: 'redhat 9.4',
    cpes,
    packages: [{ ...parse('curl 7.76-1.el9_4'), buildInfo: { contentSets: ['rhel-9-for-x86_64-baseos-eus-rpms__9'] } }],
    advisories: {
      'Red Hat': { curl: { 'RHSA-1': entry('0:7.76-5.el9', [1]), 'RHSA-2': entry('0:7.76-2.el9_4', [2]) } },
    },
    finds: ['CVE-1 curl 7.76-1.el9_4 → 0:7.76-2.el9_4'],
  },
  'RHEL: builds are known by name, version, release and architecture, too': {
    os: 'redhat 9.4',
    cpes: { 'tool-container-1-2-x86_64': [7] },
    packages: [{ ...parse('curl 1-1'), buildInfo: { nvr: 'tool-container-1-2', arch: 'x86_64' } }],
    advisories: { 'Red Hat': { curl: { 'CVE-5': entry('', [7], { Status: 5 }) } } },
    finds: ['CVE-5 curl 1-1 will_not_fix'],
  },
  'RHEL: module streams are not compared with each other or with ordinary packages': {
    os: 'redhat 8.9',
    cpes,
    packages: [
      { ...parse('npm 8.0-1'), modularityLabel: 'nodejs:18:8090020:abc' },
      { ...parse('perl 5.0-1'), modularityLabel: 'incomplete' },
    ],
    advisories: {
      'Red Hat': {
        'nodejs:18::npm': { 'RHSA-1': entry('9.0-1', [3]) },
        'nodejs:16::npm': { 'RHSA-2': entry('9.9-1', [3]) },
        npm: { 'RHSA-3': entry('9.9-1', [3]) },
        perl: { 'RHSA-4': entry('6', [3]) },
      },
    },
    finds: ['CVE-1 npm 8.0-1 → 9.0-1', 'CVE-1 perl 5.0-1 → 6'],
    notes: [assumed],
  },
  'RHEL: the highest fix of a CVE counts, of entries for the architecture': {
    os: 'redhat 9.4',
    cpes,
    packages: [
      { ...parse('curl 2-1'), arch: 'x86_64' },
      { ...parse('docs 2-1'), arch: 'noarch' },
    ],
    advisories: {
      'Red Hat': {
        curl: {
          'RHSA-1': entry('1-1', [1]),
          'RHSA-2': entry('3-1', [1]),
          'RHSA-3': entry('9-1', [1], { Arches: ['s390x'] }),
          'CVE-1': entry('', [1]),
        },
        docs: { 'RHSA-4': entry('3-1', [1], { Arches: ['s390x'] }) },
      },
    },
    finds: ['CVE-1 curl 2-1 → 3-1', 'CVE-1 docs 2-1 → 3-1'],
    notes: [assumed],
  },
  'RHEL 10: no default repositories, so packages without content sets are not assessed': {
    os: 'redhat 10.0',
    cpes: { 'rhel-10-for-x86_64-baseos-rpms': [5] },
    packages: ['curl 1-1', { ...parse('zlib 1-1'), buildInfo: { contentSets: ['rhel-10-for-x86_64-baseos-rpms'] } }],
    advisories: { 'Red Hat': { curl: { 'CVE-1': entry('2', [5]) }, zlib: { 'CVE-1': entry('2', [5]) } } },
    finds: ['CVE-1 zlib 1-1 → 2'],
    notes: [['match/content-sets-missing', /were not assessed: 1 \(curl\)/]],
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

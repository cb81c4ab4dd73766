import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource, OperatingSystem, Package, StoredAdvisory } from '#model';
import { fakeLookup } from './fakes/fake-lookup.js';
import { matchInventory } from './match-inventory.js';

type Advisories = Record<string, Record<string, Record<string, StoredAdvisory>>>;

const range = (VulnerableVersions: string[], PatchedVersions: string[] = [], Severity = 0): StoredAdvisory => ({
  VulnerableVersions,
  PatchedVersions,
  ...(Severity && { Severity }),
});

const pkg = (name: string, version: string, release?: string, source = name): Package => ({
  name,
  version,
  ...(release && { release }),
  source: { name: source, version, ...(release && { release }) },
});

interface Row {
  readonly os: OperatingSystem;
  readonly packages: readonly Package[];
  readonly advisories: Advisories;
  /** All findings: id, package, fix or status, severity source. */
  readonly finds: readonly string[];
  readonly notes?: readonly string[];
}

const rapidfort = (family: string, name: string): OperatingSystem => ({ family, name, supplier: 'rapidfort' });

const rows: Readonly<Record<string, Row>> = {
  'RapidFort: Debian packages go by their marker, third-party ones included': {
    os: rapidfort('ubuntu', '24.04.1'),
    packages: [pkg('a', '1', '1+rf.1'), pkg('b', '1', '1rfubu1'), { ...pkg('c', '1', '1'), origin: 'third-party' }],
    advisories: {
      'rapidfort ubuntu': {
        a: { 'CVE-1': range(['<2'], ['2'], 3) },
        b: { 'CVE-2': range([]) },
        c: { 'CVE-9': range([]) },
      },
      'rapidfort ubuntu 24.04': { a: { 'CVE-9': range([]) }, c: { 'CVE-3': range(['>=1 <1.5'], ['1.5', '2.5']) } },
      'ubuntu 24.04': { a: { 'CVE-9': {} } },
    },
    finds: ['CVE-1 a → 2 by rapidfort', 'CVE-2 b affected', 'CVE-3 c → 1.5, 2.5'],
  },
  'RapidFort: rpms go by their last dist tag, by binary name where the source is not mentioned': {
    os: rapidfort('redhat', '9.3'),
    packages: [
      pkg('a', '1', '1.el8'),
      pkg('b', '1', '1.el9.fc40'),
      pkg('c', '1', '1.rf2'),
      pkg('d', '1', '1'),
      pkg('e-libs', '1', '1.el9', 'e'),
    ],
    advisories: {
      'rapidfort Red Hat': { c: { 'CVE-3': range(['<2']) } },
      'rapidfort Red Hat 8': { a: { 'CVE-1': range(['<2']) } },
      'rapidfort Red Hat 9': {
        d: { 'CVE-4': range(['<2']) },
        e: { 'CVE-5': range(['<2']), 'CVE-6': range(['<1']) },
        'e-libs': { 'CVE-6': range(['<2']), 'CVE-7': range(['<2']) },
      },
      'rapidfort fedora 40': { b: { 'CVE-2': range(['<2']) } },
    },
    finds: [
      'CVE-1 a affected',
      'CVE-2 b affected',
      'CVE-3 c affected',
      'CVE-4 d affected',
      'CVE-5 e-libs affected',
      'CVE-7 e-libs affected',
    ],
  },
  'RapidFort: Alpine by release; ranges that cannot be read are noted': {
    os: rapidfort('alpine', '3.19.1'),
    packages: [pkg('a', '1.0-r0')],
    advisories: {
      'rapidfort alpine 3.19': {
        a: { 'CVE-1': range(['<1.0-r1'], ['1.0-r1']), 'CVE-2': range(['<?']), 'CVE-3': range(['<?', '<2']) },
      },
    },
    finds: ['CVE-1 a → 1.0-r1', 'CVE-3 a affected'],
    notes: ['match/undetermined-advisory'],
  },
  'Root.io: its word replaces that of the distribution on the same id only': {
    os: { family: 'debian', name: '12.5' },
    packages: [pkg('a', '1', '1.root.io.1'), pkg('b', '1', '1'), { ...pkg('c', '1', '1'), origin: 'third-party' }],
    advisories: {
      'debian 12': {
        a: { 'CVE-1': { FixedVersion: '9' }, 'CVE-2': { FixedVersion: '1-2', Severity: 3 } },
        b: { 'CVE-3': { Status: 5 }, 'CVE-4': { FixedVersion: '0.5' } },
        c: { 'CVE-9': {} },
      },
      'root.io debian 12': {
        a: {
          'CVE-1': range(['<1-1.root.io.1'], ['1-1.root.io.1']),
          'CVE-5': range(['<1-1.root.io.2'], ['1-1.root.io.2'], 4),
        },
      },
    },
    finds: ['CVE-2 a → 1-2 by debian', 'CVE-5 a → 1-1.root.io.2 by rootio', 'CVE-3 b affected'],
    notes: ['match/third-party'],
  },
  'Root.io: Alpine rebuilds are told by their revision': {
    os: { family: 'alpine', name: '3.19.1' },
    packages: [pkg('a', '1.0-r10071')],
    advisories: {
      'alpine 3.19': { a: { 'CVE-1': { FixedVersion: '1.0-r2' }, 'CVE-2': { FixedVersion: '1.1-r0' } } },
      'root.io alpine 3.19': { a: { 'CVE-2': range(['<1.0-r10071'], ['1.0-r10071']) } },
    },
    finds: [],
  },
  'Seal: its packages meet its advisories only, with the fix that ends the range; the others the distribution’s': {
    os: { family: 'debian', name: '12.5' },
    packages: [pkg('seal-a', '1', '1+sp1'), pkg('b', '1', '1'), { ...pkg('c', '1', '1'), origin: 'third-party' }],
    advisories: {
      'debian 12': { b: { 'CVE-2': { FixedVersion: '2' } }, 'seal-a': { 'CVE-9': {} }, c: { 'CVE-9': {} } },
      'seal debian': {
        'seal-a': { 'CVE-1': range(['>=3 <4', '>=1-1+sp1, <1-1+sp2'], ['4', '1-1+sp2'], 2) },
        b: { 'CVE-9': range([]) },
      },
    },
    finds: ['CVE-2 b → 2', 'CVE-1 seal-a → 1-1+sp2 by debian'],
    notes: ['match/third-party'],
  },
  'Seal: rpms go by the el of their release': {
    os: { family: 'centos', name: '7' },
    packages: [pkg('seal-a', '1', '1.el6_9+sp1'), pkg('a-libs', '1', '1+sp1', 'seal-a')],
    advisories: {
      'Red Hat': {},
      'seal Red Hat 6': { 'seal-a': { 'CVE-1': range(['<1-2.el6'], ['1-2.el6']) } },
      'seal Red Hat': { 'seal-a': { 'CVE-2': range([]) } },
    },
    finds: ['CVE-1 seal-a → 1-2.el6', 'CVE-2 a-libs affected'],
  },
};

const sources: Record<string, DataSource> = {
  'debian 12': { id: 'debian' },
  'rapidfort ubuntu': { id: 'rapidfort', baseId: 'ubuntu' },
  'root.io debian 12': { id: 'rootio', baseId: 'debian' },
  'seal debian': { id: 'seal', baseId: 'debian' },
};

for (const [title, { os, packages, advisories, finds, notes = [] }] of Object.entries(rows))
  test(title, () => {
    const matched = matchInventory(
      { os, packages, applications: [], diagnostics: [] },
      fakeLookup({ advisories, sources }),
      {
        now: new Date('2026-06-01'),
        packageTypes: ['os'],
        severitySources: ['auto'],
      },
    );
    const shown = matched.os?.vulnerabilities.map(
      (v) =>
        `${v.id} ${v.package.name} ${v.fixedVersion ? `→ ${v.fixedVersion}` : v.status}${v.severitySource ? ` by ${v.severitySource}` : ''}`,
    );
    assert.deepEqual(shown, finds);
    assert.deepEqual(
      matched.diagnostics.map(({ code }) => code),
      notes,
    );
    assert.equal(matched.os?.endOfLife, undefined, 'suppliers serve releases past their end of life');
  });

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataSource, StoredVulnerability } from '#model';
import { describer } from './details.js';
import { fakeLookup } from './fakes/fake-lookup.js';
import type { Hit } from './hit.js';
import { primaryUrl } from './primary-url.js';

const bare: Hit = {
  id: 'CVE-1',
  package: { name: 'tool', version: '1' },
  packageId: undefined,
  installedVersion: '1',
  fixedVersion: undefined,
  status: undefined,
  severity: undefined,
  vendorIds: undefined,
  dataSource: undefined,
};

interface Row {
  readonly id?: string;
  readonly from?: DataSource;
  readonly stated?: Hit['severity'];
  readonly sources?: readonly string[];
  readonly details?: StoredVulnerability;
  /** Severity, and its source. */
  readonly is: string;
}

const rows: Readonly<Record<string, Row>> = {
  'the publisher of the advisory goes first': {
    from: { id: 'ghsa' },
    details: { VendorSeverity: { ghsa: 2, nvd: 4 } },
    is: 'MEDIUM ghsa',
  },
  'even when it says unknown': {
    from: { id: 'ghsa' },
    details: { Severity: 'LOW', VendorSeverity: { ghsa: 0, nvd: 4 } },
    is: 'UNKNOWN ghsa',
  },
  'for a supplier that is the distribution it rebuilt': {
    from: { id: 'seal', baseId: 'debian' },
    details: { VendorSeverity: { seal: 1, debian: 3 } },
    is: 'HIGH debian',
  },
  'GitHub goes before NVD for its own ids': {
    id: 'GHSA-1',
    from: { id: 'alpine' },
    details: { VendorSeverity: { ghsa: 1, nvd: 4 } },
    is: 'LOW ghsa',
  },
  'but not for others': {
    from: { id: 'alpine' },
    details: { VendorSeverity: { ghsa: 1, nvd: 4 } },
    is: 'CRITICAL nvd',
  },
  'NVD goes before the store’s choice': { details: { Severity: 'LOW', VendorSeverity: { nvd: 3 } }, is: 'HIGH nvd' },
  'unless it does not know': { details: { Severity: 'LOW', VendorSeverity: { nvd: 0 } }, is: 'LOW' },
  'an unknown of GitHub is not made up for by NVD': {
    id: 'GHSA-1',
    details: { Severity: 'LOW', VendorSeverity: { ghsa: 0, nvd: 3 } },
    is: 'LOW',
  },
  'the store’s choice is the last resort': {
    details: { Severity: 'CRITICAL', VendorSeverity: { amazon: 1 } },
    is: 'CRITICAL',
  },
  'no rating at all': { details: { Title: 'x' }, is: 'UNKNOWN' },
  'text that is no severity': { details: { Severity: 'BAD' }, is: 'UNKNOWN' },
  'a level that is none': { details: { VendorSeverity: { nvd: 7 } }, is: 'UNKNOWN' },
  'no details (a rejected id with a valid vendor row)': { is: 'UNKNOWN' },
  'named sources are asked in order': {
    sources: ['redhat', 'nvd'],
    details: { VendorSeverity: { nvd: 3, ubuntu: 1 } },
    is: 'HIGH nvd',
  },
  'named sources only': {
    sources: ['redhat'],
    from: { id: 'ghsa' },
    details: { Severity: 'LOW', VendorSeverity: { ghsa: 3 } },
    is: 'UNKNOWN',
  },
  'then the publisher': {
    sources: ['redhat', 'auto'],
    from: { id: 'ghsa' },
    details: { VendorSeverity: { ghsa: 3 } },
    is: 'HIGH ghsa',
  },
  'inherited members are no sources': {
    sources: ['constructor', '__proto__'],
    details: { VendorSeverity: {} },
    is: 'UNKNOWN',
  },
  'the advisory’s own word goes before all': {
    stated: { level: 1, source: 'debian' },
    details: { VendorSeverity: { nvd: 4 } },
    is: 'LOW debian',
  },
  'and stands without details': { stated: { level: 0, source: 'redhat' }, is: 'UNKNOWN redhat' },
};

for (const [title, { id = 'CVE-1', from, stated, sources = ['auto'], details, is }] of Object.entries(rows))
  test(`severity: ${title}`, () => {
    const lookup = fakeLookup({ vulnerabilities: details ? { [id]: details } : {} });
    const finding = describer(
      lookup,
      sources,
    )({
      ...bare,
      id,
      dataSource: from,
      severity: stated,
    });
    assert.equal([finding.severity, finding.severitySource].filter(Boolean).join(' '), is);
    if (stated && details) assert.equal(finding.vendorSeverity?.[stated.source], stated.level);
    assert.equal(finding.primaryUrl, details && primaryUrl(id, [], undefined));
  });

test('texts, links and dates come from the details', () => {
  const details = {
    Title: 'Overflow',
    Description: 'Long.',
    CweIDs: ['CWE-787'],
    VendorSeverity: { nvd: 3 },
    CVSS: { nvd: { V3Score: 7.5 } },
    References: ['https://example.test'],
    PublishedDate: '2024-01-01T00:00:00Z',
    LastModifiedDate: '2024-01-02T00:00:00Z',
  };
  const hit: Hit = { ...bare, fixedVersion: '2', status: 'end_of_life' };
  assert.deepEqual(describer(fakeLookup({ vulnerabilities: { 'CVE-1': details } }), ['auto'])(hit), {
    kind: 'vulnerability',
    id: 'CVE-1',
    package: bare.package,
    installedVersion: '1',
    fixedVersion: '2',
    status: 'fixed',
    severity: 'HIGH',
    severitySource: 'nvd',
    primaryUrl: 'https://avd.aquasec.com/nvd/cve-1',
    title: 'Overflow',
    description: 'Long.',
    cweIds: ['CWE-787'],
    vendorSeverity: { nvd: 3 },
    cvss: { nvd: { V3Score: 7.5 } },
    references: ['https://example.test'],
    publishedDate: '2024-01-01T00:00:00Z',
    lastModifiedDate: '2024-01-02T00:00:00Z',
  });
});

const references = ['https://example.test', 'https://lists.opensuse.org/1', 'http://lists.opensuse.org/2'];
for (const [id, source, url] of [
  ['CVE-2024-1', undefined, 'https://avd.aquasec.com/nvd/cve-2024-1'],
  ['GHSA-aaaa', 'suse-cvrf', 'https://github.com/advisories/GHSA-aaaa'],
  ['RUSTSEC-2024-1', undefined, 'https://osv.dev/vulnerability/RUSTSEC-2024-1'],
  ['TEMP-1', 'debian', 'https://security-tracker.debian.org/tracker/TEMP-1'],
  ['SUSE-SU-1', 'suse-cvrf', 'http://lists.opensuse.org/2'],
  ['SUSE-SU-1', 'ubuntu', undefined],
  ['GMS-1', undefined, undefined],
] as const)
  test(`page of ${id} by ${source}: ${url}`, () => assert.equal(primaryUrl(id, references, source), url));

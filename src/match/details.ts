/**
 * From a hit to a finding: status, severity and its source, links and text of the vulnerability.
 * Details are read once per id; an id without details keeps what its advisory says.
 * Severity: the advisory's own; else the chosen sources in order. `auto` means the publisher of the advisory,
 * GitHub for its own ids, NVD, and last whatever the store rated first.
 * Source  https://trivy.dev/docs/latest/guide/scanner/vulnerability/#severity-selection
 */
import { compact } from '#base';
import type { AdvisoryLookup, DataSource, Severity, StoredVulnerability, Vulnerability } from '#model';
import { severities } from '#model';
import { isLevel, severityName, type Hit } from './hit.js';
import { primaryUrl } from './primary-url.js';

/** Makes findings of hits; remembers details by id. */
export function describer(lookup: AdvisoryLookup, severitySources: readonly string[]): (hit: Hit) => Vulnerability {
  const known = new Map<string, StoredVulnerability | undefined>();
  return (hit) => {
    if (!known.has(hit.id)) known.set(hit.id, lookup.vulnerability(hit.id));
    return describe(hit, known.get(hit.id), severitySources);
  };
}

function describe(hit: Hit, details: StoredVulnerability | undefined, sources: readonly string[]): Vulnerability {
  const rated = rate(hit, details, sources);
  return compact({
    kind: 'vulnerability' as const,
    id: hit.id,
    vendorIds: hit.vendorIds?.length ? hit.vendorIds : undefined,
    package: hit.package,
    packageId: hit.packageId,
    installedVersion: hit.installedVersion,
    fixedVersion: hit.fixedVersion,
    status: hit.fixedVersion ? ('fixed' as const) : (hit.status ?? 'affected'),
    severity: rated.severity,
    severitySource: rated.source,
    primaryUrl: details && primaryUrl(hit.id, details.References ?? [], hit.dataSource?.id),
    dataSource: hit.dataSource,
    title: details?.Title,
    description: details?.Description,
    cweIds: details?.CweIDs,
    vendorSeverity: details && vendorSeverity(hit, details),
    cvss: details?.CVSS,
    references: details?.References,
    publishedDate: details?.PublishedDate,
    lastModifiedDate: details?.LastModifiedDate,
  });
}

interface Rated {
  readonly severity: Severity;
  readonly source: string | undefined;
}

const unrated: Rated = { severity: 'UNKNOWN', source: undefined };

function rate(hit: Hit, details: StoredVulnerability | undefined, sources: readonly string[]): Rated {
  if (hit.severity) return { severity: severityName(hit.severity.level), source: hit.severity.source };
  if (!details) return unrated;
  for (const source of sources) {
    const rated = source === 'auto' ? rateByPublisher(hit.id, hit.dataSource, details) : rateBy(source, details);
    if (rated) return rated;
  }
  return unrated;
}

function rateByPublisher(id: string, publisher: DataSource | undefined, details: StoredVulnerability): Rated {
  const published = rateBy(publisher?.baseId ?? publisher?.id, details);
  if (published) return published;
  const general = (id.startsWith('GHSA-') ? rateBy('ghsa', details) : undefined) ?? rateBy('nvd', details);
  return general && general.severity !== 'UNKNOWN'
    ? general
    : { severity: asSeverity(details.Severity), source: undefined };
}

function rateBy(source: string | undefined, { VendorSeverity }: StoredVulnerability): Rated | undefined {
  if (!source || !VendorSeverity || !Object.hasOwn(VendorSeverity, source)) return undefined;
  const level = VendorSeverity[source];
  return isLevel(level) ? { severity: severityName(level), source } : undefined;
}

const asSeverity = (text: string | undefined): Severity =>
  severities.find((severity) => severity === text) ?? 'UNKNOWN';

function vendorSeverity(
  hit: Hit,
  { VendorSeverity }: StoredVulnerability,
): Readonly<Record<string, number>> | undefined {
  return hit.severity ? { ...VendorSeverity, [hit.severity.source]: hit.severity.level } : VendorSeverity;
}

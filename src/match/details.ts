/**
 * From a hit to a finding: status, severity and its source, links and text of the vulnerability.
 * Details are read once per id; an id without details keeps what its advisory says.
 * Severity: the advisory's own; else the chosen sources in order. `auto` means the publisher of the advisory,
 * GitHub for its own ids, NVD, and last whatever the store rated first.
 * Source  https://trivy.dev/docs/latest/guide/scanner/vulnerability/#severity-selection
 */
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

/** Written field by field: this runs thousands of times a scan, and optional fields must be absent. */
function describe(hit: Hit, details: StoredVulnerability | undefined, sources: readonly string[]): Vulnerability {
  const rated = rate(hit, details, sources);
  const finding: Writable<Vulnerability> = {
    kind: 'vulnerability',
    id: hit.id,
    package: hit.package,
    installedVersion: hit.installedVersion,
    status: hit.fixedVersion ? 'fixed' : (hit.status ?? 'affected'),
    severity: rated.severity,
  };
  if (hit.vendorIds?.length) finding.vendorIds = hit.vendorIds;
  if (hit.packageId) finding.packageId = hit.packageId;
  if (hit.fixedVersion) finding.fixedVersion = hit.fixedVersion;
  if (rated.source) finding.severitySource = rated.source;
  if (hit.dataSource) finding.dataSource = hit.dataSource;
  if (details) addDetails(finding, hit, details);
  return finding;
}

function addDetails(
  finding: Writable<Vulnerability>,
  { id, dataSource, severity }: Hit,
  details: StoredVulnerability,
): void {
  const { Title, Description, CweIDs, VendorSeverity, CVSS, References, PublishedDate, LastModifiedDate } = details;
  const url = primaryUrl(id, References ?? [], dataSource?.id);
  if (url) finding.primaryUrl = url;
  if (Title) finding.title = Title;
  if (Description) finding.description = Description;
  if (CweIDs) finding.cweIds = CweIDs;
  if (severity) finding.vendorSeverity = { ...VendorSeverity, [severity.source]: severity.level };
  else if (VendorSeverity) finding.vendorSeverity = VendorSeverity;
  if (CVSS) finding.cvss = CVSS;
  if (References) finding.references = References;
  if (PublishedDate) finding.publishedDate = PublishedDate;
  if (LastModifiedDate) finding.lastModifiedDate = LastModifiedDate;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

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

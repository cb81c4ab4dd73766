/** The user's filters, joined with what they need of other stages. */
import { compact } from '#base';
import { severities, type Report } from '#model';
import type { World } from '#platform';
import { filterReport, openFilter, type FilterOptions, type ReportFilter } from '#policy';
import { findingJson } from '#report';

export type FilterChoice = Partial<Omit<FilterOptions, 'cacheDir'>>;

/** Reads what the filters need; fails for files that are missing or damaged. */
export function openScanFilter(choice: FilterChoice, cacheDir: string, world: World): Promise<ReportFilter> {
  const { severities: wanted = severities, ignoredStatuses, ignoreFiles, ignoredLicenses, ignorePolicy } = choice;
  const { exceptions, vex, skipVexUpdate, registry } = choice;
  const files = { ignoreFiles, ignoredLicenses, ignorePolicy, exceptions };
  const chosen = compact({ ignoredStatuses, ...files, vex, skipVexUpdate, registry });
  return openFilter({ severities: wanted, ...chosen, cacheDir }, world);
}

/** The report as the user wants it; what was taken out stays as suppressed findings. */
export function applyFilter(report: Report, filter: ReportFilter): Promise<Report> {
  const { id, revision: version, vexReferences } = (report.artifactType === 'cyclonedx' && report.sbom) || {};
  const bom = report.artifactType === 'cyclonedx' ? compact({ serialNumber: id, version, vexReferences }) : undefined;
  return filterReport(report, filter, compact({ encode: findingJson, bom }));
}

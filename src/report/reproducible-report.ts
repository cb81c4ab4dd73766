/**
 * A report whose bytes depend on what was scanned and with which advisories only: no clock, no chance.
 * Times are that of `SOURCE_DATE_EPOCH`, seconds since 1970, or 1970 itself.
 * Source  https://reproducible-builds.org/specs/source-date-epoch/
 */
import type { Report } from '#model';
import { contentUuid } from './content-uuid.js';

/** `9999-12-31T23:59:59Z` */
const latest = 253_402_300_799;

export function reproducibleReport(report: Report, sourceDateEpoch = ''): Report {
  const seconds = /^\d{1,12}$/.test(sourceDateEpoch) ? Math.min(Number(sourceDateEpoch), latest) : 0;
  const { downloadedAt: _, ...database } = report.database ?? ({} as NonNullable<Report['database']>);
  const timeless: Report = {
    ...report,
    createdAt: new Date(seconds * 1000).toISOString(),
    reportId: '',
    ...(report.database && { database }),
  };
  return { ...timeless, reportId: contentUuid(parts(timeless)) };
}

function* parts({ results, ...head }: Report): Generator<string> {
  yield JSON.stringify(head);
  for (const { packages = [], vulnerabilities, ...rest } of results) {
    yield JSON.stringify(rest);
    for (const each of [...packages, ...vulnerabilities]) yield JSON.stringify(each);
  }
}

/**
 * A report whose bytes depend on what was scanned and with which advisories only: no clock, no chance.
 * Times are that of `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs/source-date-epoch/), or 1970.
 */
import { createHash } from 'node:crypto';
import type { Report } from '#model';
import type { Environment } from '#platform';

export function reproducibleReport(report: Report, env: Environment): Report {
  const seconds = Number(env['SOURCE_DATE_EPOCH'] || '0');
  const time = new Date(
    Number.isSafeInteger(seconds) && seconds >= 0 && seconds < 253_402_300_800 ? seconds * 1000 : 0,
  );
  const { database } = report;
  const timeless = { ...report, createdAt: time.toISOString(), reportId: '' };
  if (database) {
    const { downloadedAt: _, ...rest } = database;
    timeless.database = rest;
  }
  return { ...timeless, reportId: idOf(timeless) };
}

/** A version 8 UUID of the content. https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function idOf({ results, ...head }: Report): string {
  const hash = createHash('sha256').update(JSON.stringify(head));
  for (const { packages, vulnerabilities, ...rest } of results) {
    hash.update(JSON.stringify(rest));
    for (const each of [...(packages ?? []), ...vulnerabilities]) hash.update(JSON.stringify(each));
  }
  const hex = hash.digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

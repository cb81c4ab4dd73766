/** Reading reports is loaded when it is used: only `convert` does. See `read-report-json.ts`. */
import type { Report } from '#model';

export async function readReport(text: string): Promise<Report> {
  const { readReportJson } = await import('./read-report-json.js');
  return readReportJson(text);
}

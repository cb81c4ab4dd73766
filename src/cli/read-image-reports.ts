/** The reports of images that a command for Falco is given; what they leave unsaid is logged. */
import { PratiqueError } from '#base';
import type { Report } from '#model';
import type { World } from '#platform';
import { readReportFile } from './read-report-file.js';

export async function readImageReports(paths: readonly string[], world: World): Promise<Report[]> {
  if (paths.length === 0)
    throw new PratiqueError('usage/invalid', { problem: 'give at least one JSON report of an image' });
  const { namesImage, wasAssessed } = await import('#falco');
  const reports: Report[] = [];
  for (const path of paths) {
    const report = await readReportFile(path, world);
    if (!namesImage(report)) world.log.warn('the report names no image; it is not used', { path });
    else if (!wasAssessed(report)) world.log.warn('the image was not assessed as a whole', { path });
    reports.push(report);
  }
  return reports;
}

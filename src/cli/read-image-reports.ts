/** The reports of images that a command for Falco is given; what they leave unsaid is logged. */
import { PratiqueError } from '#base';
import type { Report } from '#model';
import type { World } from '#platform';
import { imageReportsOf } from './image-reports-of.js';
import { readFileAs } from './read-report-file.js';

export async function readImageReports(paths: readonly string[], world: World): Promise<Report[]> {
  if (paths.length === 0)
    throw new PratiqueError('usage/invalid', { problem: 'give at least one JSON report of images' });
  const { namesImage, wasAssessed } = await import('#falco');
  const reports: Report[] = [];
  for (const path of paths) {
    const found = await readFileAs(path, imageReportsOf, world);
    for (const image of found.missing) world.log.warn('the image was not scanned; it is not used', { path, image });
    for (const report of found.reports) {
      if (!namesImage(report)) world.log.warn('the report names no image; it is not used', { path });
      else if (!wasAssessed(report)) {
        const { artifactName: image } = report;
        world.log.warn('the image was not assessed as a whole', { path, ...(found.reports.length > 1 && { image }) });
      }
      reports.push(report);
    }
  }
  return reports;
}

/**
 * Packages in the manifest of distroless Azure Linux (CBL-Mariner) images, which have no RPM database.
 * Shape   a package a line, ten fields between tabs: name, version-release, install time, build time, vendor,
 *         epoch, size, architecture, epoch as number, source RPM; `(none)` for nothing.
 * Errors  a line of another shape → `invalid-line`, left out.
 * Source  https://github.com/microsoft/azurelinux/blob/2.0/toolkit/tools/imagegen/installutils/installutils.go
 */
import { compact } from '#base';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { isFull } from '../package-set.js';
import { linesOf } from './line-scanner.js';
import { splitRpmFileName } from './rpm-name.js';

export const rpmManifest = defineExtractor({
  id: 'os/rpm-manifest',
  type: 'os',
  name: 'rpmqa',
  runsOn: 'everywhere',
  revision: 1,
  files: ['var/lib/rpmmanifest/container-manifest-2'],
  extract(file, context) {
    const packages: Package[] = [];
    let number = 0;
    for (const line of linesOf(file.text())) {
      number++;
      if (line === '') continue;
      const pkg = readLine(line);
      if (pkg && isFull(packages)) break;
      if (pkg) packages.push(pkg);
      else context.report('invalid-line', 'not the ten fields of a package', number);
    }
    return { packages };
  },
});

function readLine(line: string): Package | undefined {
  const fields = line.split('\t');
  const [name, versionRelease, , , , , , arch, epochField, sourceRpm] = fields;
  const dash = versionRelease?.lastIndexOf('-') ?? -1;
  if (fields.length !== 10 || !name || !versionRelease || dash < 1 || !/^\d{1,9}$/.test(epochField ?? '')) {
    return undefined;
  }
  const epoch = Number(epochField) || undefined;
  const source = sourceRpm === '(none)' ? undefined : splitRpmFileName(sourceRpm ?? '');
  return compact({
    name,
    version: versionRelease.slice(0, dash),
    release: versionRelease.slice(dash + 1),
    epoch,
    arch: arch === '(none)' ? 'None' : arch || undefined,
    source: source && compact({ ...source, epoch }),
  });
}

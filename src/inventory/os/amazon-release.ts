/**
 * Amazon Linux from its system-release: `Amazon Linux AMI release 2018.03`, `Amazon Linux release 2 (Karoo)`,
 * `Amazon Linux release 2023.3.20240122 (Amazon Linux)`. The name is what follows the product; relatives of
 * Red Hat have a file of the same path and yield nothing.
 * Source  https://docs.aws.amazon.com/linux/al2023/ug/naming-and-versioning.html
 */
import { defineExtractor } from '../extractor.js';
import { linesOf } from './line-scanner.js';

export const amazonRelease = defineExtractor({
  id: 'os/amazon-release',
  type: 'os',
  name: 'amazon',
  runsOn: 'everywhere',
  revision: 1,
  files: ['etc/system-release', 'usr/lib/system-release'],
  extract(file) {
    for (const line of linesOf(file.text())) {
      const name = versionIn(line);
      if (name !== undefined) return { os: { family: 'amazon', name } };
    }
    return undefined;
  },
});

function versionIn(line: string): string | undefined {
  if (!line.startsWith('Amazon Linux')) return undefined;
  const words = line.split(/\s+/).filter((word) => word !== '');
  // "release" is part of the name of the first generation only: its versions read `AMI release 2018.03`.
  const name = words.slice(line.startsWith('Amazon Linux release 2') ? 3 : 2).join(' ');
  return name === '' ? undefined : name;
}

import { PratiqueError } from '#base';
import { cacheDirectory, removeDirectory } from '#platform';
import { imageRecordsDirectory, layerCacheDirectory } from '#scan';
import { join } from 'node:path';
import { defineCommand } from '../command.js';

export const clean = defineCommand({
  name: 'clean',
  group: 'Management',
  about: 'remove cached results and databases',
  usage: '',
  examples: ['clean --scan-cache', 'clean --all'],
  options: ['all', 'scan-cache', 'vuln-db', 'java-db', 'checks-bundle', 'vex-repo'],
  async run({ options, world }) {
    const cacheDir = options['cache-dir'] || cacheDirectory(world);
    const parts = {
      'scan-cache': [
        layerCacheDirectory(cacheDir),
        imageRecordsDirectory(cacheDir),
        join(cacheDir, 'fanal'),
        // Kept there by bin/pratique, whatever the cache directory of a run is.
        join(cacheDirectory(world), 'pratique', 'compiled'),
      ],
      'vuln-db': [join(cacheDir, 'db'), join(cacheDir, 'pratique', 'embedded')],
      'java-db': [join(cacheDir, 'java-db')],
      'checks-bundle': [join(cacheDir, 'policy')],
      'vex-repo': [join(cacheDir, 'vex')],
    } as const;
    const names = Object.keys(parts) as (keyof typeof parts)[];
    const chosen = names.filter((name) => options.all || options[name]);
    if (chosen.length === 0) {
      throw new PratiqueError('usage/invalid', {
        problem: `clean needs at least one of --all, ${names.map((n) => `--${n}`).join(', ')}`,
      });
    }
    for (const name of chosen) {
      world.log.info(`removing ${name}`);
      for (const path of parts[name]) await removeDirectory(path);
    }
    return 0;
  },
});

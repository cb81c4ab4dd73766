import { defineCommand } from '../command.js';
import { runScan, onePath } from '../run-scan.js';
import { distroOption, scanOptionNames, toScanOptions } from './scan-options.js';

export const filesystem = defineCommand({
  name: 'filesystem',
  aliases: ['fs'],
  group: 'Scanning',
  about: 'scan a directory of sources: lock files and manifests',
  usage: 'PATH',
  examples: ['fs .', 'fs --severity HIGH,CRITICAL --exit-code 1 ./project'],
  options: [...scanOptionNames, 'distro', 'include-dev-deps'],
  defaults: { 'cache-backend': 'memory' },
  run({ options, explicit, args, world }) {
    const extra = { ...distroOption(options.distro), includeDev: options['include-dev-deps'] };
    return runScan({ kind: 'filesystem', path: args[0] ?? '' }, toScanOptions(options, extra), {
      options,
      explicit,
      world,
      exitOnEol: 0,
      checkTarget: () => onePath('fs', args),
    });
  },
});

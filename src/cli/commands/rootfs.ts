import { defineCommand } from '../command.js';
import { onePath, runScan } from '../run-scan.js';
import { distroOption, scanOptionNames, toScanOptions } from './scan-options.js';

export const rootfs = defineCommand({
  name: 'rootfs',
  group: 'Scanning',
  about: 'scan an unpacked root file system: installed packages',
  usage: 'ROOTDIR',
  examples: ['rootfs /mnt/root', 'rootfs --severity CRITICAL /'],
  options: [...scanOptionNames, 'distro', 'exit-on-eol'],
  defaults: { 'cache-backend': 'memory' },
  run({ options, explicit, args, world }) {
    return runScan({ kind: 'rootfs', path: args[0] ?? '' }, toScanOptions(options, distroOption(options.distro)), {
      options,
      explicit,
      world,
      exitOnEol: options['exit-on-eol'],
      checkTarget: () => onePath('rootfs', args),
    });
  },
});

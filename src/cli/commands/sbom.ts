import { defineCommand } from '../command.js';
import { onePath, runScan } from '../run-scan.js';
import { distroOption, scanOptionNames, toScanOptions } from './scan-options.js';

/** What has no meaning where no file tree is walked. */
const withoutTree = {
  'dependency-tree': false,
  'skip-dirs': [],
  'skip-files': [],
  parallel: 0,
  'secret-config': '',
} as const;

type Taken = Exclude<(typeof scanOptionNames)[number], keyof typeof withoutTree>;

const names = scanOptionNames.filter((name): name is Taken => !Object.hasOwn(withoutTree, name));

export const sbom = defineCommand({
  name: 'sbom',
  group: 'Scanning',
  about: 'scan the packages of a bill of materials: CycloneDX, SPDX, or an attestation of one',
  usage: 'FILE',
  examples: ['sbom app.cdx.json', 'sbom --format json --output report.json app.spdx.json'],
  options: [...names, 'distro', 'exit-on-eol'],
  defaults: { 'cache-backend': 'memory', scanners: ['vuln'] },
  run({ options: given, explicit, args, world }) {
    const options = { ...withoutTree, ...given };
    return runScan({ kind: 'sbom', path: args[0] ?? '' }, toScanOptions(options, distroOption(options.distro)), {
      options,
      explicit,
      world,
      exitOnEol: options['exit-on-eol'],
      checkTarget: () => onePath('sbom', args),
    });
  },
});

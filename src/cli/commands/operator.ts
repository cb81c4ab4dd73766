import { PratiqueError } from '#base';
import type { Scanner } from '#scan';
import { defineCommand } from '../command.js';
import { listenAddress } from '../listen-address.js';
import type { OptionName } from '../option-table.js';
import { programVersion } from '../program-version.js';
import { readPassword } from '../read-password.js';
import { toFilterChoice } from './report-options.js';
import { type ScanCommandOptions, scanOptionNames, toScanOptions } from './scan-options.js';

/** What only a scan that ends in an output can be told. */
const ofOutputs = [
  'format',
  'output',
  'exit-code',
  'incomplete-exit-code',
  'list-all-pkgs',
  'reproducible',
  'table-mode',
  'cyclonedx-version',
  'spdx-version',
  'dependency-tree',
  'show-suppressed',
  'exceptions',
  'parallel',
  'secret-config',
  'download-db-only',
  'download-java-db-only',
  'no-progress',
] as const;
type ForOutputs = (typeof ofOutputs)[number];
type ScanName = Exclude<(typeof scanOptionNames)[number], ForOutputs>;
const unused: ReadonlySet<string> = new Set(ofOutputs);

const optionNames = [
  ...scanOptionNames.filter((name): name is ScanName => !unused.has(name)),
  'kubeconfig',
  'include-namespaces',
  'exclude-namespaces',
  'namespace-selector',
  'database-interval',
  'leader-elect',
  'listen',
  'report-size',
  'report-ttl',
  'scan-timeout',
  'scan-workers',
  'qps',
  'burst',
  'timeout',
] as const satisfies readonly OptionName[];

export const operator = defineCommand({
  name: 'operator',
  group: 'Management',
  about: 'keep a report of each image that runs in a Kubernetes cluster',
  usage: '',
  examples: ['operator --leader-elect', 'operator --kubeconfig kubeconfig --include-namespaces shop,payments'],
  options: optionNames,
  // It runs until it is told to end.
  defaults: { timeout: 0, listen: ':8080', 'scan-workers': 2, qps: 50, burst: 100, scanners: ['vuln'] },
  async run({ options, explicit, args, world }) {
    if (args.length > 0) throw usage(`operator takes no arguments: ${args[0]}`);
    const others = options.scanners.filter((one) => one !== 'vuln');
    if (others.length > 0) throw usage(`--scanners ${others.join(',')} is not available yet for the operator`);
    if (options['report-size'] < 16_384) throw usage('--report-size is too small: 16KiB is the least');
    // What is left out of the names is not read for scans, or given below.
    const given = { ...options, 'secret-config': '', exceptions: [] } as unknown as ScanCommandOptions;
    const scan = await readPassword(
      given,
      toScanOptions(given, {
        ...toFilterChoice(given, explicit),
        scanners: ['vuln'] satisfies readonly Scanner[],
        // Images go in parallel; layers of one image less so.
        parallel: 2,
      }),
      world,
    );
    const { runOperator } = await import('#kubernetes');
    await runOperator(
      {
        cluster: { kubeconfig: options.kubeconfig || undefined },
        ...listenAddress(options.listen),
        namespaces: { include: options['include-namespaces'], exclude: options['exclude-namespaces'] },
        namespaceSelector: options['namespace-selector'],
        scan,
        version: programVersion(),
        workers: Math.max(1, Math.floor(options['scan-workers'])),
        budget: options['report-size'],
        ttl: options['report-ttl'],
        databaseInterval: Math.max(1000, options['database-interval']),
        scanTimeout: options['scan-timeout'] || 2 ** 31 - 1,
        removeAfter: 300_000,
        electLeader: options['leader-elect'],
        qps: options.qps,
        burst: options.burst,
      },
      world,
    );
    return 0;
  },
});

const usage = (problem: string): PratiqueError => new PratiqueError('usage/invalid', { problem });

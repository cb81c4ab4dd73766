import { PratiqueError } from '#base';
import type { OperatorOptions } from '#kubernetes';
import type { Scanner } from '#scan';
import { defineCommand } from '../command.js';
import { listenAddress } from '../listen-address.js';
import type { OptionName, Options } from '../option-table.js';
import { programVersion } from '../program-version.js';
import { readPassword } from '../read-password.js';
import { operatorEnvironment } from './operator-environment.js';
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
  'scanners',
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
  'notify-alertmanager',
  'notify-events',
  'notify-secrets',
  'notify-severities',
  'notify-slack',
  'notify-webhook',
  'report-kinds',
  'report-size',
  'report-store',
  'report-store-all',
  'report-ttl',
  'role',
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
  defaults: { timeout: 0, listen: ':8080', 'scan-workers': 2, qps: 200, burst: 400 },
  async run({ options: given, explicit, args, world }) {
    const options = { ...given, ...operatorEnvironment(world.env, explicit, given['report-kinds']) } as typeof given;
    if (args.length > 0) throw usage(`operator takes no arguments: ${args[0]}`);
    if (options['report-size'] < 16_384) throw usage('--report-size is too small: 16KiB is the least');
    const kinds = options['report-kinds'];
    if (kinds.length === 0) throw usage('--report-kinds: no kind of report is left');
    const scanners = scannersOf(kinds);
    // What is left out of the names is not read for scans, or given below.
    const known = { ...options, exceptions: [] } as unknown as ScanCommandOptions;
    const scan = await readPassword(
      known,
      toScanOptions(known, {
        ...toFilterChoice(known, explicit),
        scanners,
        fileDigests: kinds.includes('sbom'),
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
        kinds,
        scan,
        version: programVersion(),
        role: options.role as OperatorOptions['role'],
        workers: Math.max(1, Math.floor(options['scan-workers'])),
        budget: options['report-size'],
        ttl: options['report-ttl'],
        databaseInterval: Math.max(1000, options['database-interval']),
        scanTimeout: options['scan-timeout'] || 2 ** 31 - 1,
        removeAfter: 300_000,
        ...storeOf(options),
        ...notifyOf(options),
        electLeader: options['leader-elect'],
        qps: options.qps,
        burst: options.burst,
      },
      world,
    );
    return 0;
  },
});

type NotifyNames = 'notify-alertmanager' | 'notify-events' | 'notify-secrets' | 'notify-severities' | 'notify-slack';

function notifyOf(options: Options<NotifyNames | 'notify-webhook' | 'report-kinds'>): Pick<OperatorOptions, 'notify'> {
  const sinks = {
    webhook: options['notify-webhook'],
    alertmanager: options['notify-alertmanager'],
    slack: options['notify-slack'],
    secrets: options['notify-secrets'],
  };
  if (!sinks.webhook && !sinks.alertmanager && !sinks.slack) return {};
  if (!options['report-kinds'].includes('vulnerability'))
    throw usage('events need the reports of vulnerabilities: --report-kinds vulnerability');
  return { notify: { sinks, types: options['notify-events'], severities: options['notify-severities'] } };
}

function storeOf(options: Options<'report-store' | 'report-store-all'>): Pick<OperatorOptions, 'store'> {
  const { 'report-store': address, 'report-store-all': always } = options;
  if (!address && always) throw usage('--report-store-all needs --report-store');
  return address ? { store: { address, always } } : {};
}

/** What the kinds of reports need to be looked for. */
const scannersOf = (kinds: readonly string[]): readonly Scanner[] => [
  ...(kinds.some((kind) => kind.endsWith('vulnerability')) ? (['vuln'] as const) : []),
  ...(kinds.includes('exposed-secret') ? (['secret'] as const) : []),
];

const usage = (problem: string): PratiqueError => new PratiqueError('usage/invalid', { problem });

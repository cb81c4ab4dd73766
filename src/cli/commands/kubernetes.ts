import { PratiqueError } from '#base';
import type { clusterBill, ClusterReport, KubernetesClient } from '#kubernetes';
import { type Severity } from '#model';
import { writeOutput, type World } from '#platform';
import type { Scanner } from '#scan';
import { resolve } from 'node:path';
import { defineCommand } from '../command.js';
import type { GlobalOptions, OptionName, Options } from '../option-table.js';
import { programVersion } from '../program-version.js';
import { readPassword } from '../read-password.js';
import { toFilterChoice } from './report-options.js';
import { scanOptionNames, toScanOptions } from './scan-options.js';

const optionNames = [
  ...scanOptionNames,
  'kubeconfig',
  'report',
  'include-namespaces',
  'exclude-namespaces',
  'include-kinds',
  'exclude-kinds',
  'exclude-owned',
  'exclude-nodes',
  'disable-node-collector',
  'skip-images',
  'qps',
  'burst',
  'timeout',
] as const satisfies readonly OptionName[];

type KubernetesOptions = Options<(typeof optionNames)[number]> & GlobalOptions;

export const kubernetes = defineCommand({
  name: 'kubernetes',
  aliases: ['k8s'],
  group: 'Scanning',
  about: 'scan the images that run in a Kubernetes cluster',
  usage: '[CONTEXT]',
  examples: [
    'k8s --report summary',
    'k8s my-context --include-namespaces shop,payments --severity CRITICAL --report all',
    'k8s --format json --output cluster.json',
    'k8s --format cyclonedx --output cluster.cdx.json',
  ],
  options: optionNames,
  // Images by the hundred take their time.
  defaults: { scanners: ['vuln', 'misconfig', 'secret', 'rbac'], timeout: 3_600_000 },
  async run({ options, explicit, args, world }) {
    const request = toRequest(options, args);
    const { connectToCluster, kindsOf, scanCluster } = await import('#kubernetes');
    const choice = {
      namespaces: { include: options['include-namespaces'], exclude: options['exclude-namespaces'] },
      includeKinds: kindsOf(options['include-kinds'], 'include-kinds'),
      excludeKinds: kindsOf(options['exclude-kinds'], 'exclude-kinds'),
      excludeOwned: options['exclude-owned'],
    };
    const scanOptions = await readPassword(
      options,
      toScanOptions(options, {
        ...toFilterChoice(options, explicit),
        // They count by namespace, which a scan of an image does not know.
        exceptions: [],
        scanners: options.scanners.filter((one): one is Scanner => request.scanners.includes(one)),
        // Images go in parallel; layers of one image less so.
        parallel: 2,
      }),
      world,
    );
    const client = await connectToCluster(
      { kubeconfig: options.kubeconfig || undefined, context: args[0] },
      { qps: options.qps, burst: options.burst, userAgent: `pratique/${programVersion()}` },
      world,
    );
    try {
      if (request.format === 'cyclonedx') return await writeInventory(client, choice, request, options, world);
      const report = await scanCluster(
        client,
        {
          ...choice,
          skipImages: options['skip-images'],
          parallel: options.parallel || 5,
          wanted: options.scanners,
          exceptions: options.exceptions,
          scan: scanOptions,
        },
        world,
      );
      for (const { message, code, severity } of report.diagnostics) {
        world.log[severity === 'info' ? 'info' : 'warn'](message, { code });
      }
      await write(encode(report, request, options, world), request.output, world);
      return exitCode(report, options);
    } finally {
      client.close();
    }
  },
});

/** The cluster as a bill of materials; no image is pulled. */
async function writeInventory(
  client: KubernetesClient,
  choice: Parameters<typeof clusterBill>[1],
  { output }: Request,
  options: KubernetesOptions,
  world: World,
): Promise<number> {
  const { clusterBill } = await import('#kubernetes');
  const { writeBill } = await import('#report');
  const { nodes, failures } = await clusterBill(client, choice, world);
  const at = { createdAt: world.clock.now().toISOString() };
  await write(writeBill(nodes, at, { version: programVersion() }), output, world);
  return failures.length > 0 ? options['incomplete-exit-code'] : 0;
}

interface Request {
  readonly format: 'table' | 'json' | 'cyclonedx';
  readonly kind: 'all' | 'summary';
  readonly output: string | undefined;
  readonly scanners: readonly string[];
}

const usage = (problem: string): PratiqueError => new PratiqueError('usage/invalid', { problem });

/** Fails before the cluster is asked anything. */
function toRequest(options: KubernetesOptions, args: readonly string[]): Request {
  if (args.length > 1) throw usage('kubernetes takes one context at a time');
  for (const what of ['kinds', 'namespaces'] as const) {
    if (options[`include-${what}`].length > 0 && options[`exclude-${what}`].length > 0)
      throw usage(`--include-${what} and --exclude-${what} exclude each other`);
  }
  const { format } = options;
  if (format !== 'table' && format !== 'json' && format !== 'cyclonedx')
    throw usage(`--format ${format} is not for clusters; there are table, json and cyclonedx`);
  const scanners = options.scanners.filter((one) => one !== 'misconfig' && one !== 'rbac');
  if (scanners.length === 0) throw usage(`--scanners ${options.scanners.join(',')} is not available yet for clusters`);
  const kind = options.report === 'all' || options.report === 'summary' ? options.report : undefined;
  return { format, kind: kind ?? (format === 'table' ? 'summary' : 'all'), output: options.output.at(-1), scanners };
}

async function* encode(
  report: ClusterReport,
  { format, kind, output, scanners }: Request,
  options: KubernetesOptions,
  world: World,
): AsyncIterable<string | Uint8Array> {
  const { clusterJson, clusterSummary, clusterTables } = await import('#kubernetes');
  const terminal = output === undefined && world.stdout.isTTY;
  const common = {
    version: programVersion(),
    listPackages: options['list-all-pkgs'],
    showSuppressed: options['show-suppressed'],
    severities: options.severity as readonly Severity[],
    scanners,
    color: terminal && !world.env['NO_COLOR'],
  };
  if (format === 'json') yield* clusterJson(report, kind, common);
  else if (kind === 'summary') yield* clusterSummary(report, common);
  else {
    yield* clusterTables(report, {
      ...common,
      tableModes: ['detailed'],
      dependencyTree: options['dependency-tree'],
      ...(terminal && world.stdout.columns ? { width: world.stdout.columns } : {}),
    });
  }
}

async function write(
  chunks: AsyncIterable<string | Uint8Array>,
  output: string | undefined,
  world: World,
): Promise<void> {
  if (output !== undefined) return writeOutput(resolve(world.cwd, output), chunks);
  for await (const chunk of chunks) await world.stdout.write(chunk);
}

function exitCode({ resources, diagnostics }: ClusterReport, options: KubernetesOptions): number {
  const images = resources.flatMap((resource) => resource.images);
  const results = images.flatMap(({ report }) => report?.results ?? []);
  const found = results.some(({ vulnerabilities, secrets = [], licenses = [] }) =>
    [vulnerabilities, secrets, licenses].some((list) => list.length > 0),
  );
  if (found && options['exit-code'] !== 0) return options['exit-code'];
  const failed =
    resources.some(({ error }) => error !== undefined) ||
    images.some(
      ({ error, report }) => error !== undefined || report?.diagnostics.some((d) => d.severity === 'error'),
    ) ||
    diagnostics.some(({ severity }) => severity === 'error');
  return failed ? options['incomplete-exit-code'] : 0;
}

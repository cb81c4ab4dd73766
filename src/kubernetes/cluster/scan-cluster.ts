/**
 * Scans what runs in a cluster: workloads are listed, their images planned, each image scanned once. What fails is a row of
 * the report with its reason; the rest goes on.
 */
import { compact, oneLine } from '#base';
import type { Diagnostic, Report } from '#model';
import { cacheDirectory, type World } from '#platform';
import { openDatabase, type ScanOptions } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import { type ClusterExceptions, readClusterExceptions } from './cluster-exceptions.js';
import type { ClusterReport, ClusterResource, ScannedImage } from './cluster-report.js';
import type { Collected } from './collect-workloads.js';
import { isWorkloadKind } from './kinds.js';
import { type ClusterScanOptions, planCluster } from './plan-cluster.js';
import type { ImagePlan, ImageTask, UsedImage } from './plan-images.js';
import { createPullSecrets } from './pull-secrets.js';
import { scanTask, type TaskOutcome } from './scan-task.js';

export async function scanCluster(
  client: KubernetesClient,
  options: ClusterScanOptions,
  world: World,
): Promise<ClusterReport> {
  const { plan, collected, isSelected } = await planCluster(client, options, world);
  const exceptions = await readClusterExceptions(client, options.exceptions, world);
  const secrets = createPullSecrets(client, world);
  const outcomes = options.skipImages
    ? new Map<string, TaskOutcome>()
    : await scanImages(plan.tasks, secrets, options, world);
  return {
    clusterName: client.cluster.name,
    resources: [...failureRows(collected, isSelected), ...workloadRows(plan, outcomes, exceptions, options.skipImages)],
    diagnostics: [
      ...unavailable(options),
      ...unseen(collected, isSelected),
      ...secrets.diagnostics,
      ...exceptions.diagnostics,
    ],
  };
}

async function scanImages(
  tasks: readonly ImageTask[],
  secrets: ReturnType<typeof createPullSecrets>,
  options: ClusterScanOptions,
  world: World,
): Promise<ReadonlyMap<string, TaskOutcome>> {
  const outcomes = new Map<string, TaskOutcome>();
  if (tasks.length === 0) return outcomes;
  const scanOptions = await withReadyDatabase(options.scan, world);
  world.log.info('Scanning the images of the cluster', { images: tasks.length });
  const queue = tasks.values();
  world.progress?.count('images', 0, tasks.length);
  const work = async (): Promise<void> => {
    for (const task of queue) {
      world.signal.throwIfAborted();
      const outcome = await scanTask(task, await secrets.keyringFor(task.workloads), scanOptions, world);
      outcomes.set(task.key, outcome);
      if ('error' in outcome)
        world.log.warn('An image could not be scanned', { image: task.references[0], reason: outcome.error });
      world.progress?.count('images', outcomes.size, tasks.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(options.parallel, tasks.length)) }, work));
  } finally {
    world.progress?.end('images');
  }
  return outcomes;
}

/** One update for all images: the scans that follow use what is there. */
async function withReadyDatabase(options: ScanOptions, world: World): Promise<ScanOptions> {
  if (options.scanners && !options.scanners.includes('vuln')) return options;
  const cacheDir = options.cacheDir ?? cacheDirectory(world);
  const database = await openDatabase({ ...options.database, cacheDir, registry: options.registry ?? {} }, world);
  database.close();
  const ready = database.info.kind === 'embedded' ? { embedded: true } : { skipUpdate: true };
  return { ...options, database: { ...options.database, ...ready } };
}

function workloadRows(
  plan: ImagePlan,
  outcomes: ReadonlyMap<string, TaskOutcome>,
  { accept }: ClusterExceptions,
  skipped: boolean,
): ClusterResource[] {
  return plan.workloads.map(({ workload: { namespace, kind, name }, images }) => ({
    namespace,
    kind,
    name,
    images: skipped
      ? []
      : images.map((image) => scannedImage(image, outcomes.get(image.task), (report) => accept(report, namespace))),
  }));
}

function scannedImage(
  { image, digest, containers }: UsedImage,
  outcome: TaskOutcome | undefined,
  accept: (report: Report) => Report,
): ScannedImage {
  const found = outcome ?? { error: 'not scanned' };
  return compact({
    image,
    digest,
    containers,
    ...('report' in found
      ? { platform: found.platform, report: renamed(accept(found.report), image) }
      : { error: found.error }),
  });
}

/** Results are named by the image as the workload knows it, not by the digest that was scanned. */
function renamed(report: Report, image: string): Report {
  const { artifactName } = report;
  const results = report.results.map((result) =>
    result.target.startsWith(artifactName)
      ? { ...result, target: oneLine(image) + result.target.slice(artifactName.length) }
      : result,
  );
  return { ...report, artifactName: image, results };
}

function failureRows({ failures }: Collected, isSelected: (kind: string) => boolean): ClusterResource[] {
  return failures
    .filter(({ kind }) => kind === 'Namespace' || isSelected(kind))
    .map(({ namespace, kind, error }) => ({
      namespace,
      kind,
      name: kind === 'Namespace' ? namespace : '*',
      images: [],
      error: error.message,
    }));
}

/** Kinds that were not asked for, but tell what runs. */
function unseen({ failures, nodes }: Collected, isSelected: (kind: string) => boolean): Diagnostic[] {
  const found: Diagnostic[] = failures
    .filter(({ kind }) => kind !== 'Namespace' && !isSelected(kind))
    .map(({ kind, error }) => ({
      code: 'kubernetes/incomplete-list',
      severity: 'warning',
      message: `${kind} objects could not be listed, so images are those of templates: ${error.message}`,
    }));
  if (!nodes) {
    found.push({
      code: 'kubernetes/unknown-platforms',
      severity: 'warning',
      message: 'nodes could not be listed: images are scanned for linux/amd64, else linux/arm64',
    });
  }
  return found;
}

const notYet: Readonly<Record<string, string>> = {
  misconfig:
    'the configuration of workloads, nodes and the cluster is not assessed: misconfiguration checks are not available yet',
  rbac: 'roles and bindings are not assessed: RBAC checks are not available yet',
};

function unavailable({ wanted, includeKinds, skipImages }: ClusterScanOptions): Diagnostic[] {
  const found: Diagnostic[] = wanted
    .filter((scanner) => Object.hasOwn(notYet, scanner))
    .map((scanner) => ({
      code: `kubernetes/no-${scanner}`,
      severity: 'warning',
      message: notYet[scanner]!,
    }));
  if (wanted.includes('vuln')) {
    found.push({
      code: 'kubernetes/no-components',
      severity: 'info',
      message: 'vulnerabilities of Kubernetes itself and of its nodes are not assessed yet, only those of images',
    });
  }
  const others = [...includeKinds].filter((kind) => !isWorkloadKind(kind));
  if (others.length > 0) {
    found.push({
      code: 'kubernetes/no-images',
      severity: 'warning',
      message: `not assessed, since only their configuration could be: ${others.join(', ')}`,
    });
  }
  if (skipImages) {
    found.push({
      code: 'kubernetes/skipped-images',
      severity: 'info',
      message: 'images are not scanned: --skip-images',
    });
  }
  return found;
}

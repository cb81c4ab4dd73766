/**
 * The reports about the cluster itself: its bill of materials (version, control plane, nodes with their system, kubelet and
 * container runtime, images that run), and the vulnerabilities of Kubernetes and of the container runtimes. Made again when
 * the cluster or the advisory database changed; those of a former version of the cluster are removed.
 */
import { join } from 'node:path';
import { FormatError, PratiqueError } from '#base';
import { tempDirectory, type World, writeAtomically } from '#platform';
import { writeBill } from '#report';
import { type ScanOptions, takeInventory } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import { isConflict } from '../client/kubernetes-error.js';
import { describeCluster } from '../cluster/cluster-bill.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { fitBill, fitFindings } from '../reports/fit-budget.js';
import type { ImageReportType, ReportHead } from '../reports/image-report.js';
import { firstSeenOf, reportBody } from '../reports/report-body.js';
import { type Assessment, factsOf, headOf, scannerOf } from '../reports/report-head.js';
import { hash } from '../reports/report-name.js';
import { type Bill, billOf, billSummary, clusterSbomReports, type SbomBody } from '../reports/sbom-report.js';
import { clusterVulnerabilityReports, type ReportBody } from '../reports/vulnerability-report.js';
import type { KeptDatabase } from './keep-database.js';

export interface ClusterReportsOptions {
  readonly client: KubernetesClient;
  readonly kinds: readonly string[];
  readonly scan: ScanOptions;
  readonly database: KeptDatabase;
  readonly budget: number;
  /** Of this program. */
  readonly version: string;
  /** `undefined` while it is not known what runs. */
  running(): Iterable<ImageTask> | undefined;
  mayListNodes(): boolean;
}

const INTERVAL = 300_000;
/** Until what runs is known, and after a change of the database. */
const PAUSE = 2000;

const contentAnnotation = 'pratique.dev/content';
const labels = {
  'app.kubernetes.io/managed-by': 'trivy-operator',
  'trivy-operator.aquasecurity.github.io/sbom-type': 'kbom',
};

export async function keepClusterReports(
  options: ClusterReportsOptions,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const { kinds, database } = options;
  if (!kinds.some((kind) => kind.startsWith('cluster-'))) return;
  let madeWith: string | undefined;
  let madeAt = 0;
  while (!signal.aborted) {
    const running = options.running();
    const isDue = database.version !== madeWith || world.clock.now().getTime() - madeAt >= INTERVAL;
    if (running && database.version !== undefined && isDue) {
      madeWith = database.version;
      madeAt = world.clock.now().getTime();
      try {
        await makeReports(running, options, world);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof PratiqueError || error instanceof FormatError)) throw error;
        world.log.warn('The reports about the cluster could not be made', { reason: error.message });
      }
    }
    await world.clock.sleep(PAUSE, signal).catch(() => {});
  }
}

async function makeReports(tasks: Iterable<ImageTask>, options: ClusterReportsOptions, world: World): Promise<void> {
  const { client, kinds, version, mayListNodes } = options;
  const nodes = await describeCluster(client, { tasks, mayListNodes: mayListNodes() }, world);
  const createdAt = world.clock.now().toISOString();
  const chunks: string[] = [];
  for await (const chunk of writeBill(nodes, { createdAt }, { version })) chunks.push(chunk);
  const text = chunks.join('');
  const bill = billOf(text);
  const release = nodes[0]?.version ?? '';
  const content = hash(JSON.stringify({ ...bill, metadata: undefined }));
  if (kinds.includes('cluster-sbom')) {
    const make = (): SbomBody => billBody(bill, release, createdAt, version);
    await put(clusterSbomReports as ImageReportType, release, content, make, fitBill as Fit, options, world);
  }
  if (kinds.includes('cluster-vulnerability')) await putVulnerabilities(text, release, content, options, world);
}

function billBody(bill: Bill, release: string, createdAt: string, version: string): SbomBody {
  return {
    updateTimestamp: createdAt,
    scanner: scannerOf(version),
    registry: { server: 'k8s.io' },
    artifact: { repository: 'kubernetes', tag: release },
    summary: billSummary(bill),
    components: bill,
    pratique: { scan: { phase: 'Succeeded', attempts: 0, lastSuccess: createdAt } },
  };
}

async function putVulnerabilities(
  text: string,
  release: string,
  content: string,
  options: ClusterReportsOptions,
  world: World,
): Promise<void> {
  const folder = await tempDirectory();
  try {
    const path = join(folder.path, 'cluster.cdx.json');
    await writeAtomically(path, text);
    const record = await takeInventory({ kind: 'sbom', path }, options.scan, world);
    await options.database.use(async (assessor, database) => {
      const report = await assessor.assess(record);
      const { version } = options;
      const assessment: Assessment = { report, platform: '', version, ...factsOf(assessor) };
      const image = `k8s.io/kubernetes:${release}`;
      const make = (former: ReportHead | undefined): ReportBody => ({
        ...reportBody(assessment)({ image }, firstSeenOf(former as ReportBody | undefined)),
        ...headOf(assessment, { image }),
      });
      const fit: Fit = (body, bytes) => fitFindings(body as ReportBody, bytes);
      const type = clusterVulnerabilityReports as ImageReportType;
      await put(type, release, `${content} ${database}`, make, fit, options, world);
    });
  } finally {
    await folder.remove();
  }
}

type Fit = (body: ReportHead, bytes: number) => ReportHead;

/** Nothing is written while the content is the same. */
async function put(
  type: ImageReportType,
  release: string,
  content: string,
  make: (former: ReportHead | undefined) => ReportHead,
  fit: Fit,
  { client, budget }: ClusterReportsOptions,
  world: World,
): Promise<void> {
  const name = hash(`k8s.io/kubernetes:${release}`);
  const former = await client.find(type, name, { signal: world.signal });
  if (former?.metadata.annotations?.[contentAnnotation] !== content) {
    const { resourceVersion, uid } = former?.metadata ?? {};
    const metadata = {
      name,
      labels: { ...labels, 'resource-image-id': name },
      annotations: { [contentAnnotation]: content },
      ...(resourceVersion !== undefined && uid !== undefined && { resourceVersion, uid }),
    };
    const object = { metadata, report: fit(make(former?.report), budget) };
    try {
      await (former ? client.update(type, object, world) : client.create(type, object, world));
    } catch (error) {
      // Somebody else wrote it: the next round sees what is there.
      if (!isConflict(error)) throw error;
    }
  }
  const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const listed = client.listMetadata(type, { labelSelector: labelSelector.join(','), signal: world.signal });
  for await (const { metadata } of listed)
    if (metadata.name !== undefined && metadata.name !== name) await client.delete(type, metadata.name, world);
}

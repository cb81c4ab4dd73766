/** The parts of a working operator, joined: what runs, what should be reported, what is found, who is told. */
import { PratiqueError } from '#base';
import { cacheDirectory, type World } from '#platform';
import { type ImageRecords, imageRecords, inventorySignature, type ScanOptions } from '#scan';
import type { Metrics } from '../admission/metrics.js';
import type { KubernetesClient } from '../client/client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { openReportStore } from '../report-store/open-report-store.js';
import { askWorkers } from '../workers/ask-workers.js';
import { reportKinds } from '../reports/report-kinds.js';
import { keepClusterReports } from './cluster-reports.js';
import { createInventories } from './find-inventory.js';
import { followExceptions } from './follow-exceptions.js';
import { followWorkloads, namedNamespaces } from './follow-workloads.js';
import { keepDatabase } from './keep-database.js';
import { limitTakes } from './limit-takes.js';
import { operatorMetricNames } from './operator-metrics.js';
import type { OperatorOptions } from './operator-options.js';
import { createReconciler } from './reconcile.js';
import { createScanUnits } from './scan-units.js';
import { takeImage } from './take-image.js';
import { openEvents } from './tell-events.js';
import { createUnitWriter } from './unit-writer.js';
import { createWorkQueue } from './work-queue.js';

export type Operation = Awaited<ReturnType<typeof prepareOperation>>;

export async function prepareOperation(
  options: OperatorOptions,
  identity: string,
  client: KubernetesClient,
  metrics: Metrics,
  outside: World,
  signal: AbortSignal,
) {
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  const world: World = { ...outside, signal: ended };
  const { ttl, removeAfter, version, budget } = options;
  const kinds = reportKinds.filter(({ id }) => options.kinds.includes(id));
  const events = openEvents(options, client, metrics, world);
  const histories = events?.histories;
  const onChange = (): void => reconciler.wake();
  const followed = followWorkloads(
    {
      ...options,
      kinds,
      client,
      onChange: () => reconciler.changed(),
      onReport: (kind, key, known) => reconciler.seen(kind, key, known),
    },
    world,
  );
  const exceptions = followExceptions({ client, namespaces: namedNamespaces(options.namespaces), onChange }, world);
  const database = keepDatabase(options.scan, { interval: options.databaseInterval, onChange }, world);
  const isRecorded = (task: ImageTask): boolean => histories?.knows(task) ?? true;
  const reconciler = createReconciler(
    () => ({ client, kinds, followed, exceptions, database, queue, ttl, removeAfter, isRecorded }),
    world,
  );
  const writer = createUnitWriter(
    {
      client,
      reconciler,
      exceptions,
      ...(kinds[0] && { primary: kinds[0] }),
      budget,
      signal: ended,
      onFailure: (reason) => metrics.count(operatorMetricNames.failures, { reason }),
      onWritten: ({ id: kind }, phase) => metrics.count(operatorMetricNames.written, { kind, phase }),
    },
    world,
  );
  const taking = { client, scan: options.scan, timeout: options.scanTimeout, signal: ended };
  const takes = limitTakes(Math.max(1, options.workers), (task) => takeImage(task, taking, world), metrics, world);
  const signature = await inventorySignature(options.scan, world);
  const records = openRecords(options.scan, signature, world);
  const { namespace } = client.cluster;
  const workers =
    options.role === 'coordinator'
      ? askWorkers({ client, namespace, signature, identity, takeHere: takes.take }, world)
      : undefined;
  const findInventory = createInventories({ records, take: workers?.take ?? takes.take }, world);
  const store = options.store && (await openReportStore(options.store.address, options.scan.registry ?? {}, world));
  const scanUnits = createScanUnits(
    {
      kinds,
      reconciler,
      writer,
      database,
      findInventory,
      version,
      signal: ended,
      ...(histories && { histories }),
      ...(store && { store: { store, always: options.store?.always === true, signal: ended } }),
    },
    world,
  );
  const queue = createWorkQueue(workers ? ASKED : COMPARED, scanUnits);
  /** Until the first comparison nothing is known. */
  const running = (): Iterable<ImageTask> | undefined =>
    reconciler.settled || reconciler.scanned > 0 ? reconciler.plan.tasks.values() : undefined;
  const clusterReports = { client, kinds: options.kinds, scan: options.scan, database, budget, version, running };
  return {
    database,
    reconciler,
    waiting: () => queue.waiting + takes.waiting,
    underWay: () => takes.running,
    waitingEvents: () => histories?.waiting,
    busyWorkers: () => workers?.busy,
    lastSuccess: () => takes.lastSuccess,
    notReady: () =>
      followed.notReady() ??
      exceptions.notReady() ??
      (database.version === undefined ? 'no advisory database' : undefined),
    /** One that fails ends all. */
    async run(): Promise<void> {
      await events?.load(ended);
      // Signals of their own: dozens of listeners on one look like a leak.
      const own = (): AbortSignal => AbortSignal.any([ended]);
      const parts = [
        followed.run(own()),
        exceptions.run(own()),
        database.run(own()),
        reconciler.run(own()),
        queue.run(own()),
        workers?.run(own()),
        keepClusterReports({ ...clusterReports, mayListNodes: () => followed.knowsNodes }, world, own()),
        events?.run({ running, settled: () => reconciler.settled }, own()),
      ];
      try {
        await Promise.all(parts);
      } finally {
        stopping.abort(new PratiqueError('scan/interrupted'));
        await Promise.allSettled(parts);
        await store?.close();
      }
    },
  };
}

/** Images at a time: who waits for workers takes little; more would not be compared faster. */
const ASKED = 64;
const COMPARED = 8;

function openRecords(scan: ScanOptions, signature: string, world: World): ImageRecords {
  const { cacheMaxSize: maxSize = 1e9 } = scan;
  return imageRecords({ cacheDir: scan.cacheDir ?? cacheDirectory(world), maxSize, signature }, world);
}

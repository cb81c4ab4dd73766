/** Puts the operator together and runs it until the program is told to end. */
import { randomUUID } from 'node:crypto';
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { ScanOptions } from '#scan';
import type { NamespaceChoice } from '../cluster/collect-workloads.js';
import type { KubernetesClient } from '../client/client.js';
import { type ClusterChoice, connectToCluster } from '../client/connect.js';
import { followExceptions } from './follow-exceptions.js';
import { followWorkloads, namedNamespaces } from './follow-workloads.js';
import { startHealthServer } from './health-server.js';
import { keepDatabase } from './keep-database.js';
import { whileLeading } from './lease.js';
import { operatorMetricNames, operatorMetrics } from './operator-metrics.js';
import { createReconciler } from './reconcile.js';
import { createScanUnits } from './scan-units.js';
import { createUnitWriter } from './unit-writer.js';
import { createWorkQueue } from './work-queue.js';

export interface OperatorOptions {
  readonly cluster: ClusterChoice;
  readonly namespaces: NamespaceChoice;
  readonly namespaceSelector: string;
  readonly scan: ScanOptions;
  /** Of this program. */
  readonly version: string;
  readonly host?: string;
  readonly port: number;
  /** Images scanned at the same time. */
  readonly workers: number;
  /** Bytes of a report. */
  readonly budget: number;
  /** Milliseconds, as all below; 0: reports are good until the database changes. */
  readonly ttl: number;
  readonly databaseInterval: number;
  readonly scanTimeout: number;
  readonly removeAfter: number;
  readonly electLeader: boolean;
  readonly qps: number;
  readonly burst: number;
}

const leaseName = 'pratique-operator';

/** Resolves when `outside.signal` ended it; rejects when it cannot go on. */
export async function runOperator(
  options: OperatorOptions,
  outside: World,
  onListening: (port: number) => void = () => {},
): Promise<void> {
  // The lease is given back after the signal.
  const life = new AbortController();
  const world: World = { ...outside, signal: life.signal };
  const { qps, burst } = options;
  const client = await connectToCluster(options.cluster, { qps, burst, userAgent: 'pratique-operator' }, world);
  let isLeading = false;
  let operation: ReturnType<typeof prepare> | undefined;
  const metrics = metricsOf(
    () => operation,
    () => isLeading,
    world,
  );
  const notReady = (): string | undefined => (isLeading ? operation?.notReady() : undefined);
  try {
    const { host, port } = options;
    const server = await startHealthServer({ port, ...(host && { host }), notReady, metrics: metrics.text });
    onListening(server.port);
    world.log.info('The operator runs', { port: server.port });
    const work = async (signal: AbortSignal): Promise<void> => {
      isLeading = true;
      operation = prepare(options, client, metrics, world, signal);
      await operation.run();
    };
    try {
      if (!options.electLeader) await work(outside.signal);
      else {
        const identity = `${outside.env['HOSTNAME'] ?? 'operator'}_${randomUUID()}`;
        const place = { client, namespace: client.cluster.namespace, name: leaseName, identity };
        await whileLeading(place, work, world, outside.signal);
      }
    } finally {
      await server.close();
    }
  } finally {
    life.abort(new PratiqueError('scan/interrupted'));
    client.close();
  }
}

function prepare(
  options: OperatorOptions,
  client: KubernetesClient,
  metrics: ReturnType<typeof operatorMetrics>,
  outside: World,
  signal: AbortSignal,
) {
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  const world: World = { ...outside, signal: ended };
  let lastSuccess: number | undefined;
  const onChange = (): void => reconciler.wake();
  const followed = followWorkloads(
    { ...options, client, onChange, onReport: (key, known) => reconciler.seen(key, known) },
    world,
  );
  const exceptions = followExceptions({ client, namespaces: namedNamespaces(options.namespaces), onChange }, world);
  const database = keepDatabase(options.scan, { interval: options.databaseInterval, onChange }, world);
  const { ttl, removeAfter } = options;
  const reconciler = createReconciler(
    () => ({ client, followed, exceptions, database, queue, ttl, removeAfter }),
    world,
  );
  const writer = createUnitWriter(
    {
      client,
      reconciler,
      exceptions,
      budget: options.budget,
      signal: ended,
      onFailure: (reason) => metrics.count(operatorMetricNames.failures, { reason }),
      onWritten: (phase) => metrics.count(operatorMetricNames.written, { phase }),
    },
    world,
  );
  const scanning = { version: options.version, timeout: options.scanTimeout, signal: ended };
  const scanUnits = createScanUnits(
    {
      client,
      reconciler,
      writer,
      database,
      ...scanning,
      onScan(result, seconds) {
        metrics.count(operatorMetricNames.scans, { result });
        metrics.observe(operatorMetricNames.duration, seconds);
        if (result === 'success') lastSuccess = world.clock.now().getTime();
      },
    },
    world,
  );
  const queue = createWorkQueue(options.workers, scanUnits);
  return {
    followed,
    database,
    reconciler,
    queue,
    lastSuccess: () => lastSuccess,
    notReady: () =>
      followed.notReady() ??
      exceptions.notReady() ??
      (database.version === undefined ? 'no advisory database' : undefined),
    /** One that fails ends all. */
    async run(): Promise<void> {
      const parts = [
        followed.run(ended),
        exceptions.run(ended),
        database.run(ended),
        reconciler.run(ended),
        queue.run(ended),
      ];
      try {
        await Promise.all(parts);
      } finally {
        stopping.abort(new PratiqueError('scan/interrupted'));
        await Promise.allSettled(parts);
      }
    },
  };
}

function metricsOf(operation: () => ReturnType<typeof prepare> | undefined, isLeading: () => boolean, world: World) {
  const now = (): number => world.clock.now().getTime();
  return operatorMetrics({
    running: () => operation()?.reconciler.plan.tasks.size ?? 0,
    scanned: () => operation()?.reconciler.scanned ?? 0,
    reports: () => operation()?.reconciler.plan.units.size ?? 0,
    waiting: () => operation()?.queue.waiting ?? 0,
    underWay: () => operation()?.queue.running ?? 0,
    leading: () => Number(isLeading()),
    lastSuccess: () => seconds(operation()?.lastSuccess()),
    databaseAge() {
      const builtAt = operation()?.database.builtAt;
      return builtAt === undefined ? undefined : Math.round((now() - builtAt) / 1000);
    },
  });
}

const seconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1000;

/** Puts the operator together and runs it until the program is told to end. */
import { randomUUID } from 'node:crypto';
import { PratiqueError } from '#base';
import type { World } from '#platform';
import { inventorySignature } from '#scan';
import type { Metrics } from '../admission/metrics.js';
import type { KubernetesClient } from '../client/client.js';
import { connectToCluster } from '../client/connect.js';
import { createWorker, type Worker } from '../workers/run-worker.js';
import { startHealthServer } from './health-server.js';
import { whileLeading } from './lease.js';
import { type Operation, prepareOperation } from './operation.js';
import { takeImage } from './take-image.js';
import { operatorMetricNames, operatorMetrics } from './operator-metrics.js';
import type { OperatorOptions } from './operator-options.js';

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
  let operation: Operation | undefined;
  let worker: Worker | undefined;
  const metrics = metricsOf(
    () => operation,
    () => worker,
    () => isLeading,
    world,
  );
  const notReady = (): string | undefined => {
    if (options.role === 'worker') return worker?.isSynced ? undefined : 'imagescans';
    return isLeading ? (operation ? operation.notReady() : 'it begins') : undefined;
  };
  try {
    const { host, port } = options;
    const server = await startHealthServer({ port, ...(host && { host }), notReady, metrics: metrics.text });
    onListening(server.port);
    world.log.info('The operator runs', { port: server.port });
    const identity = `${outside.env['HOSTNAME'] ?? 'operator'}_${randomUUID()}`;
    const work = async (signal: AbortSignal): Promise<void> => {
      isLeading = true;
      operation = await prepareOperation(options, identity, client, metrics, world, signal);
      await operation.run();
    };
    try {
      if (options.role === 'worker') {
        worker = await openWorker(options, identity, client, metrics, world);
        await worker.run(outside.signal);
      } else if (!options.electLeader) await work(outside.signal);
      else {
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

async function openWorker(
  { scan, workers, scanTimeout }: OperatorOptions,
  identity: string,
  client: KubernetesClient,
  metrics: Metrics,
  world: World,
): Promise<Worker> {
  const { namespace } = client.cluster;
  const signature = await inventorySignature(scan, world);
  const onScan = (result: string, seconds: number): void => {
    metrics.count(operatorMetricNames.scans, { result });
    metrics.observe(operatorMetricNames.duration, seconds);
  };
  return createWorker(
    {
      client,
      namespace,
      identity,
      signature,
      workers,
      onScan,
      read: (image, signal) => takeImage(image, { client, scan, timeout: scanTimeout, signal }, { ...world, signal }),
    },
    world,
  );
}

function metricsOf(
  operation: () => Operation | undefined,
  worker: () => Worker | undefined,
  isLeading: () => boolean,
  world: World,
) {
  const now = (): number => world.clock.now().getTime();
  return operatorMetrics({
    running: () => operation()?.reconciler.plan.tasks.size ?? 0,
    scanned: () => operation()?.reconciler.scanned ?? 0,
    reports: () => operation()?.reconciler.plan.units.size ?? 0,
    waiting: () => operation()?.waiting() ?? 0,
    waitingEvents: () => operation()?.waitingEvents(),
    underWay: () => worker()?.busy ?? operation()?.underWay() ?? 0,
    busyWorkers: () => operation()?.busyWorkers(),
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

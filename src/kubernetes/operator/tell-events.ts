/** The part of the operator that tells of changes: histories of findings, and their delivery. */
import { PratiqueError } from '#base';
import { sinkIds } from '#notify';
import { backoffDelay, type World } from '#platform';
import type { Metrics } from '../admission/metrics.js';
import type { KubernetesClient } from '../client/client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { createHistories, type Histories } from '../history/keep-histories.js';
import { sendEvents } from '../history/send-events.js';
import { operatorMetricNames } from './operator-metrics.js';
import type { OperatorOptions } from './operator-options.js';

export interface EventsState {
  /** `undefined` while it is not known. */
  running(): Iterable<ImageTask> | undefined;
  settled(): boolean;
}

export interface Events {
  readonly histories: Histories;
  /** Until what was known before is read; nothing may be recorded earlier. */
  load(signal: AbortSignal): Promise<void>;
  run(state: EventsState, signal: AbortSignal): Promise<void>;
}

const waiting = { first: 1000, factor: 2, longest: 30_000 };

export function openEvents(
  { notify, removeAfter, scan }: OperatorOptions,
  client: KubernetesClient,
  metrics: Metrics,
  world: World,
): Events | undefined {
  if (!notify) return undefined;
  const histories = createHistories(
    {
      client,
      namespace: client.cluster.namespace,
      sinks: sinkIds(notify.sinks),
      choice: notify,
      removeAfter,
      onEvent: (type) => metrics.count(operatorMetricNames.events, { type }),
      onDropped: (count) => metrics.count(operatorMetricNames.dropped, {}, count),
    },
    world,
  );
  const { caFile, insecure = false } = scan.registry ?? {};
  return {
    histories,
    async load(signal) {
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          return await histories.load();
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof PratiqueError)) throw error;
          world.log.error('The histories of findings cannot be read', { reason: error.message });
          await world.clock.sleep(backoffDelay(attempt, waiting), signal).catch(() => {});
        }
      }
    },
    run: (state, signal) =>
      sendEvents(
        {
          ...state,
          histories,
          sinks: notify.sinks,
          http: { insecure, ...(caFile && { caFile }) },
          source: client.cluster.name,
          onDelivery: (sink, result) => metrics.count(operatorMetricNames.deliveries, { sink, result }),
        },
        world,
        signal,
      ),
  };
}

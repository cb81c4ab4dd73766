/**
 * Reads of images, few at a time, counted: what is pulled and unpacked takes memory and the registry's patience, what is
 * compared with a database does not.
 */
import type { World } from '#platform';
import type { Metrics } from '../admission/metrics.js';
import type { ImageTask } from '../cluster/plan-images.js';
import type { Taken } from './find-inventory.js';
import { operatorMetricNames } from './operator-metrics.js';

export interface LimitedTakes {
  readonly running: number;
  readonly waiting: number;
  /** Milliseconds since 1970. */
  readonly lastSuccess: number | undefined;
  take(this: void, task: ImageTask): Promise<Taken>;
}

export function limitTakes(
  most: number,
  take: (task: ImageTask) => Promise<Taken>,
  metrics: Metrics,
  world: World,
): LimitedTakes {
  const queue: (() => void)[] = [];
  let running = 0;
  let lastSuccess: number | undefined;

  async function counted(task: ImageTask): Promise<Taken> {
    const begun = performance.now();
    const taken = await take(task);
    if (world.signal.aborted) return taken;
    const result = 'record' in taken ? 'success' : 'failure';
    metrics.count(operatorMetricNames.scans, { result });
    metrics.observe(operatorMetricNames.duration, (performance.now() - begun) / 1000);
    if (result === 'success') lastSuccess = world.clock.now().getTime();
    return taken;
  }

  return {
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
    get lastSuccess() {
      return lastSuccess;
    },
    async take(task) {
      if (running >= most) await new Promise<void>((resolve) => queue.push(resolve));
      else running++;
      try {
        // Whoever waited until the end of all need not begin.
        world.signal.throwIfAborted();
        return await counted(task);
      } finally {
        // The place goes to the next one.
        const next = queue.shift();
        if (next) next();
        else running--;
      }
    },
  };
}

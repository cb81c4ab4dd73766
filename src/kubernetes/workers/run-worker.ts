/**
 * A worker: claims images that the coordinator wants read, reads them, and writes down what is in them. It claims by writing
 * the status of the version it saw, renews its claim while it reads, and gives it back when it is told to end. One that dies
 * does not renew: after 20 seconds, another worker takes over.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { isConflict, isNotFound } from '../client/kubernetes-error.js';
import type { Taken } from '../operator/find-inventory.js';
import type { ImageToTake } from '../operator/take-image.js';
import {
  CLAIM,
  type ImageScan,
  imageScans,
  type ImageScanStatus,
  isEnded,
  MAX_ATTEMPTS,
  packRecord,
  statusOf,
  TOO_LARGE,
} from './image-scan.js';
import { type SeenScan, watchScans } from './watch-claims.js';

export interface WorkerOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Of this worker: unique, and another one after a restart. */
  readonly identity: string;
  readonly signature: string;
  /** Images read at the same time. */
  readonly workers: number;
  /** Reads an image; broken off by the signal. */
  read(image: ImageToTake, signal: AbortSignal): Promise<Taken>;
  onScan(result: 'success' | 'failure', seconds: number): void;
}

export interface Worker {
  readonly busy: number;
  readonly isSynced: boolean;
  /** Until the signal is aborted and every claim is given back. */
  run(signal: AbortSignal): Promise<void>;
}

const ROUND = 2000;

export function createWorker(options: WorkerOptions, world: World): Worker {
  const { client, namespace, signature, workers } = options;
  let wake: (() => void)[] = [];
  const scans = watchScans(client, namespace, wakeAll, world);
  const mine = new Set<string>();
  let strangers = 0;

  function wakeAll(): void {
    for (const one of wake.splice(0)) one();
  }

  /** Any of those that wait: workers that all began with the first would be in each other's way. */
  function choose(): { readonly name: string; readonly version: string } | undefined {
    const open = [...scans.entries()].filter(([name, scan]) => !mine.has(name) && isOpen(scan));
    const others = open.filter(([, scan]) => scan.signature !== signature).length;
    if (others > strangers) world.log.warn('Scans are asked for by other rules: has the coordinator the same options?');
    strangers = others;
    const own = open.filter(([, scan]) => scan.signature === signature);
    const chosen = own[Math.floor(Math.random() * own.length)];
    return chosen && { name: chosen[0], version: chosen[1].version };
  }

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const chosen = choose();
      if (!chosen) {
        await new Promise<void>((resolve) => {
          wake.push(resolve);
          world.clock.sleep(ROUND, signal).then(resolve, () => resolve());
        });
        continue;
      }
      const { name, version } = chosen;
      mine.add(name);
      try {
        const claimed = await claim(name, version, options, world, signal);
        if (claimed) await readClaimed(claimed, options, world, signal);
      } catch (error) {
        if (!(error instanceof PratiqueError)) throw error;
        if (!signal.aborted) world.log.warn('A scan could not be claimed or told', { name, reason: error.message });
        await world.clock.sleep(ROUND, signal).catch(() => {});
      } finally {
        mine.delete(name);
      }
    }
  }

  return {
    get busy() {
      return mine.size;
    },
    get isSynced() {
      return scans.isSynced;
    },
    async run(signal) {
      await Promise.all([scans.run(signal), ...Array.from({ length: Math.max(1, workers) }, () => loop(signal))]);
      wake = [];
    },
  };
}

function isOpen({ status, still }: SeenScan): boolean {
  if (status.phase === 'Waiting') return true;
  return status.phase === 'Running' && still >= CLAIM && status.attempts < MAX_ATTEMPTS;
}

/** Of the version that was seen to be free; `undefined` when somebody else was faster. */
async function claim(
  name: string,
  version: string,
  { client, namespace, identity }: WorkerOptions,
  world: World,
  signal: AbortSignal,
): Promise<ImageScan | undefined> {
  const object = await client.find(imageScans, name, { namespace, signal });
  if (!object || object.metadata.resourceVersion !== version || isEnded(statusOf(object))) return undefined;
  const attempts = statusOf(object).attempts + 1;
  const renewTime = world.clock.now().toISOString();
  return put(client, object, { phase: 'Running', worker: identity, attempts, renewTime }, signal);
}

/** `undefined` when it was changed or removed since. */
async function put(
  client: KubernetesClient,
  object: ImageScan,
  status: ImageScanStatus,
  signal?: AbortSignal,
): Promise<ImageScan | undefined> {
  try {
    const options = { subresource: 'status', ...(signal && { signal }) };
    return await client.update(imageScans, { ...object, status }, options);
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return undefined;
    throw error;
  }
}

async function readClaimed(
  claimed: ImageScan,
  options: WorkerOptions,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const { client, onScan, read } = options;
  const lost = new AbortController();
  const reading = AbortSignal.any([signal, lost.signal]);
  const begun = performance.now();
  const renewing = keepClaim(claimed, client, lost, world, reading);
  const taken = await read(claimed.spec, reading);
  lost.abort(new PratiqueError('scan/interrupted'));
  const { newest, isLost } = await renewing;
  if (isLost) return world.log.warn('A claim was lost', { scan: claimed.metadata.name });
  const { worker = '', attempts } = statusOf(claimed);
  if (signal.aborted) {
    // Told to end, not died: the next worker begins at once, and the attempt does not count. The signal is of no use now.
    await put(client, newest, { phase: 'Waiting', attempts: attempts - 1 });
    return;
  }
  onScan('record' in taken ? 'success' : 'failure', (performance.now() - begun) / 1000);
  await put(client, newest, { worker, attempts, ...resultOf(taken) }, signal);
}

function resultOf(taken: Taken): Omit<ImageScanStatus, 'attempts'> {
  if (!('record' in taken)) {
    const { error, code = 'scan/failed' } = taken;
    return { phase: 'Failed', reason: code, message: error.slice(0, 1000) };
  }
  const record = packRecord(taken.record);
  if (record === undefined)
    return { phase: 'Failed', reason: TOO_LARGE, message: 'what is in the image is too much to be handed over' };
  return { phase: 'Succeeded', platform: taken.platform, record };
}

/** Until `reading` is aborted. `isLost`: it was changed or removed by somebody else. */
async function keepClaim(
  claimed: ImageScan,
  client: KubernetesClient,
  lost: AbortController,
  world: World,
  reading: AbortSignal,
): Promise<{ readonly newest: ImageScan; readonly isLost: boolean }> {
  let newest = claimed;
  for (;;) {
    await world.clock.sleep(CLAIM / 4, reading).catch(() => {});
    if (reading.aborted) return { newest, isLost: false };
    const status = { ...statusOf(newest), renewTime: world.clock.now().toISOString() };
    try {
      const renewed = await put(client, newest, status, reading);
      if (!renewed) {
        lost.abort(new PratiqueError('scan/interrupted'));
        return { newest, isLost: true };
      }
      newest = renewed;
    } catch (error) {
      if (!(error instanceof PratiqueError)) throw error;
      // The API server may be back before the claim is over; if not, the result is refused as of an old version.
      if (!reading.aborted) world.log.warn('A claim could not be renewed', { reason: error.message });
    }
  }
}

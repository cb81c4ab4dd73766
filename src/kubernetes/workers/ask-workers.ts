/**
 * The coordinator's side: an image to be read becomes an `ImageScan`, whose result is taken and the object removed. A new
 * coordinator goes on with what the last one asked for.
 * No worker takes it, or none that took it goes on: after two minutes the coordinator reads the image itself; so it does with
 * one whose result is too large to be handed over. An image that took three workers with it fails, `scan/worker-lost`.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict } from '../client/kubernetes-error.js';
import type { ImageTask } from '../cluster/plan-images.js';
import type { Taken } from '../operator/find-inventory.js';
import { CLAIM, imageScans, isEnded, MAX_ATTEMPTS, scanName, statusOf, TOO_LARGE, unpackRecord } from './image-scan.js';
import { type SeenScan, watchScans } from './watch-claims.js';

export interface AskOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly signature: string;
  /** Of this process, where it reads an image itself. */
  readonly identity: string;
  takeHere(task: ImageTask): Promise<Taken>;
}

export interface Workers {
  take(task: ImageTask): Promise<Taken>;
  /** Claims that are alive. */
  readonly busy: number;
  readonly isSynced: boolean;
  run(signal: AbortSignal): Promise<void>;
}

const PATIENCE = 120_000;
const ROUND = 5000;
/** Nobody waits for it any more. */
const ORPHANED = 600_000;

export function askWorkers(options: AskOptions, world: World): Workers {
  const { client, namespace, signature, identity, takeHere } = options;
  const waiting = new Map<string, () => void>();
  const scans = watchScans(client, namespace, (name) => waiting.get(name)?.(), world);
  const place = () => ({ namespace, signal: world.signal });

  async function take(task: ImageTask): Promise<Taken> {
    const name = scanName(task);
    let isChanged = false;
    let wake = (): void => {};
    waiting.set(name, () => {
      isChanged = true;
      wake();
    });
    await ask(name, task);
    for (;;) {
      if (!isChanged) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          world.clock.sleep(ROUND, world.signal).then(resolve, () => resolve());
        });
      }
      const next = isChanged ? 'changed' : 'round';
      isChanged = false;
      world.signal.throwIfAborted();
      const scan = scans.get(name);
      // Somebody removed it; or the watch does not know it yet.
      if (!scan && next === 'round') await ask(name, task);
      const taken = scan && (await outcomeOf(name, scan, task));
      if (taken) return taken;
    }
  }

  async function ask(name: string, task: ImageTask): Promise<void> {
    const { references, platforms, workloads } = task;
    const users = workloads.map(({ namespace: of, pullSecrets, serviceAccount }) => ({
      namespace: of,
      pullSecrets,
      serviceAccount,
    }));
    const unique = [...new Map(users.map((one) => [JSON.stringify(one), one])).values()].slice(0, MAX_USERS);
    const spec = { references, platforms, workloads: unique, signature };
    try {
      await client.create(imageScans, { metadata: { name, namespace }, spec }, place());
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const found = await client.find(imageScans, name, place());
      // Asked for by a former program: its result would be another.
      if (found && found.spec.signature !== signature) {
        await client.delete(imageScans, name, place());
        await client.create(imageScans, { metadata: { name, namespace }, spec }, place());
      }
    }
  }

  async function outcomeOf(
    name: string,
    { status, still, version }: SeenScan,
    task: ImageTask,
  ): Promise<Taken | undefined> {
    if (isEnded(status)) return end(name, task);
    if (status.worker !== identity && still < PATIENCE) return undefined;
    if (status.phase === 'Running' && status.attempts >= MAX_ATTEMPTS) {
      await remove(name);
      const lost = new PratiqueError('scan/worker-lost', {
        image: task.references[0] ?? task.key,
        attempts: status.attempts,
      });
      return { error: lost.message, code: lost.code };
    }
    world.log.warn('No worker reads the image: it is read here', { image: task.references[0] });
    return (await claimHere(name, version)) ? takeAway(name, await takeHere(task)) : undefined;
  }

  async function end(name: string, task: ImageTask): Promise<Taken> {
    const object = await client.find(imageScans, name, place());
    const status = object && statusOf(object);
    if (status?.phase === 'Succeeded') {
      const record = unpackRecord(status.record ?? '');
      if (record && status.platform) return takeAway(name, { record, platform: status.platform });
      world.log.warn('The result of a worker cannot be read: the image is read here', { worker: status.worker });
      return takeAway(name, await takeHere(task));
    }
    if (status?.reason === TOO_LARGE) return takeAway(name, await takeHere(task));
    const code = (status?.reason ?? 'scan/failed') as PratiqueError['code'];
    return takeAway(name, { error: status?.message ?? 'the scan was removed', code });
  }

  async function takeAway(name: string, taken: Taken): Promise<Taken> {
    await remove(name);
    return taken;
  }

  async function remove(name: string): Promise<void> {
    waiting.delete(name);
    await client.delete(imageScans, name, place());
  }

  /** False when a worker was faster. */
  async function claimHere(name: string, version: string): Promise<boolean> {
    const object = await client.find(imageScans, name, place());
    if (!object || object.metadata.resourceVersion !== version) return false;
    const { attempts } = statusOf(object);
    const renewTime = world.clock.now().toISOString();
    const status = { phase: 'Running', worker: identity, attempts: attempts + 1, renewTime } as const;
    try {
      await client.update(imageScans, { ...object, status }, { ...place(), subresource: 'status' });
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      return false;
    }
  }

  async function removeOrphans(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await world.clock.sleep(ORPHANED / 10, signal).catch(() => {});
      for (const [name, { still }] of scans.entries()) {
        if (signal.aborted || waiting.has(name) || still < ORPHANED) continue;
        await remove(name).catch((error: unknown) => {
          if (!(error instanceof PratiqueError)) throw error;
          world.log.warn('A scan that nobody waits for could not be removed', { name, reason: error.message });
        });
      }
    }
  }

  return {
    take,
    get busy() {
      return [...scans.entries()].filter(([, { status, still }]) => status.phase === 'Running' && still < CLAIM).length;
    },
    get isSynced() {
      return scans.isSynced;
    },
    run: async (signal) => void (await Promise.all([scans.run(signal), removeOrphans(signal)])),
  };
}

/** One workload that may pull it is enough; an object must not grow with the cluster. */
const MAX_USERS = 50;

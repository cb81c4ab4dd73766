/** Reads an image of the cluster from its registry, with the pull secrets of who runs it, in no more than the time given. */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import { type ScanOptions, takeInventory } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import type { ImageTask } from '../cluster/plan-images.js';
import { createPullSecrets, type SecretUser } from '../cluster/pull-secrets.js';
import { readTask } from '../cluster/scan-task.js';
import type { Taken } from './find-inventory.js';

export interface TakeOptions {
  readonly client: KubernetesClient;
  readonly scan: ScanOptions;
  /** Milliseconds for one image. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface ImageToTake extends Pick<ImageTask, 'references' | 'platforms'> {
  readonly workloads: readonly SecretUser[];
}

export async function takeImage(
  task: ImageToTake,
  { client, scan, timeout, signal }: TakeOptions,
  world: World,
): Promise<Taken> {
  const limit = AbortSignal.timeout(timeout);
  const inner: World = { ...world, signal: AbortSignal.any([signal, limit]) };
  try {
    const keyring = await createPullSecrets(client, inner).keyringFor(task.workloads);
    const outcome = await readTask(task, keyring, scan, takeInventory, inner);
    return 'found' in outcome ? { record: outcome.found, platform: outcome.platform } : outcome;
  } catch (error) {
    if (signal.aborted) return { error: 'interrupted' };
    if (limit.aborted) return { error: `the scan took longer than ${timeout / 1000} s`, code: 'scan/timeout' };
    if (error instanceof PratiqueError) return { error: error.message, code: error.code };
    throw error;
  }
}

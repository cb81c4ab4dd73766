/**
 * Keeps facts young and shared: what is used is scanned again when it is old, what was scanned here is written for the
 * other replicas and for the time after a restart, what nobody uses any more is removed.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import type { FactsStore } from './facts-store.js';
import type { ImageFacts } from './image-facts.js';
import { assessmentName, assessmentOf, imageAssessments } from './resource-facts.js';
import type { ScanQueue } from './scan-queue.js';

export interface KeepOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly facts: FactsStore;
  readonly queue: ScanQueue;
  /** Age at which facts in use are made anew, milliseconds. */
  readonly rescanAfter: number;
}

const ROUND = 600_000;
const DAY = 86_400_000;
const IN_USE = 7 * DAY;
const REMOVED_AFTER = 30 * DAY;

/** Errors are logged: the facts are in memory all the same. */
export async function shareFacts(facts: ImageFacts, { client, namespace }: KeepOptions, world: World): Promise<void> {
  const object = assessmentOf(facts, namespace);
  if (!object) return;
  try {
    await client.apply(imageAssessments, object);
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    world.log.warn('facts of an image could not be shared', { digest: facts.digest, reason: error.message });
  }
}

export async function keepFacts(options: KeepOptions, world: World, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Replicas do not begin at the same time: what one made anew, the other need not.
    await world.clock.sleep(ROUND * (0.5 + Math.random() / 2), signal).catch(() => {});
    if (signal.aborted) return;
    await keepRound(options, world);
  }
}

export async function keepRound(
  { client, namespace, facts, queue, rescanAfter }: KeepOptions,
  world: World,
): Promise<void> {
  const now = world.clock.now().getTime();
  for (const { facts: one, usedAt } of facts.entries()) {
    const { repository, digest, platform, scannedAt } = one;
    if (repository === undefined || platform === undefined) continue;
    if (now - usedAt < IN_USE && now - scannedAt > rescanAfter) queue.add({ repository, digest, platform });
    else if (now - Math.max(usedAt, scannedAt) > REMOVED_AFTER) {
      try {
        await client.delete(imageAssessments, assessmentName(digest, platform), { namespace });
      } catch (error) {
        if (!(error instanceof PratiqueError)) throw error;
        world.log.warn('old facts could not be removed', { digest, reason: error.message });
      }
    }
  }
}

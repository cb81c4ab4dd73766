/**
 * Reads an object, changes it and writes it back; again from the start when somebody else wrote in between.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#optimistic-concurrency
 */
import { backoffDelay, type World } from '#platform';
import type { GetOptions, KubernetesClient } from './client.js';
import { isConflict } from './kubernetes-error.js';
import type { KubernetesObject, ResourceType } from './object.js';

const ATTEMPTS = 6;
const waiting = { first: 50, factor: 2, longest: 2000 };

/** `change` returns the new object, or `undefined` to leave it. Resolves with what the server has in the end. */
export async function changeObject<T extends KubernetesObject>(
  client: KubernetesClient,
  type: ResourceType<T>,
  name: string,
  change: (current: T) => T | undefined,
  options: GetOptions,
  world: World,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const current = await client.get(type, name, options);
    const changed = change(current);
    if (!changed) return current;
    try {
      return await client.update(type, changed, options);
    } catch (error) {
      if (!isConflict(error) || attempt + 1 >= ATTEMPTS) throw error;
      await world.clock.sleep(backoffDelay(attempt, waiting), options.signal ?? world.signal);
    }
  }
}

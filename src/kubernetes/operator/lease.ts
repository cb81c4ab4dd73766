/**
 * Leader election by a Lease: one of several replicas works, the others wait to take over.
 * Clocks of the replicas may differ: a lease counts as over when it did not change for its duration by our own clock.
 * Source  https://kubernetes.io/docs/concepts/architecture/leases/
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict } from '../client/kubernetes-error.js';
import type { Lease } from '../client/pod-types.js';
import { resources } from '../client/resources.js';

export interface LeaseOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly name: string;
  /** Name of this replica. */
  readonly identity: string;
  /** Milliseconds; without a renewal for so long, another replica takes over. */
  readonly duration?: number;
}

/**
 * Waits to become the leader and then runs `work`, whose signal is aborted when the lease is lost or the outer signal is.
 * Resolves when `work` ended; throws `kubernetes/lease-lost` when it had to be ended.
 */
export async function whileLeading(
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<void>,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const { duration = 15_000, identity } = options;
  const pause = duration / 5;
  const holder = createHolder(options, duration, world);
  while (!(await holder.acquire(signal))) {
    await world.clock.sleep(pause, signal).catch(() => {});
    if (signal.aborted) return;
  }
  world.log.info('This replica leads', { identity });
  const leading = new AbortController();
  const stop = (): void => leading.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let lost = false;
  const renewing = keepRenewing(holder, duration, leading, world).then((gone) => (lost = gone));
  try {
    await work(leading.signal);
  } finally {
    leading.abort(new PratiqueError('scan/interrupted'));
    await renewing;
    signal.removeEventListener('abort', stop);
    if (!lost) await holder.release();
  }
  if (lost) throw new PratiqueError('kubernetes/lease-lost', { lease: `${options.namespace}/${options.name}` });
}

/** Ends with the leadership; true when somebody else has it, or could by now. */
async function keepRenewing(
  holder: ReturnType<typeof createHolder>,
  duration: number,
  leading: AbortController,
  world: World,
): Promise<boolean> {
  const now = (): number => world.clock.now().getTime();
  for (let renewed = now(); ;) {
    await world.clock.sleep(duration / 5, leading.signal).catch(() => {});
    if (leading.signal.aborted) return false;
    if (await holder.acquire(leading.signal)) renewed = now();
    else if (leading.signal.aborted) return false;
    else if (holder.taken || now() - renewed > duration * (2 / 3)) {
      leading.abort(new PratiqueError('scan/interrupted'));
      return true;
    }
  }
}

function createHolder({ client, namespace, name, identity }: LeaseOptions, duration: number, world: World) {
  let seen = '';
  let seenAt = 0;
  let taken = false;
  const place = { namespace, timeout: duration / 3 };
  const now = (): string => world.clock.now().toISOString().replace('Z', '000Z');

  async function once(signal: AbortSignal): Promise<boolean> {
    const found = await client.find(resources.leases, name, { ...place, signal });
    const spec = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(duration / 1000), renewTime: now() };
    if (!found) {
      const lease: Lease = {
        metadata: { name, namespace },
        spec: { ...spec, acquireTime: now(), leaseTransitions: 0 },
      };
      await client.create(resources.leases, lease, { ...place, signal });
      return true;
    }
    const holder = found.spec?.holderIdentity ?? '';
    const mine = holder === identity;
    taken = !mine && holder !== '';
    const version = found.metadata.resourceVersion ?? '';
    if (version !== seen) {
      seen = version;
      seenAt = world.clock.now().getTime();
    }
    const theirs = (found.spec?.leaseDurationSeconds ?? 15) * 1000;
    if (taken && world.clock.now().getTime() - seenAt < theirs) return false;
    const changed = mine
      ? { ...found.spec, ...spec }
      : { ...spec, acquireTime: now(), leaseTransitions: (found.spec?.leaseTransitions ?? 0) + 1 };
    await client.update(resources.leases, { ...found, spec: changed }, { ...place, signal });
    taken = false;
    return true;
  }

  return {
    get taken() {
      return taken;
    },
    async acquire(signal: AbortSignal): Promise<boolean> {
      try {
        return await once(signal);
      } catch (error) {
        if (signal.aborted) return false;
        if (!(error instanceof PratiqueError)) throw error;
        if (!isConflict(error) && !isAlreadyExists(error))
          world.log.warn('The lease could not be renewed', { reason: error.message });
        return false;
      }
    },
    /** The next one need not wait. */
    async release(): Promise<void> {
      try {
        const found = await client.find(resources.leases, name, place);
        if (found?.spec?.holderIdentity !== identity) return;
        await client.update(resources.leases, { ...found, spec: { ...found.spec, holderIdentity: '' } }, place);
      } catch (error) {
        if (!(error instanceof PratiqueError)) throw error;
        world.log.warn('The lease could not be released', { reason: error.message });
      }
    },
  };
}

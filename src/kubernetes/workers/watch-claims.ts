/**
 * The scans of a namespace as this process sees them, and for how long each has not changed by its own clock: clocks of
 * others do not count.
 */
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { createInformer } from '../client/informer.js';
import { type ImageScan, imageScans, type ImageScanStatus, statusOf } from './image-scan.js';

export interface SeenScan {
  readonly status: Omit<ImageScanStatus, 'record'>;
  readonly signature: string;
  /** Resource version. */
  readonly version: string;
  /** Milliseconds since the last change that was seen. */
  readonly still: number;
}

export interface WatchedScans {
  get(name: string): SeenScan | undefined;
  entries(): Iterable<readonly [name: string, scan: SeenScan]>;
  readonly isSynced: boolean;
  run(signal: AbortSignal): Promise<void>;
}

interface Kept extends Omit<SeenScan, 'still'> {
  readonly seenAt: number;
}

export function watchScans(
  client: KubernetesClient,
  namespace: string,
  onChange: (name: string) => void,
  world: World,
): WatchedScans {
  const now = (): number => world.clock.now().getTime();
  const keyOf = (name: string): string => `${namespace}/${name}`;
  const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);
  const changed = (_: unknown, key: string): void => onChange(nameOf(key));
  const informer = createInformer<ImageScan, Kept>(
    {
      client,
      namespace,
      type: imageScans,
      project(object) {
        const { record: _, ...status } = statusOf(object);
        const { resourceVersion: version = '' } = object.metadata;
        return { status, signature: object.spec.signature, version, seenAt: now() };
      },
      onAdd: changed,
      onUpdate: (known, _, key) => changed(known, key),
      onDelete: changed,
    },
    world,
  );
  const seen = ({ seenAt, ...one }: Kept): SeenScan => ({ ...one, still: now() - seenAt });
  return {
    get(name) {
      const kept = informer.get(keyOf(name));
      return kept && seen(kept);
    },
    *entries() {
      for (const [key, kept] of informer.entries()) yield [nameOf(key), seen(kept)];
    },
    get isSynced() {
      return informer.isSynced;
    },
    run: (signal) => informer.run(AbortSignal.any([signal])),
  };
}

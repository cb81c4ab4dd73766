/**
 * What is in an image: from the records of what was read before, else from its registry. A digest never holds anything else,
 * so it is pulled once; a name is asked about again after an hour, and only layers that are new are pulled.
 */
import type { PratiqueError } from '#base';
import type { World } from '#platform';
import type { ImageRecords, ScanRecord } from '#scan';
import type { ImageTask } from '../cluster/plan-images.js';
import { digestOf } from '../reports/report-head.js';

export interface FoundInventory {
  readonly record: ScanRecord;
  /** `os/arch`. */
  readonly platform: string;
}

export type Taken = FoundInventory | { readonly error: string; readonly code?: PratiqueError['code'] };

export interface InventoryOptions {
  readonly records: ImageRecords;
  /** Reads the image. */
  take(task: ImageTask): Promise<Taken>;
}

/** `undefined` of `digest`: nothing tells yet which one runs. */
export type FindInventory = (task: ImageTask, digest: string | undefined) => Promise<Taken>;

const BELIEVED = 3_600_000;

export function createInventories({ records, take }: InventoryOptions, world: World): FindInventory {
  /** By task: what a name led to. */
  const resolved = new Map<string, { readonly digest: string; readonly platform: string; readonly at: number }>();
  const now = (): number => world.clock.now().getTime();

  function kept(task: ImageTask, digest: string | undefined): FoundInventory | undefined {
    const name = resolved.get(task.key);
    if (name && now() - name.at > BELIEVED) resolved.delete(task.key);
    const known = digest ?? resolved.get(task.key)?.digest;
    if (known === undefined) return undefined;
    for (const platform of task.platforms) {
      const record = records.get(known, platform);
      if (record) return { record, platform };
    }
    return undefined;
  }

  return async (task, digest) => {
    const known = kept(task, digest);
    if (known) return known;
    const taken = await take(task);
    if (!('record' in taken)) return taken;
    const { record, platform } = taken;
    const found = digest ?? digestOf(record);
    if (found === undefined) return taken;
    if (digest === undefined) resolved.set(task.key, { digest: found, platform, at: now() });
    await records.put(found, platform, record).catch((error: unknown) => {
      // The next database will have it pulled again; nothing else is lost.
      world.log.warn('What was found in an image cannot be kept', { reason: (error as Error).message });
    });
    return taken;
  };
}

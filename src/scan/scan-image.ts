/** From an opened image to its layer records: cached ones are taken, the others are read in parallel. */
import { createCollector, type ExtractionPlan } from '#inventory';
import type { Image, LayerRecord, LayerSource } from '#model';
import type { World } from '#platform';
import { compact } from '#base';
import type { LayerCache } from './layer-cache.js';

export async function readLayers(
  image: Image,
  plan: ExtractionPlan,
  cache: LayerCache | undefined,
  parallel: number,
  world: World,
): Promise<readonly LayerRecord[]> {
  const records: LayerRecord[] = [];
  const queue = image.layers.map((layer, index) => ({ layer, index }));
  // Equal layers are read once.
  const running = new Map<string, Promise<LayerRecord>>();
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { layer, index } = next;
      const key = layer.contentKey ?? `#${index}`;
      let record = running.get(key);
      if (!record) running.set(key, (record = readLayer(layer, plan, cache, world)));
      records[index] = identified(await record, layer);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, queue.length)) }, work));
  return records;
}

async function readLayer(
  layer: LayerSource,
  plan: ExtractionPlan,
  cache: LayerCache | undefined,
  world: World,
): Promise<LayerRecord> {
  const cached = layer.contentKey ? cache?.get(layer.contentKey) : undefined;
  if (cached) {
    world.log.debug('layer taken from the cache', { diffId: layer.diffId });
    return cached;
  }
  const collector = createCollector(plan);
  const { size } = await layer.walk(collector, world.signal);
  const record = await collector.finish({ size });
  world.log.debug('layer read', { diffId: layer.diffId, bytes: size, applications: record.applications.length });
  if (layer.contentKey) await cache?.put(layer.contentKey, record);
  return record;
}

/** What depends on where the layer was found is not part of its cached record. */
function identified(record: LayerRecord, layer: LayerSource): LayerRecord {
  return { ...record, ...compact({ diffId: layer.diffId, digest: layer.digest, createdBy: layer.createdBy }) };
}

/** From an opened image to its layer records: cached ones are taken, the others are read in parallel. */
import type { ExtractionPlan } from '#inventory';
import type { Image, LayerRecord, LayerSource } from '#model';
import type { World } from '#platform';
import { compact, limits, PratiqueError } from '#base';
import { baseLayerCount } from './base-layers.js';
import type { LayerCache } from './layer-cache.js';
import { startReading } from './layer-reading.js';
import type { SecretScan } from './secret-scan.js';

export async function readLayers(
  image: Image,
  plan: ExtractionPlan,
  cache: LayerCache | undefined,
  parallel: number,
  world: World,
  secrets?: SecretScan,
): Promise<readonly LayerRecord[]> {
  const base = secrets ? baseLayerCount(image.config.history ?? [], image.layers.length) : 0;
  const records: LayerRecord[] = [];
  const queue = image.layers.map((layer, index) => ({ layer, index }));
  // Equal layers are read once.
  const running = new Map<string, Promise<LayerRecord>>();
  let done = 0;
  const advance = (count: number): void => world.progress?.count('layers', (done += count), image.layers.length);
  advance(0);
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { layer, index } = next;
      const own = index < base ? undefined : secrets;
      const key = `${own ? 'secrets' : ''} ${layer.contentKey ?? `#${index}`}`;
      let record = running.get(key);
      if (!record) running.set(key, (record = readLayer(layer, plan, cache, world, own)));
      records[index] = identified(await record, layer);
      checkPackages(records, image.name);
      advance(1);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, queue.length)) }, work));
  } finally {
    world.progress?.end('layers');
  }
  return records;
}

/** The report holds them all: an image whose layers bring ever more must not fill the memory. */
function checkPackages(records: readonly LayerRecord[], image: string): void {
  let count = 0;
  for (const { packageFiles, applications } of records.filter(Boolean))
    for (const { packages } of [...packageFiles, ...applications]) count += packages.length;
  if (count > limits.packagesOfImage)
    throw new PratiqueError('limit/exceeded', {
      what: `the number of packages of ${image}`,
      limit: limits.packagesOfImage,
    });
}

async function readLayer(
  layer: LayerSource,
  plan: ExtractionPlan,
  cache: LayerCache | undefined,
  world: World,
  secrets: SecretScan | undefined,
): Promise<LayerRecord> {
  const key = layer.contentKey && (secrets ? `${layer.contentKey} ${secrets.signature}` : layer.contentKey);
  const cached = key ? cache?.get(key) : undefined;
  if (cached) {
    world.log.debug('layer taken from the cache', { diffId: layer.diffId });
    return cached;
  }
  const reading = startReading(plan, secrets);
  const { size } = await layer.walk(reading.visitor, world.signal);
  const record = await reading.finish({ size });
  world.log.debug('layer read', { diffId: layer.diffId, bytes: size, applications: record.applications.length });
  // With a Java database at hand, the next scan finds more.
  const lacking = record.diagnostics.some(({ code }) => code.endsWith('/java-db-missing'));
  if (key && !lacking) await cache?.put(key, record);
  return record;
}

/** What depends on where the layer was found is not part of its cached record. */
function identified(record: LayerRecord, layer: LayerSource): LayerRecord {
  return { ...record, ...compact({ diffId: layer.diffId, digest: layer.digest, createdBy: layer.createdBy }) };
}

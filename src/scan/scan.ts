/**
 * The composition: artifact → inventory → match → report. Every face of the program goes through `scan`.
 * Stages never import each other; this file joins them.
 */
import { compact, PratiqueError } from '#base';
import { createPathFilter, openArchive, openImage, walkDirectory, type PathFilter } from '#artifact';
import { applyLayers, createCollector, extractors, planExtraction, type ExtractionPlan } from '#inventory';
import { matchInventory } from '#match';
import type { Image, LayerRecord, Report, ReportMetadata, Sbom } from '#model';
import { severities } from '#model';
import { cacheDirectory, realWorld, type World } from '#platform';
import { filterResult } from '#policy';
import { imageArtifactId, treeArtifactName } from './artifact-identity.js';
import { openDatabase, openJavaDatabase, type OpenedDatabase } from './database.js';
import { openLayerCache } from './layer-cache.js';
import type { ScanOptions, ScanTarget } from './options.js';
import { reportId } from './report-id.js';
import { makeResults } from './results.js';
import { readLayers } from './scan-image.js';

/** Scans a target and resolves with its report; throws `PratiqueError` when that is not possible. */
export async function scan(target: ScanTarget, options: ScanOptions = {}, world: World = realWorld()): Promise<Report> {
  const cacheDir = options.cacheDir ?? cacheDirectory(world);
  const database = await openDatabase({ ...options.database, cacheDir, registry: options.registry ?? {} }, world);
  try {
    const plan = makePlan(target, { ...options, cacheDir }, world);
    const found =
      target.kind === 'image'
        ? await scanImage(target, plan, { ...options, cacheDir }, world)
        : target.kind === 'sbom'
          ? await (await import('./scan-sbom.js')).scanSbom(target, options, world.cwd)
          : await scanTree(target, plan, options, world);
    return assemble(found, database, options, world);
  } finally {
    database.close();
  }
}

type ImageTarget = Extract<ScanTarget, { kind: 'image' }>;

interface Found extends Pick<Report, 'artifactName' | 'artifactType' | 'metadata'> {
  readonly artifactId?: string;
  readonly records: readonly LayerRecord[];
  readonly sbom?: Sbom;
}

function makePlan(target: ScanTarget, options: ScanOptions & { cacheDir: string }, world: World): ExtractionPlan {
  return planExtraction(extractors, {
    target: target.kind === 'filesystem' ? 'sources' : 'systems',
    filePatterns: options.filePatterns ?? [],
    extract: compact({
      includeDev: options.includeDev ?? false,
      detection: options.detection ?? 'precise',
      directory: target.kind === 'filesystem' || target.kind === 'rootfs' ? target.path : undefined,
    }),
    java: () =>
      openJavaDatabase({ ...options.database, cacheDir: options.cacheDir, registry: options.registry ?? {} }, world),
  });
}

async function scanImage(
  target: ImageTarget,
  plan: ExtractionPlan,
  options: ScanOptions & { cacheDir: string },
  world: World,
): Promise<Found> {
  const image = await openTarget(target, options, world);
  try {
    const signature = JSON.stringify([plan.signature, options.skipFiles ?? [], options.skipDirs ?? []]);
    const cache =
      options.cache === false
        ? undefined
        : openLayerCache({ cacheDir: options.cacheDir, maxSize: options.cacheMaxSize ?? 1e9, signature }, world);
    const records = await readLayers(image, plan, cache, options.parallel || 5, world);
    await cache?.close();
    checkSize(image, records, options.image?.maxSize ?? 0);
    return { ...imageIdentity(image, records), records };
  } finally {
    await image.close();
  }
}

async function openTarget(target: ImageTarget, options: ScanOptions, world: World): Promise<Image> {
  const common = compact({
    filter: pathFilter(options),
    platform: options.image?.platform,
    signal: world.signal,
  });
  if (target.input !== undefined) return openArchive(target.input, common);
  const { sources, dockerHost, podmanHost } = options.image ?? {};
  return openImage(
    target.name ?? '',
    { ...common, sources, dockerHost, podmanHost, registry: options.registry },
    world,
  );
}

function pathFilter(options: ScanOptions): PathFilter | undefined {
  const { skipFiles = [], skipDirs = [] } = options;
  return skipFiles.length + skipDirs.length > 0 ? createPathFilter({ skipFiles, skipDirs }) : undefined;
}

function checkSize(image: Image, records: readonly LayerRecord[], limit: number): void {
  const size = records.reduce((sum, record) => sum + (record.size ?? 0), 0);
  if (limit > 0 && size > limit)
    throw new PratiqueError('limit/exceeded', { what: `${image.name} (${size} bytes)`, limit });
}

function imageIdentity(image: Image, records: readonly LayerRecord[]): Omit<Found, 'records'> {
  const metadata: ReportMetadata = compact({
    size: records.reduce((sum, record) => sum + (record.size ?? 0), 0),
    imageId: image.id,
    diffIds: image.config.rootfs?.diff_ids,
    repoTags: image.repoTags,
    repoDigests: image.repoDigests,
    reference: image.reference,
    imageConfig: image.config,
    layers: records.map(({ size, digest, diffId }) => compact({ size, digest, diffId })),
  });
  return compact({
    artifactName: image.name,
    artifactType: 'container_image' as const,
    artifactId: imageArtifactId(image),
    metadata,
  });
}

async function scanTree(
  target: Extract<ScanTarget, { kind: 'rootfs' | 'filesystem' }>,
  plan: ExtractionPlan,
  options: ScanOptions,
  world: World,
): Promise<Found> {
  const collector = createCollector(plan);
  const { skipFiles = [], skipDirs = [] } = options;
  const filter = createPathFilter({ skipFiles, skipDirs, directory: { root: target.path, cwd: world.cwd } });
  await walkDirectory(target.path, collector, { filter, signal: world.signal });
  return {
    artifactName: await treeArtifactName(target.path, world),
    artifactType: 'filesystem',
    metadata: {},
    records: [await collector.finish()],
  };
}

function assemble(found: Found, database: OpenedDatabase, options: ScanOptions, world: World): Report {
  const inventory = applyLayers(
    found.records,
    compact({ includeDev: options.includeDev ?? false, distro: options.distro }),
  );
  const now = world.clock.now();
  const matched = matchInventory(inventory, database.lookup, {
    now,
    packageTypes: options.packageTypes ?? ['os', 'library'],
    severitySources: options.severitySources ?? ['auto'],
  });
  const filter = { severities: options.severities ?? severities, ignoredStatuses: options.ignoredStatuses ?? [] };
  const { os } = inventory;
  return compact({
    artifactName: found.artifactName,
    artifactType: found.artifactType,
    artifactId: found.artifactId,
    createdAt: now.toISOString(),
    reportId: reportId(now),
    metadata: compact({ ...found.metadata, os: os && { ...os, ...compact({ endOfLife: matched.os?.endOfLife }) } }),
    results: makeResults(inventory, matched, found.artifactName, options).map((result) => filterResult(result, filter)),
    sbom: found.sbom,
    database: database.info,
    diagnostics: [...inventory.diagnostics, ...matched.diagnostics, ...database.diagnostics],
  });
}

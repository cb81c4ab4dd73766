/**
 * From a target to what is known of it before anything is compared with advisories: artifact → inventory. The record is plain
 * JSON and holds for as long as the content does, so that a newer database needs no further reading.
 */
import { compact, createHash, linearRegexes, PratiqueError } from '#base';
import {
  createPathFilter,
  openArchive,
  openImage,
  SizeBudget,
  walkDirectory,
  type PathFilter,
  withoutCredentials,
} from '#artifact';
import { applyLayers, extractors, planExtraction, type ExtractionPlan } from '#inventory';
import type { Diagnostic, Image, Inventory, LayerRecord, Report, ReportMetadata, Result, Sbom } from '#model';
import { cacheDirectory, type World } from '#platform';
import { imageArtifactId } from './artifact-identity.js';
import { openJavaDatabase } from './database.js';
import { openTree, type TreeTarget } from './git-tree.js';
import { platformDiagnostics } from './image-platform.js';
import { type LayerCache, openLayerCache } from './layer-cache.js';
import { startReading } from './layer-reading.js';
import { defaultScanners, type ScanOptions, type ScanTarget } from './options.js';
import { readLayers } from './scan-image.js';
import { openSecretScan, type SecretScan } from './secret-scan.js';

/** What was found in a target. `assess` of an assessor makes a report of it. */
export interface ScanRecord extends Pick<Report, 'artifactName' | 'artifactType' | 'artifactId' | 'metadata' | 'sbom'> {
  readonly inventory: Inventory;
  readonly secretResults: readonly Result[];
}

/** Throws `PratiqueError` when the target cannot be read. */
export async function takeInventory(target: ScanTarget, options: ScanOptions, world: World): Promise<ScanRecord> {
  const cacheDir = options.cacheDir ?? cacheDirectory(world);
  const plan = await makePlan(target, { ...options, cacheDir }, world);
  const secrets = wantsSecrets(target, options)
    ? await openSecretScan(options, target.kind === 'image', world)
    : undefined;
  const found: Found =
    target.kind === 'image'
      ? await scanImage(target, plan, { ...options, cacheDir }, world, secrets)
      : target.kind === 'sbom'
        ? await (await import('./scan-sbom.js')).scanSbom(target, options, world.cwd)
        : await scanTree(target, plan, options, world, secrets);
  const { records, secretResults = [], diagnostics = [], ...identity } = found;
  const inventory = applyLayers(records, compact({ includeDev: options.includeDev ?? false, distro: options.distro }));
  const all = { ...inventory, diagnostics: [...diagnostics, ...inventory.diagnostics] };
  return { ...identity, inventory: all, secretResults };
}

/** Names all that decides what is found in an image of given content; a record holds while it stays the same. */
export async function inventorySignature(options: ScanOptions, world: World): Promise<string> {
  const target: ScanTarget = { kind: 'image' };
  const cacheDir = options.cacheDir ?? cacheDirectory(world);
  const plan = await makePlan(target, { ...options, cacheDir }, world);
  const secrets = wantsSecrets(target, options) ? await openSecretScan(options, true, world) : undefined;
  const { includeDev, distro, skipFiles, skipDirs, image } = options;
  const more = [secrets?.signature, includeDev, distro, skipFiles, skipDirs, image?.configScanners, image?.sbomSources];
  return createHash('sha256')
    .update(JSON.stringify([plan.signature, ...more]))
    .digest('hex');
}

function wantsSecrets(target: ScanTarget, { scanners = defaultScanners, image }: ScanOptions): boolean {
  if (target.kind === 'image' && image?.configScanners?.includes('secret')) return true;
  return target.kind !== 'sbom' && scanners.includes('secret');
}

type ImageTarget = Extract<ScanTarget, { kind: 'image' }>;

interface Found extends Pick<Report, 'artifactName' | 'artifactType' | 'metadata'> {
  readonly artifactId?: string;
  readonly records: readonly LayerRecord[];
  readonly sbom?: Sbom;
  readonly secretResults?: readonly Result[];
  readonly diagnostics?: readonly Diagnostic[];
}

async function makePlan(
  target: ScanTarget,
  options: ScanOptions & { cacheDir: string },
  world: World,
): Promise<ExtractionPlan> {
  let java: ReturnType<typeof openJavaDatabase> | undefined;
  return planExtraction(extractors, {
    target: target.kind === 'filesystem' || target.kind === 'repository' ? 'sources' : 'systems',
    // A repository is no system, even where it holds files of one.
    disabled: target.kind === 'repository' ? extractors.filter((e) => e.type === 'os').map((e) => e.name) : [],
    filePatterns: await compilePatterns(options.filePatterns ?? []),
    extract: compact({
      includeDev: options.includeDev ?? false,
      detection: options.detection ?? 'precise',
      fileDigests: options.fileDigests,
      directory: target.kind === 'image' || target.kind === 'sbom' ? undefined : withoutCredentials(target.path),
    }),
    // Once for all layers: they are read at the same time, and it may have to be downloaded.
    java: () =>
      (java ??= openJavaDatabase(
        {
          ...options.database,
          cacheDir: options.cacheDir,
          registry: options.registry ?? {},
          offline: options.offline ?? false,
        },
        world,
      )),
  });
}

async function compilePatterns(patterns: NonNullable<ScanOptions['filePatterns']>) {
  if (patterns.length === 0) return [];
  const compile = await linearRegexes();
  return patterns.map(({ name, source }) => {
    try {
      const regex = compile(source);
      return { name, source, test: (path: string) => regex.test(Buffer.from(path)) };
    } catch (error) {
      const problem = `--file-patterns ${name}:${source}: not a regular expression`;
      throw new PratiqueError('usage/invalid', { problem }, error);
    }
  });
}

async function scanImage(
  target: ImageTarget,
  plan: ExtractionPlan,
  options: ScanOptions & { cacheDir: string },
  world: World,
  secrets: SecretScan | undefined,
): Promise<Found> {
  const signature = JSON.stringify([plan.signature, options.skipFiles ?? [], options.skipDirs ?? []]);
  const cache =
    options.cache === false
      ? undefined
      : openLayerCache({ cacheDir: options.cacheDir, maxSize: options.cacheMaxSize ?? 1e9, signature }, world);
  const { maxSize = 0, platform, sbomSources = [] } = options.image ?? {};
  const allowed = (): SizeBudget | undefined =>
    maxSize > 0 ? new SizeBudget(target.input ?? target.name ?? '', maxSize) : undefined;
  const image = await openTarget(target, options, allowed(), world, cache);
  try {
    if (options.offline && sbomSources.length > 0)
      world.log.warn('--offline-scan: no published bill of materials is looked for', { sources: sbomSources.join() });
    const published =
      sbomSources.length > 0 && !options.offline
        ? await (await import('./scan-sbom.js')).scanPublishedSbom(image, options, world)
        : undefined;
    if (published) return published;
    const inFiles = options.scanners?.includes('secret') ? secrets : undefined;
    const inConfig = options.image?.configScanners?.includes('secret') ? secrets : undefined;
    allowed()?.expect(image.layers);
    const records = await readLayers(image, plan, cache, options.parallel || 5, world, inFiles);
    await cache?.close();
    // Those of the cache were not counted while reading.
    const total = allowed();
    for (const { size } of records) total?.take(size ?? 0);
    const secretResults = [...(inFiles?.results(records) ?? []), ...(inConfig?.configResult(image) ?? [])];
    return {
      ...imageIdentity(image, records),
      records,
      secretResults,
      diagnostics: platformDiagnostics(image, platform),
    };
  } finally {
    await image.close();
  }
}

async function openTarget(
  target: ImageTarget,
  options: ScanOptions,
  budget: SizeBudget | undefined,
  world: World,
  cache: LayerCache | undefined,
): Promise<Image> {
  const common = compact({
    filter: pathFilter(options),
    platform: options.image?.platform,
    budget,
    signal: world.signal,
  });
  if (target.input !== undefined) return openArchive(target.input, common);
  const { sources, dockerHost, podmanHost } = options.image ?? {};
  return openImage(
    target.name ?? '',
    { ...common, sources, dockerHost, podmanHost, registry: options.registry, configs: cache?.configs },
    world,
  );
}

function pathFilter(options: ScanOptions): PathFilter | undefined {
  const { skipFiles = [], skipDirs = [] } = options;
  return skipFiles.length + skipDirs.length > 0 ? createPathFilter({ skipFiles, skipDirs }) : undefined;
}

function imageIdentity(image: Image, records: readonly LayerRecord[]): Omit<Found, 'records'> {
  const metadata: ReportMetadata = compact({
    size: records.reduce((sum, record) => sum + (record.size ?? 0), 0),
    imageId: image.id,
    diffIds: image.config.rootfs?.diff_ids,
    repoTags: image.repoTags,
    repoDigests: image.repoDigests,
    reference: image.reference,
    descriptor: image.descriptor,
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
  target: TreeTarget,
  plan: ExtractionPlan,
  options: ScanOptions,
  world: World,
  secrets: SecretScan | undefined,
): Promise<Found> {
  const tree = await openTree(target, options, world);
  try {
    const reading = startReading(plan, secrets);
    const { skipFiles = [], skipDirs = [] } = options;
    const filter = createPathFilter({ skipFiles, skipDirs, directory: { root: tree.path, cwd: world.cwd } });
    await walkDirectory(tree.path, reading.visitor, { filter, signal: world.signal });
    const records = [await reading.finish()];
    return { ...(await tree.identify()), records, secretResults: secrets?.results(records) ?? [] };
  } finally {
    await tree.close();
  }
}

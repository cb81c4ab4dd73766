/**
 * An image that containerd keeps, such as those of Kubernetes nodes and nerdctl. Its manifest, configuration and layers
 * are read from the content store; layers are verified, expanded and walked as they come.
 * Where    CONTAINERD_ADDRESS and CONTAINERD_NAMESPACE, as containerd's own client has them.
 * Platform the one asked for; else linux/amd64 where its content is there, else the first whose content is.
 * Errors   `image/source` when there is no containerd, no such image, or its layers are not kept.
 * Source   https://github.com/containerd/containerd/blob/main/docs/content-flow.md
 */
import { compact, limits, PratiqueError } from '#base';
import type { Image } from '#model';
import { defaultPlatform, type Descriptor, type ImageIndex, type Manifest } from '#oci';
import { parseManifest, parsePlatform, parseReference, platformFits, selectPlatform } from '#oci';
import { fileFacts, type World } from '#platform';
import { chooseReference } from './choose-reference.js';
import { Containerd } from './containerd-client.js';
import { fullNames, shortRepository } from './image-names.js';
import { parseImageConfig } from './image-config.js';
import { LayerContext, streamedLayer, verified } from './layer-source.js';
import { assertImage } from './oci-layout.js';
import type { ArchiveOptions } from './open-archive.js';

const DEFAULT_ADDRESS = '/run/containerd/containerd.sock';
const DEFAULT_NAMESPACE = 'default';
/** Indexes inside of indexes. */
const MAX_DEPTH = 4;

export async function openContainerdImage(name: string, options: ArchiveOptions, world: World): Promise<Image> {
  const { env } = world;
  const signal = options.signal ?? world.signal;
  const address = (env['CONTAINERD_ADDRESS'] || DEFAULT_ADDRESS).replace(/^unix:\/\//, '');
  const namespace = env['CONTAINERD_NAMESPACE'] || DEFAULT_NAMESPACE;
  assertListens(address);
  const containerd = await Containerd.connect(address, namespace);
  try {
    const target = await containerd.find([...fullNames(name), name], signal);
    if (!target)
      throw containerd.failure(
        `no image ${name} in the namespace ${namespace}; CONTAINERD_NAMESPACE names another, such as k8s.io`,
      );
    const { manifest } = await manifestOf(containerd, target, options.platform, name, signal);
    assertImage(manifest, name);
    options.budget?.expect(manifest.layers.map(({ size }) => ({ storedSize: size })));
    const bytes = await containerd.bytes(manifest.config, limits.manifest, signal);
    if (!bytes) throw containerd.failure(`the configuration of ${name} is not kept there`);
    const { config, diffIds, createdBy } = parseImageConfig(bytes, name, manifest.layers.length);
    const context = new LayerContext(options);
    const layers = manifest.layers.map(({ digest, size }, i) =>
      streamedLayer(
        (walkSignal) => verified(containerd.content(digest, walkSignal), digest),
        { diffId: diffIds[i], digest, createdBy: createdBy[i], storedSize: size },
        context,
      ),
    );
    const { repoTags, repoDigests } = namesOf(name, target);
    const reference = chooseReference(name, repoTags, repoDigests);
    return compact({
      name,
      id: manifest.config.digest,
      config,
      layers,
      repoTags,
      repoDigests,
      reference,
      close() {
        context.close();
        containerd.close();
        return Promise.resolve();
      },
    });
  } catch (error) {
    containerd.close();
    throw error;
  }
}

function assertListens(address: string): void {
  try {
    fileFacts(address, { follow: true });
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    throw new PratiqueError('image/source', { reason: `no containerd listens at ${address}` }, error);
  }
}

async function manifestOf(
  containerd: Containerd,
  target: Descriptor,
  platform: string | undefined,
  name: string,
  signal: AbortSignal,
  depth = 0,
): Promise<{ readonly manifest: Manifest }> {
  const document = await documentOf(containerd, target, name, signal);
  if (!document) throw containerd.failure(`the manifest of ${name} is not kept there`);
  if (document.kind === 'manifest') return { manifest: document };
  if (depth >= MAX_DEPTH)
    throw new PratiqueError('registry/bad-manifest', { name, reason: 'indexes inside of indexes' });
  // Indexes that containerd makes for imported archives tell no platforms.
  const tells = document.manifests.some((entry) => entry.platform);
  const child =
    platform !== undefined && tells
      ? selectPlatform(document, parsePlatform(platform), name)
      : await firstKept(containerd, document, name, signal);
  return manifestOf(containerd, child, platform, name, signal, depth + 1);
}

/** Only what was pulled is there, which on most machines is one platform of an index. */
async function firstKept(
  containerd: Containerd,
  { manifests }: ImageIndex,
  name: string,
  signal: AbortSignal,
): Promise<Descriptor> {
  const images = manifests.filter(({ platform }) => platform?.os !== 'unknown').slice(0, 100);
  const preferred = (entry: Descriptor): number =>
    platformFits(entry.platform ?? defaultPlatform, defaultPlatform) ? 0 : 1;
  for (const entry of images.toSorted((a, b) => preferred(a) - preferred(b)))
    if (await documentOf(containerd, entry, name, signal)) return entry;
  throw containerd.failure(`of ${name} no platform is kept there`);
}

async function documentOf(
  containerd: Containerd,
  descriptor: Descriptor,
  name: string,
  signal: AbortSignal,
): Promise<Manifest | ImageIndex | undefined> {
  const bytes = await containerd.bytes(descriptor, limits.manifest, signal);
  return bytes && parseManifest(bytes, descriptor.mediaType, name);
}

function namesOf(name: string, target: Descriptor): Pick<Image, 'repoTags' | 'repoDigests'> {
  try {
    const reference = parseReference(name);
    const repository = shortRepository(reference);
    const tagged = reference.tag !== undefined && reference.digest === undefined;
    return {
      repoTags: tagged ? [`${repository}:${reference.tag}`] : [],
      repoDigests: [`${repository}@${target.digest}`],
    };
  } catch (error) {
    if (error instanceof PratiqueError) return { repoTags: [], repoDigests: [] }; // an image id
    throw error;
  }
}

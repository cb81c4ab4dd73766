/**
 * A saved image by path: an archive of `docker save` (also as a whole compressed), or an OCI layout, a directory or a
 * tar. `PATH:NAME` and `PATH@DIGEST` choose one of several images; a path that exists as it stands wins.
 * Errors  one `PratiqueError` that says what is missing.
 */
import { PratiqueError } from '#base';
import type { Image } from '#model';
import { parseDigest } from '#oci';
import { fileFacts, listDirectory, openRandomAccess, type RandomAccess } from '#platform';
import { compressionOf, decompress, MAGIC_BYTES } from './decompress.js';
import { DOCKER_MANIFEST, openDockerArchive } from './docker-archive.js';
import { chunksOf, LayerContext } from './layer-source.js';
import { LAYOUT_INDEX, openOciLayout } from './oci-layout.js';
import type { PathFilter } from './path-filter.js';
import type { SizeBudget } from './size-budget.js';
import { filesOfDirectory, filesOfTar, type StoredFiles } from './stored-files.js';

export interface ArchiveOptions {
  readonly filter?: PathFilter | undefined;
  /** `os/arch[/variant]`; chooses among the images of a nested index. */
  readonly platform?: string | undefined;
  readonly budget?: SizeBudget | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Throws when there is nothing at the path that could be read. */
export function checkArchive(name: string): void {
  const { path, directory } = locate(name);
  if (directory) listDirectory(path);
  else openRandomAccess(path).close();
}

export async function openArchive(name: string, options: ArchiveOptions = {}): Promise<Image> {
  const { path, reference, directory } = locate(name);
  const context = new LayerContext(options);
  let files: StoredFiles | undefined;
  try {
    files = directory ? filesOfDirectory(path) : await filesOfArchive(path, context, options.signal);
    if (!directory && files.open(DOCKER_MANIFEST)) return openDockerArchive(files, name, reference, context);
    if (!files.open(LAYOUT_INDEX)) throw noManifest(path, directory);
    const { platform } = options;
    const choice = reference === undefined ? {} : parseDigest(reference) ? { digest: reference } : { tag: reference };
    return openOciLayout(files, name, { ...choice, platform }, context);
  } catch (error) {
    files?.close();
    context.close();
    throw error;
  }
}

/** The files of a tar, which is expanded into a spool file first when it is compressed as a whole. */
export async function filesOfArchive(
  path: string,
  context: LayerContext,
  signal: AbortSignal | undefined,
): Promise<StoredFiles> {
  const file = openRandomAccess(path);
  try {
    if (compressionOf(file.read(0, MAGIC_BYTES), path) === 'none') return filesOfTar(path, file);
    const expanded = await spooled(decompress(chunksOf(file), { what: path, signal }), context);
    file.close();
    return filesOfTar(path, expanded);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** A stream, kept in a spool file as long as the image is open. */
export async function spooled(chunks: AsyncIterable<Uint8Array>, context: LayerContext): Promise<RandomAccess> {
  const spool = context.spool();
  for await (const chunk of chunks) spool.append(chunk);
  return spool.slice(0, spool.size);
}

interface Located {
  readonly path: string;
  readonly directory: boolean;
  readonly reference?: string;
}

/** The longest part of the name before a `:` or `@` that exists is the path. */
function locate(name: string): Located {
  for (let end = name.length; end > 0; end = separatorBefore(name, end)) {
    const path = name.slice(0, end);
    const kind = kindOf(path);
    if (kind === undefined) continue;
    const reference = name.slice(end + 1);
    return { path, directory: kind === 'directory', ...(reference !== '' && { reference }) };
  }
  throw new PratiqueError('file/not-found', { path: name });
}

const separatorBefore = (name: string, end: number): number =>
  Math.max(name.lastIndexOf(':', end - 1), name.lastIndexOf('@', end - 1));

function kindOf(path: string): 'directory' | 'file' | undefined {
  try {
    return fileFacts(path, { follow: true }).kind === 'directory' ? 'directory' : 'file';
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

function noManifest(path: string, directory: boolean): PratiqueError {
  const reason = directory
    ? `the directory holds no ${LAYOUT_INDEX}`
    : `it holds neither ${DOCKER_MANIFEST} nor ${LAYOUT_INDEX}`;
  return new PratiqueError('image/no-manifest', { path, reason });
}

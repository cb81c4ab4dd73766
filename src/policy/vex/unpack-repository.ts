/**
 * Takes the JSON files out of the archive of a VEX repository, tar.gz or zip.
 * Limits  100,000 files of 16 MiB, 512 MiB in all; names below the archive's top, as files of their own.
 * Errors  `FormatError`, `LimitError`.
 */
import { FormatError, LimitError } from '#base';
import { bytesSource, cleanPath, readZipEntry, tarGzEntries, zipEntries } from '#formats';
import { writeAtomically } from '#platform';
import { specVersion } from './vex-manifest.js';

const maxFiles = 100_000;
const maxFile = 16 * 1024 * 1024;
const maxBytes = 512 * 1024 * 1024;

interface ArchiveFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * Resolves to where the index is, below `target`: in the directory that the location names, at the top, or in the only
 * directory there, as in archives of a hosted repository.
 */
export async function unpackRepository(bytes: Uint8Array, directory: string, target: string): Promise<string> {
  const written = new Set<string>();
  const directories = new Set<string>();
  let total = 0;
  for await (const { path, content } of filesOf(bytes)) {
    const name = innerPath(path);
    if (!name.endsWith('.json')) continue;
    const above = directoriesOf(name);
    if (written.has(name) || directories.has(name) || above.some((one) => written.has(one)))
      throw new FormatError(`${name} is in the archive twice`);
    if (written.size >= maxFiles) throw new LimitError('files of the archive', maxFiles);
    if ((total += content.length) > maxBytes) throw new LimitError('the unpacked archive', maxBytes);
    written.add(name);
    for (const one of above) directories.add(one);
    await writeAtomically(`${target}/${name}`, content);
  }
  const places = directory ? [directory] : ['', ...onlyDirectory(written)];
  const place = places.find((one) => written.has(one ? `${one}/index.json` : 'index.json'));
  if (place === undefined) throw new FormatError(`the archive has no index.json${directory && ` in ${directory}`}`);
  return place;
}

/** Below the archive's top, and no longer than file systems take. */
function innerPath(path: string): string {
  const name = cleanPath(path)?.replace(/^\/+/, '');
  if (name === undefined || /[\\\0]/.test(name))
    throw new FormatError(`the archive has a file outside of it: ${JSON.stringify(path)}`);
  if (name.length > 1000 || name.split('/').some((part) => Buffer.byteLength(part) > 200))
    throw new FormatError('the archive has a file with too long a name');
  return name;
}

const directoriesOf = (name: string): readonly string[] =>
  [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));

/** `vexhub-main`, and below it `0.1` where several versions lie side by side. */
function onlyDirectory(files: ReadonlySet<string>): readonly string[] {
  const tops = new Set([...files].map((name) => name.slice(0, Math.max(0, name.indexOf('/')))));
  const [top] = tops;
  if (tops.size !== 1 || !top) return [specVersion];
  return [top, specVersion, `${top}/${specVersion}`];
}

async function* filesOf(bytes: Uint8Array): AsyncGenerator<ArchiveFile, void> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const source = bytesSource(bytes);
    for (const entry of zipEntries(source))
      if (!entry.path.endsWith('/'))
        yield { path: entry.path, content: wanted(entry.path) ? readZipEntry(source, entry, maxFile) : none };
    return;
  }
  for await (const { entry, content } of tarGzEntries(chunked(bytes), 2 * maxBytes)) {
    if (entry.type !== 'file' || entry.sparse) continue;
    if (!wanted(entry.path)) yield { path: entry.path, content: none };
    else yield { path: entry.path, content: await gather(content, entry.path) };
  }
}

const none = new Uint8Array();
const wanted = (path: string): boolean => path.endsWith('.json');

async function gather(content: AsyncIterable<Uint8Array>, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    if ((size += chunk.length) > maxFile) throw new LimitError(path, maxFile);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* chunked(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const step = 64 * 1024;
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

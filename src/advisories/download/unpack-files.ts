/**
 * Takes a few files out of a `.tar.gz` while it streams.
 * Reads   chunks of the compressed archive, to their end, so that whoever made them can judge the whole.
 * Yields  the wanted files in a directory; everything else in the archive is passed over, wherever it claims to belong.
 * Limits  bytes per wanted file, four times their sum and 1 MiB for the whole archive.
 * Errors  `FormatError` for what is no tar.gz, `LimitError`; errors of the chunks pass through.
 * Source  https://www.rfc-editor.org/rfc/rfc1952 https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, LimitError } from '#base';
import { cleanPath, tarGzEntries, type StreamedEntry } from '#formats';
import { fileError } from '#platform';

/** @param wanted limit in bytes by name; names have no directories. */
export async function unpackFiles(
  chunks: AsyncIterable<Uint8Array>,
  directory: string,
  wanted: ReadonlyMap<string, number>,
): Promise<void> {
  const whole = [...wanted.values()].reduce((sum, limit) => sum + 4 * limit, 1024 * 1024);
  const found = new Set<string>();
  for await (const one of tarGzEntries(chunks, whole)) await unpackEntry(one, directory, wanted, found);
  const missing = [...wanted.keys()].filter((name) => !found.has(name));
  if (missing.length > 0) throw new FormatError(`${missing.join(' and ')} not in the archive`);
}

async function unpackEntry(
  { entry, content }: StreamedEntry,
  directory: string,
  wanted: ReadonlyMap<string, number>,
  found: Set<string>,
): Promise<void> {
  const name = cleanPath(entry.path) ?? '';
  const limit = wanted.get(name);
  if (limit === undefined) return;
  if (entry.type !== 'file' || entry.sparse) throw new FormatError(`${name} is not a plain file`);
  if (found.has(name)) throw new FormatError(`${name} is there twice`);
  if (entry.size > limit) throw new LimitError(name, limit);
  found.add(name);
  await writeFile(join(directory, name), content);
}

async function writeFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const failed = (error: unknown): never => {
    throw fileError(path, error, 'write');
  };
  const file = await open(path, 'wx', 0o644).catch(failed);
  try {
    for await (const chunk of content) await file.writeFile(chunk).catch(failed);
  } finally {
    await file.close().catch(failed);
  }
}

/**
 * Decompresses the database that comes with the program.
 * Limits  no more than the size in the manifest is written.
 * Errors  `db/corrupt` when the result is not what the manifest promises.
 */
import { createHash, PratiqueError, zlib } from '#base';
import { embeddedBytes, type EmbeddedManifest } from './embedded-files.js';

export async function unpackEmbedded({ size, sha256 }: EmbeddedManifest): Promise<Uint8Array> {
  const compressed = embeddedBytes();
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    zlib().brotliDecompress(compressed, { maxOutputLength: size }, (error, unpacked) => {
      if (error) reject(corrupt(error.message, error));
      else resolve(unpacked);
    });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw corrupt('its digest is another one');
  return bytes;
}

function corrupt(reason: string, cause?: unknown): PratiqueError {
  return new PratiqueError('db/corrupt', { path: 'the database built into the program', reason }, cause);
}

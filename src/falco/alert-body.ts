/**
 * The body of a request, as it was before compression (Falco's `compress_uploads`).
 * Limits  1 MiB as sent, and 1 MiB expanded; what is beyond is not kept.
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Rejection } from './listener-metrics.js';

export const MAX_BODY = 1024 * 1024;

export async function alertBody(message: IncomingMessage): Promise<Uint8Array | Rejection> {
  const encoding = (message.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const bytes = await sentBytes(message);
  if (typeof bytes === 'string' || encoding === 'identity') return bytes;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return 'encoding';
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BODY });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'malformed';
  }
}

async function sentBytes(message: IncomingMessage): Promise<Uint8Array | Rejection> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    // The only error of a request as a stream is that its sender went away; nobody is left to tell.
    return 'cut_off';
  }
  return size > MAX_BODY ? 'too_large' : Buffer.concat(chunks);
}

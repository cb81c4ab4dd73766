/**
 * The content of a blob as it arrives, checked against its descriptor; a cut connection is taken up where it broke.
 * Limits  the size in the descriptor; 4 failures in a row without a byte in between, 50 in all.
 * Errors  `registry/bad-digest` after the last chunk when the content is not what was promised: whoever uses chunks
 *         before the end must be ready to drop what was made of them.
 * Source  https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs (Range requests)
 */
import { PratiqueError } from '#base';
import { type HttpResponse, NetworkError, type World } from '#platform';
import type { Descriptor } from '../descriptor.js';
import { hashFor, parseDigest } from '../digest.js';
import { mayPass, resumeDelay } from './retry.js';

const MAX_FAILURES_IN_A_ROW = 4;
const MAX_FAILURES = 50;

export interface BlobRequest {
  readonly descriptor: Descriptor;
  /** For errors. */
  readonly name: string;
  /** Asks for the content from a byte on. Its answer has status 200 (everything) or 206 (a part). */
  readonly open: (offset: number) => Promise<HttpResponse>;
  readonly world: World;
  readonly signal: AbortSignal;
}

export async function* streamBlob(request: BlobRequest): AsyncGenerator<Uint8Array, void> {
  const { descriptor, name, world, signal } = request;
  const wrong = (reason: string): PratiqueError =>
    new PratiqueError('registry/bad-digest', { name, digest: descriptor.digest, reason });
  const digest = parseDigest(descriptor.digest);
  if (!digest) throw wrong('the digest is not valid');
  const hash = hashFor(digest);
  let received = 0;
  let failures = 0;
  let inARow = 0;
  for (;;) {
    const before = received;
    try {
      for await (const chunk of contentFrom(await request.open(received), received, name)) {
        received += chunk.length;
        if (received > descriptor.size) throw wrong(`it is longer than ${descriptor.size} bytes`);
        hash.update(chunk);
        yield chunk;
      }
      if (received === descriptor.size) break;
      throw new NetworkError('reset', name, `only ${received} of ${descriptor.size} bytes came`);
    } catch (error) {
      inARow = received > before ? 1 : inARow + 1;
      failures++;
      if (!mayPass(error) || inARow >= MAX_FAILURES_IN_A_ROW || failures >= MAX_FAILURES) throw error;
      world.log.debug('Download goes on after a break', { name, received, reason: error.message });
      await world.clock.sleep(resumeDelay(inARow - 1), signal);
    }
  }
  const actual = hash.digest('hex');
  if (actual !== digest.hex) throw wrong(`it has ${digest.algorithm}:${actual}`);
}

/** The body from byte `offset` on, whatever part the server chose to send. */
async function* contentFrom(response: HttpResponse, offset: number, name: string): AsyncGenerator<Uint8Array, void> {
  const start = response.status === 206 ? startOf(response.header('content-range')) : 0;
  if (start === undefined || start > offset) {
    await response.discard();
    throw new PratiqueError('registry/bad-answer', { registry: name, reason: 'it sent another part than asked for' });
  }
  let skip = offset - start;
  for await (const chunk of response.body) {
    if (skip >= chunk.length) skip -= chunk.length;
    else {
      yield skip > 0 ? chunk.subarray(skip) : chunk;
      skip = 0;
    }
  }
}

function startOf(contentRange: string | undefined): number | undefined {
  const found = /^bytes (\d{1,15})-/.exec(contentRange ?? '');
  return found ? Number(found[1]) : undefined;
}

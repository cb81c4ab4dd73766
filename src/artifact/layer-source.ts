/**
 * Layers as sources of files: kept plain in a local archive they are walked by position, everything else streams
 * through digest check, decompression and walk in one pass.
 * Errors  `PratiqueError` about the layer, whatever was wrong inside it.
 */
import { compact, FormatError, LimitError, limits, PratiqueError } from '#base';
import type { LayerSource, TreeVisitor } from '#model';
import { hashFor, parseDigest } from '#oci';
import { createSpoolFile, type RandomAccess, type SpoolFile } from '#platform';
import { compressionOf, decompress, MAGIC_BYTES } from './decompress.js';
import type { PathFilter } from './path-filter.js';
import type { SizeBudget } from './size-budget.js';
import { walkArchive } from './walk-archive.js';
import { walkStream } from './walk-stream.js';

export interface LayerFacts {
  readonly diffId: string | undefined;
  readonly digest: string | undefined;
  readonly createdBy: string | undefined;
  readonly storedSize?: number | undefined;
}

/** What the layers of one image share. */
export class LayerContext {
  readonly filter: PathFilter | undefined;
  readonly budget: SizeBudget | undefined;
  private readonly spools: SpoolFile[] = [];

  constructor({ filter, budget }: { filter?: PathFilter | undefined; budget?: SizeBudget | undefined } = {}) {
    this.filter = filter;
    this.budget = budget;
  }

  /** A spool file that lives as long as the image is open. */
  spool(): SpoolFile {
    const spool = createSpoolFile();
    this.spools.push(spool);
    return spool;
  }

  close(): void {
    for (const spool of this.spools) spool.close();
  }
}

/** A layer that lies in a local file. */
export function storedLayer(tar: RandomAccess, facts: LayerFacts, context: LayerContext): LayerSource {
  const compression = compressionOf(tar.read(0, MAGIC_BYTES), nameOf(facts));
  const stored = { ...facts, storedSize: tar.size };
  if (compression !== 'none') return streamedLayer(() => chunksOf(tar), stored, context);
  return {
    ...compact({ ...stored, contentKey: tar.identity }),
    async walk(visitor, signal) {
      if (tar.size > limits.layer) throw tooLarge(facts);
      context.budget?.take(tar.size);
      await about(facts, () => walkArchive(tar, visitor, { filter: context.filter, signal }));
      return { size: tar.size };
    },
  };
}

/** A layer that arrives as a stream, maybe compressed; `open` is called for each walk, and gives its chunks away. */
export function streamedLayer(
  open: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
  facts: LayerFacts,
  context: LayerContext,
): LayerSource {
  return {
    ...compact({ ...facts, contentKey: facts.digest }),
    walk: (visitor: TreeVisitor, signal: AbortSignal) =>
      about(facts, () => {
        let spool: SpoolFile | undefined;
        const expanded = decompress(open(signal), { what: nameOf(facts), signal });
        return walkStream(context.budget?.counted(expanded) ?? expanded, visitor, {
          filter: context.filter,
          signal,
          spool: () => (spool ??= context.spool()),
        });
      }),
  };
}

/** The bytes as they are; an error at the end when they were not what the digest says. */
export async function* verified(chunks: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const expected = parseDigest(digest)!;
  const hash = hashFor(expected);
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  const hex = hash.digest('hex');
  if (hex !== expected.hex) {
    throw new PratiqueError('image/digest-mismatch', {
      what: `layer ${digest}`,
      actual: `${expected.algorithm}:${hex}`,
    });
  }
}

/** The content of a local file in large pieces, which are the caller's. */
export async function* chunksOf(file: RandomAccess): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(Math.min(PIECE, file.size - at));
    yield piece.subarray(0, file.readInto(piece, at));
  }
}

const PIECE = 256 * 1024;

const nameOf = ({ digest, diffId }: LayerFacts): string => `layer ${digest ?? diffId ?? ''}`.trimEnd();

const tooLarge = (facts: LayerFacts): PratiqueError =>
  new PratiqueError('limit/exceeded', { what: nameOf(facts), limit: `${limits.layer} bytes` });

async function about<T>(facts: LayerFacts, walk: () => Promise<T>): Promise<T> {
  try {
    return await walk();
  } catch (error) {
    const what = nameOf(facts);
    if (error instanceof FormatError && error.message.includes('unexpected end')) {
      throw new PratiqueError('artifact/truncated', { what }, error);
    }
    if (error instanceof FormatError || error instanceof LimitError) {
      throw new PratiqueError('artifact/corrupt', { what, reason: error.message }, error);
    }
    throw error;
  }
}

/**
 * What is known of one image of a request: its reference, the digest behind it, facts for each platform it may run on.
 * What is not known is asked for: a scan is queued, unless the request is a dry run.
 */
import { PratiqueError } from '#base';
import { parseReference, type Reference } from '#oci';
import type { World } from '#platform';
import type { DigestResolver } from './digest-resolver.js';
import type { FactsStore } from './facts-store.js';
import type { ImageFacts, ImageKnowledge, JudgedImage } from './image-facts.js';
import type { ScanQueue, ScanRequest } from './scan-queue.js';

/** Verifies signatures, where one is configured. */
export interface SignatureVerifier {
  verify(
    image: { readonly repository: string; readonly digest: string },
    signal: AbortSignal,
  ): Promise<'valid' | 'invalid'>;
}

export interface KnowledgeSources {
  readonly facts: FactsStore;
  readonly resolver: DigestResolver;
  readonly queue: ScanQueue;
  readonly signatures?: SignatureVerifier | undefined;
}

export interface KnowledgeRequest {
  readonly platforms: readonly string[];
  readonly dryRun: boolean;
  /** Whether a policy asks for it. */
  readonly signature: boolean;
  /** Whether a policy asks what is known to be exploited. */
  readonly exploited: boolean;
  /** Milliseconds that a policy allows to wait for a scan. */
  readonly wait: number;
  /** Milliseconds until the API server gives up, counted from now. */
  budget(): number;
}

/** The longest wait for a registry, milliseconds. */
const RESOLVE = 2000;

export async function knowImage(
  text: string,
  request: KnowledgeRequest,
  sources: KnowledgeSources & Pick<World, 'log'>,
): Promise<JudgedImage> {
  let reference: Reference;
  try {
    reference = parseReference(text);
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    return {
      text,
      repository: '',
      pinned: false,
      invalid: error.message,
      signature: 'unavailable',
      knowledge: { kind: 'unknown', reason: 'the reference is not valid' },
    };
  }
  const repository = `${reference.registry}/${reference.repository}`;
  const common = { text, repository, pinned: reference.digest !== undefined };
  const found = await sources.resolver.resolve(reference, Math.min(RESOLVE, request.budget()));
  if ('failure' in found) {
    const reason = `the tag could not be resolved: ${found.failure}`;
    return { ...common, signature: 'unavailable', knowledge: { kind: 'unknown', reason } };
  }
  const { digest } = found;
  const [knowledge, signature] = await Promise.all([
    knowledgeOf({ repository, digest }, request, sources),
    signatureOf({ repository, digest }, request, sources),
  ]);
  return { ...common, digest, signature, knowledge };
}

async function knowledgeOf(
  image: Pick<ScanRequest, 'repository' | 'digest'>,
  request: KnowledgeRequest,
  { facts, queue }: KnowledgeSources,
): Promise<ImageKnowledge> {
  const { platforms, dryRun, wait, budget } = request;
  const look = (): (ImageFacts | undefined)[] =>
    platforms.map((platform) =>
      facts.get(image.digest, platform, { onlyPlatform: platforms.length === 1, exploited: request.exploited }),
    );
  const missing = platforms.filter((_, i) => look()[i] === undefined);
  if (missing.length === 0) return { kind: 'assessed', facts: look() as ImageFacts[] };
  const queued = dryRun ? [] : missing.filter((platform) => queue.add({ ...image, platform }));
  if (queued.length === missing.length && wait > 0) {
    const most = Math.min(wait, budget());
    await Promise.all(queued.map((platform) => facts.arrival(image.digest, platform, most)));
    const found = look();
    if (found.every((one) => one !== undefined)) return { kind: 'assessed', facts: found };
  }
  const failure = missing.map((platform) => queue.failure({ ...image, platform })).find((one) => one !== undefined);
  const reason =
    failure !== undefined
      ? `the image could not be scanned: ${failure}`
      : queued.length > 0
        ? 'the image was not scanned yet; the scan is under way, try again in a minute'
        : dryRun
          ? 'the image was not scanned yet, and a dry run starts no scan'
          : 'the image was not scanned yet, and too many others wait for their scan';
  return { kind: 'unknown', reason };
}

async function signatureOf(
  image: { readonly repository: string; readonly digest: string },
  request: KnowledgeRequest,
  { signatures, log }: KnowledgeSources & Pick<World, 'log'>,
): Promise<JudgedImage['signature']> {
  if (!signatures || !request.signature) return 'unavailable';
  try {
    return await signatures.verify(image, AbortSignal.timeout(Math.max(1, Math.floor(request.budget()))));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error('a signature could not be verified', { image: `${image.repository}@${image.digest}`, reason });
    return 'failed';
  }
}

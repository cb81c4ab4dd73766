/**
 * What is known of one image of a request: its reference, the digest behind it, facts for each platform it may run on.
 * What is not known is asked for: a scan is queued, unless the request is a dry run.
 */
import { PratiqueError } from '#base';
import { parseReference, type Reference } from '#oci';
import type { ImageToVerify } from '#signatures';
import type { DigestResolver } from './digest-resolver.js';
import type { FactsStore } from './facts-store.js';
import type { ImageFacts, ImageKnowledge, JudgedImage, Measure } from './image-facts.js';
import type { ScanQueue, ScanRequest } from './scan-queue.js';
import { mustBeSigned, type SignaturePolicy } from './signature-policy.js';
import type { SignatureVerdict, SignatureVerdicts } from './signature-verdicts.js';

export interface KnowledgeSources {
  readonly facts: FactsStore;
  readonly resolver: DigestResolver;
  readonly queue: ScanQueue;
  readonly signatures: SignatureVerdicts;
}

export interface KnowledgeRequest {
  readonly platforms: readonly string[];
  readonly dryRun: boolean;
  /** Of the policies that ask for them. */
  readonly signatures: readonly SignaturePolicy[];
  /** What policies ask for. */
  readonly measures: readonly Measure[];
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
  sources: KnowledgeSources,
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
      signatures: new Map(),
      knowledge: { kind: 'unknown', reason: 'the reference is not valid' },
    };
  }
  const repository = `${reference.registry}/${reference.repository}`;
  const common = { text, repository, pinned: reference.digest !== undefined };
  const found = await sources.resolver.resolve(reference, Math.min(RESOLVE, request.budget()));
  if ('failure' in found) {
    const reason = `the tag could not be resolved: ${found.failure}`;
    return { ...common, signatures: new Map(), knowledge: { kind: 'unknown', reason } };
  }
  const { digest } = found;
  const [knowledge, signatures] = await Promise.all([
    knowledgeOf({ repository, digest }, request, sources),
    signaturesOf({ repository, digest }, request, sources),
  ]);
  return { ...common, digest, signatures, knowledge };
}

async function knowledgeOf(
  image: Pick<ScanRequest, 'repository' | 'digest'>,
  request: KnowledgeRequest,
  { facts, queue }: KnowledgeSources,
): Promise<ImageKnowledge> {
  const { platforms, dryRun, wait, budget } = request;
  const look = (): (ImageFacts | undefined)[] =>
    platforms.map((platform) =>
      facts.get(image.digest, platform, { onlyPlatform: platforms.length === 1, measures: request.measures }),
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

/** A policy that waits for scans waits for signatures, too. */
async function signaturesOf(
  image: ImageToVerify,
  { signatures: policies, wait, budget }: KnowledgeRequest,
  { signatures }: KnowledgeSources,
): Promise<JudgedImage['signatures']> {
  const found = new Map<string, SignatureVerdict>();
  const asked = policies.filter((policy) => mustBeSigned(policy, image));
  await Promise.all(
    asked.map(async (policy) => {
      const first = signatures.look(image, policy);
      if (first.status !== 'pending' || wait <= 0) return void found.set(policy.hash, first);
      await signatures.arrival(image, policy, Math.min(wait, budget()));
      found.set(policy.hash, signatures.look(image, policy));
    }),
  );
  return found;
}

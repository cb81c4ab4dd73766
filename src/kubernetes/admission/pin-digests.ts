/**
 * Pins tags to digests: the pod runs what was judged, whatever the tag points to later.
 * Only pods are changed. Workloads keep their tags, so that what is applied again and again stays as it is written.
 */
import { PratiqueError } from '#base';
import { parseReference } from '#oci';
import type { AdmissionRequest, AdmissionResponse, PatchStep } from './admission-review.js';
import type { DigestResolver, Resolution } from './digest-resolver.js';
import { newImages } from './object-images.js';

/** Milliseconds. */
const RESOLVE = 3000;
/** More images than this stay as they are. */
const MAX_PINNED = 200;

export async function pinDigests(
  { kind, operation, object, oldObject }: AdmissionRequest,
  resolver: DigestResolver,
  budget: number,
): Promise<AdmissionResponse> {
  if (kind !== 'Pod' || (operation !== 'CREATE' && operation !== 'UPDATE')) return { allowed: true };
  const places = newImages(kind, object, oldObject).slice(0, MAX_PINNED);
  const warnings = new Set<string>();
  const steps = await Promise.all(
    places.map(async ({ image, pointer }): Promise<PatchStep[]> => {
      const found = await digestOf(image, resolver, Math.min(RESOLVE, budget));
      if (found === undefined) return [];
      if ('digest' in found) return [{ op: 'replace', path: pointer, value: `${image}@${found.digest}` }];
      warnings.add(`${image}: not pinned to its digest: ${found.failure}`);
      return [];
    }),
  );
  const patch = steps.flat();
  return { allowed: true, ...(patch.length > 0 && { patch }), ...(warnings.size > 0 && { warnings: [...warnings] }) };
}

/** `undefined`: it has one already. */
async function digestOf(image: string, resolver: DigestResolver, patience: number): Promise<Resolution | undefined> {
  try {
    const reference = parseReference(image);
    return reference.digest ? undefined : await resolver.resolve(reference, patience);
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    return { failure: error.message };
  }
}

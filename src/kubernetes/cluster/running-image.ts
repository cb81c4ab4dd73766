/**
 * What a pod's status says of the image that runs: `imageID` as container runtimes write it.
 * Reads   `name@sha256:…` (containerd, CRI-O), with `docker-pullable://` before it (dockershim); an id of the runtime's own
 *         (`sha256:…`, `docker://sha256:…`) names nothing that a registry knows and counts as nothing.
 * Source  https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto (ContainerStatus.image_ref)
 */
import { PratiqueError } from '#base';
import { parseReference, type Reference } from '#oci';

export interface RunningImage {
  readonly digest?: string;
  readonly pulledFrom?: string;
}

export function runningImage(image: string, imageId: string | undefined): RunningImage {
  const text = imageId?.replace(/^[a-z-]+:\/\//, '') ?? '';
  const at = text.lastIndexOf('@');
  const running = at < 0 ? undefined : referenceOf(text);
  if (!running?.digest) return {};
  const wanted = referenceOf(image);
  const same = wanted?.registry === running.registry && wanted.repository === running.repository;
  return { digest: running.digest, ...(!same && { pulledFrom: `${running.registry}/${running.repository}` }) };
}

export function referenceOf(image: string): Reference | undefined {
  try {
    return parseReference(image);
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

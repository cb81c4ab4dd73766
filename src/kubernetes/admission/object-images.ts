/**
 * The images that an object runs, where each kind of object has them.
 * Reads   objects of unknown shape, as a request carries them; what is missing or of another type is left out.
 * Limits  10,000 images an object; the size of the request bounds the rest.
 * Source  https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
import { fieldOf, listOf, textOf } from '#formats';

/** Kinds whose pods are looked into. Others run nothing that is known here. */
const podSpecs: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', ['spec']],
  ['ReplicationController', ['spec', 'template', 'spec']],
  ['Deployment', ['spec', 'template', 'spec']],
  ['ReplicaSet', ['spec', 'template', 'spec']],
  ['StatefulSet', ['spec', 'template', 'spec']],
  ['DaemonSet', ['spec', 'template', 'spec']],
  ['Job', ['spec', 'template', 'spec']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
]);

export interface ImagePlace {
  /** As the object has it. */
  readonly image: string;
  /** JSON pointer (RFC 6901) into the object. */
  readonly pointer: string;
}

const MAX_IMAGES = 10_000;

export const isJudgedKind = (kind: string): boolean => podSpecs.has(kind);

/** In the order of the object; the same image may come more than once. */
export function objectImages(kind: string, object: unknown): readonly ImagePlace[] {
  const path = podSpecs.get(kind);
  if (!path) return [];
  const spec = fieldOf(object, ...path);
  const base = `/${path.join('/')}`;
  const places: ImagePlace[] = [];
  const add = (image: string | undefined, pointer: string): void => {
    // Templates may leave the image empty.
    if (image && places.length < MAX_IMAGES) places.push({ image, pointer: base + pointer });
  };
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    listOf(spec, list).forEach((one, i) => add(textOf(one, 'image'), `/${list}/${i}/image`));
  listOf(spec, 'volumes').forEach((one, i) => add(textOf(one, 'image', 'reference'), `/volumes/${i}/image/reference`));
  return places;
}

/** Images that the old object does not run already, so that what runs can be labelled, scaled and ended. */
export function newImages(kind: string, object: unknown, oldObject: unknown): readonly ImagePlace[] {
  const old = new Set(objectImages(kind, oldObject).map(({ image }) => image));
  return objectImages(kind, object).filter(({ image }) => !old.has(image));
}

/** An annotation of the object, or of the pods it makes. */
export function objectAnnotation(kind: string, object: unknown, name: string): string | undefined {
  const path = podSpecs.get(kind) ?? ['spec'];
  return (
    textOf(object, 'metadata', 'annotations', name) ??
    textOf(object, ...path.slice(0, -1), 'metadata', 'annotations', name)
  );
}

/** Platform that the node selector asks for, as far as it does. */
export function wantedPlatform(kind: string, object: unknown): { readonly os?: string; readonly arch?: string } {
  const selector = fieldOf(object, ...(podSpecs.get(kind) ?? ['spec']), 'nodeSelector');
  const os = textOf(selector, 'kubernetes.io/os');
  const arch = textOf(selector, 'kubernetes.io/arch');
  return { ...(os && { os }), ...(arch && { arch }) };
}

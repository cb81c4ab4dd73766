/**
 * From workloads to the images to scan: what runs goes before what a template says; a pod's images are told of the workload
 * that made it; an image and platform is one task, however many workloads run it.
 */
import { parseReference } from '#oci';
import { referenceOf } from './running-image.js';
import type { ContainerImage, Workload } from './workload.js';

export interface ImageTask {
  readonly key: string;
  /** Names of the image, in the order to try. */
  readonly references: readonly string[];
  /** `os/arch`, in the order to try. */
  readonly platforms: readonly string[];
  /** Who runs it: their pull secrets may open it. */
  readonly workloads: readonly Workload[];
}

export interface WorkloadImages {
  readonly workload: Workload;
  readonly images: readonly UsedImage[];
}

export interface UsedImage {
  /** As the specification has it. */
  readonly image: string;
  readonly digest?: string;
  readonly containers: readonly string[];
  readonly task: string;
}

export interface ImagePlan {
  readonly workloads: readonly WorkloadImages[];
  readonly tasks: readonly ImageTask[];
}

export interface PlanOptions {
  /** Lower-case kinds; all without. */
  readonly isSelected: (kind: string) => boolean;
  /** Name objects that a workload made, too, instead of that workload alone. */
  readonly showOwned: boolean;
  readonly nodes: ReadonlyMap<string, string> | undefined;
}

export function planImages(workloads: readonly Workload[], options: PlanOptions): ImagePlan {
  const byUid = new Map(workloads.map((workload) => [workload.uid, workload]));
  const podsOf = podsByAncestor(workloads, byUid);
  const platformsOf = platformChooser(options.nodes);
  const tasks = new Map<string, { references: Set<string>; platforms: readonly string[]; workloads: Set<Workload> }>();

  const use = (image: ContainerImage, by: Workload): string => {
    const platforms = platformsOf(by);
    const names = referencesOf(image);
    const key = `${image.digest ?? names[0]!} ${platforms.join()}`;
    const task = tasks.get(key) ?? { references: new Set(), platforms, workloads: new Set() };
    tasks.set(key, task);
    for (const name of names) task.references.add(name);
    task.workloads.add(by);
    return key;
  };

  const rows: WorkloadImages[] = [];
  for (const workload of workloads) {
    if (!options.isSelected(workload.kind)) continue;
    const owned = workload.owner !== undefined && byUid.has(workload.owner.uid);
    if (owned && !options.showOwned) continue;
    const pods = podsOf.get(workload.uid) ?? [];
    // Former revisions of a deployment.
    if (owned && workload.idle && pods.length === 0) continue;
    rows.push({ workload, images: imagesOf(workload, pods, use) });
  }
  return {
    workloads: rows.sort(byName),
    tasks: [...tasks].map(([key, task]) => ({
      key,
      references: [...task.references],
      platforms: task.platforms,
      workloads: [...task.workloads],
    })),
  };
}

/** The pods below each workload, at any depth. Of ended pods only those of workloads without a living one. */
function podsByAncestor(
  workloads: readonly Workload[],
  byUid: ReadonlyMap<string, Workload>,
): ReadonlyMap<string, readonly Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const pod of workloads) {
    if (pod.kind !== 'Pod') continue;
    // Owners cannot form a circle in the API; a wrong one must not hang us.
    const seen = new Set<string>();
    for (let uid = pod.owner?.uid; uid !== undefined && !seen.has(uid); uid = byUid.get(uid)?.owner?.uid) {
      seen.add(uid);
      const pods = found.get(uid);
      if (pods) pods.push(pod);
      else found.set(uid, [pod]);
    }
  }
  for (const [uid, pods] of found) {
    const living = pods.filter((pod) => !pod.ended);
    if (living.length > 0) found.set(uid, living);
  }
  return found;
}

function imagesOf(
  workload: Workload,
  pods: readonly Workload[],
  use: (image: ContainerImage, by: Workload) => string,
): UsedImage[] {
  const used = new Map<string, { image: string; digest?: string; containers: Set<string>; task: string }>();
  const running = new Set<string>();
  const add = (image: ContainerImage, by: Workload): void => {
    const task = use(image, by);
    const key = `${task} ${image.image}`;
    const entry = used.get(key) ?? {
      image: image.image,
      ...(image.digest && { digest: image.digest }),
      containers: new Set<string>(),
      task,
    };
    used.set(key, entry);
    entry.containers.add(image.container);
  };
  for (const pod of pods) {
    for (const image of pod.images) {
      running.add(`${image.container} ${image.image}`);
      add(image, pod);
    }
  }
  for (const image of workload.images) {
    if (!running.has(`${image.container} ${image.image}`)) add(image, workload);
  }
  return [...used.values()].map(({ containers, ...entry }) => ({ ...entry, containers: [...containers] }));
}

/** The digest that runs, at the place the specification names; then where the container runtime says it is from. */
function referencesOf({ image, digest, pulledFrom }: ContainerImage): string[] {
  const wanted = referenceOf(image);
  // Kept as it is: opening it tells what is wrong.
  if (!wanted) return [image];
  if (!digest) return [wanted.name];
  const places = [`${wanted.registry}/${wanted.repository}`, ...(pulledFrom ? [pulledFrom] : [])];
  return places.map((place) => parseReference(`${place}@${digest}`).name);
}

/** When nothing is known of the nodes. */
const common = ['linux/amd64', 'linux/arm64'];

function platformChooser(nodes: PlanOptions['nodes']): (workload: Workload) => readonly string[] {
  const counts = new Map<string, number>();
  for (const platform of nodes?.values() ?? []) counts.set(platform, (counts.get(platform) ?? 0) + 1);
  const usual = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([platform]) => platform);
  return ({ node, os, architecture }) => {
    const known = node === undefined ? undefined : nodes?.get(node);
    if (known !== undefined) return [known];
    if (architecture) return [`${os ?? 'linux'}/${architecture}`];
    const fitting = usual.filter((platform) => !os || platform.startsWith(`${os}/`));
    return fitting.length > 0 ? fitting : common;
  };
}

function byName(a: WorkloadImages, b: WorkloadImages): number {
  const text = ({ workload: { namespace, kind, name } }: WorkloadImages): string => `${namespace}\0${kind}\0${name}`;
  return text(a) < text(b) ? -1 : 1;
}

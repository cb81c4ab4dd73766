/**
 * From the pods of a cluster to the reports there should be: one for each container of each workload, and one more for each
 * further image or platform that runs under the same name, as in clusters of two architectures or during a rollout.
 */
import { type ImageTask, planImages, type UsedImage } from '../cluster/plan-images.js';
import type { Workload } from '../cluster/workload.js';
import type { OwnerReference } from '../client/object.js';
import { hash, type ReportOwner, reportName } from '../reports/report-name.js';

/** A report to keep. */
export interface Unit {
  /** `namespace/name` of the report. */
  readonly key: string;
  readonly name: string;
  readonly owner: ReportOwner & { readonly reference: OwnerReference };
  readonly container: string;
  readonly image: string;
  readonly digest?: string;
  readonly specHash: string;
  readonly task: string;
}

export interface Plan {
  readonly units: ReadonlyMap<string, Unit>;
  readonly tasks: ReadonlyMap<string, ImageTask>;
}

export interface Cluster {
  readonly pods: Iterable<Workload>;
  /** Templates of workloads that run now and then; they count while they have no pods. */
  readonly templates: Iterable<Workload>;
  /** The workload that made a job, by uid of the job. */
  ownerOf(jobUid: string): Workload['owner'] | undefined;
  /** Platform by name of the node. */
  readonly nodes: ReadonlyMap<string, string> | undefined;
}

export function planUnits(cluster: Cluster): Plan {
  const pods = [...cluster.pods].filter((pod) => !pod.ended || pod.owner?.kind === 'Job');
  const owned = new Set<string>();
  for (const pod of pods) owned.add(ownerOfPod(pod, cluster).uid);
  const idle = [...cluster.templates].filter(({ uid }) => !owned.has(uid));
  const images = planImages([...pods, ...idle], { isSelected: () => true, showOwned: true, nodes: cluster.nodes });
  const groups = new Map<string, Group>();
  for (const { workload, images: used } of images.workloads) {
    const owner = workload.kind === 'Pod' ? ownerOfPod(workload, cluster) : workload;
    for (const image of used)
      for (const container of image.containers) add(groups, { owner, namespace: workload.namespace, container, image });
  }
  const specs = specHashes(groups);
  const units = [...groups.values()].flatMap((group) => unitsOf(group, specs.get(group.owner.uid)!));
  return {
    units: new Map(units.map((unit) => [unit.key, unit])),
    tasks: new Map(images.tasks.map((task) => [task.key, task])),
  };
}

type Owner = NonNullable<Workload['owner']>;

interface Group {
  readonly owner: Owner;
  readonly namespace: string;
  readonly container: string;
  /** By task, with the number of pods. */
  readonly images: Map<string, { readonly image: UsedImage; pods: number }>;
}

const ownerOfPod = (pod: Workload, { ownerOf }: Cluster): Owner =>
  pod.owner ? (ownerOf(pod.owner.uid) ?? pod.owner) : pod;

function add(
  groups: Map<string, Group>,
  { image, ...place }: Omit<Group, 'images'> & { readonly image: UsedImage },
): void {
  const key = `${place.owner.uid} ${place.container}`;
  const group = groups.get(key) ?? { ...place, images: new Map<string, { image: UsedImage; pods: number }>() };
  groups.set(key, group);
  const entry = group.images.get(image.task) ?? { image, pods: 0 };
  entry.pods++;
  group.images.set(image.task, entry);
}

/** By uid of the owner: changes when a container gets another image. */
function specHashes(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>();
  for (const { owner, container, images } of groups.values()) {
    const list = texts.get(owner.uid) ?? [];
    list.push(...[...images.values()].map(({ image }) => `${container} ${image.image}`));
    texts.set(owner.uid, list);
  }
  return new Map([...texts].map(([uid, list]) => [uid, hash([...new Set(list)].sort().join('\n')).slice(0, 10)]));
}

function unitsOf({ owner, namespace, container, images }: Group, specHash: string): Unit[] {
  const all = [...images.values()];
  const known = new Set(all.filter(({ image }) => image.digest).map(({ image }) => image.image));
  return all
    .filter(({ image }) => image.digest || !known.has(image.image))
    .sort((a, b) => b.pods - a.pods || (a.image.task < b.image.task ? -1 : 1))
    .map(({ image: { image, digest, task } }, i) => {
      const { kind, name, uid } = owner;
      const reference = {
        apiVersion: apiVersionOfKind(kind),
        kind,
        name,
        uid,
        controller: true,
        blockOwnerDeletion: false,
      };
      const place = { kind, name, namespace };
      const own = reportName(place, i === 0 ? container : `${container}-${hash(task).slice(0, 8)}`);
      return {
        key: `${namespace}/${own}`,
        name: own,
        owner: { ...place, reference },
        container,
        image,
        ...(digest && { digest }),
        specHash,
        task,
      };
    });
}

/** Owners of pods that are not built in have an API group that the pod does not need to tell us. */
function apiVersionOfKind(kind: string): string {
  if (kind === 'Pod' || kind === 'ReplicationController') return 'v1';
  return kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
}

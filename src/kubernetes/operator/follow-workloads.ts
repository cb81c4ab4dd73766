/**
 * What the operator knows of the cluster, kept current by watches: pods reduced to their images, the cron jobs that run now
 * and then, who made a job, platforms of nodes, and of its own reports their metadata only.
 */
import type { World } from '#platform';
import { namespaceFilter, type NamespaceChoice } from '../cluster/collect-workloads.js';
import { type Workload, workloadOf } from '../cluster/workload.js';
import type { KubernetesClient } from '../client/client.js';
import { createInformer, type Informer, type InformerOptions } from '../client/informer.js';
import type { KubernetesObject, ResourceType } from '../client/object.js';
import { resources } from '../client/resources.js';
import type { Cluster } from './plan-units.js';
import { readState, type ReportState } from '../reports/report-state.js';
import type { ReportKind } from '../reports/report-kinds.js';

export interface FollowOptions {
  readonly client: KubernetesClient;
  readonly namespaces: NamespaceChoice;
  /** Labels of namespaces; empty for all. */
  readonly namespaceSelector: string;
  onChange(): void;
  readonly kinds: readonly ReportKind[];
  /** `undefined`: there is none any more. Reports do not change what runs. */
  onReport(kind: ReportKind, key: string, known: KnownReport | undefined): void;
}

export interface KnownReport {
  readonly state: ReportState;
  readonly owner: string;
}

export interface Followed {
  cluster(): Cluster;
  reports(kind: ReportKind): Iterable<readonly [string, KnownReport]>;
  report(kind: ReportKind, key: string): KnownReport | undefined;
  /** Rejects with the first error that following cannot go on after. */
  run(signal: AbortSignal): Promise<void>;
  /** False where the rights to list them are missing. */
  readonly knowsNodes: boolean;
  /** What is not there yet. */
  notReady(): string | undefined;
}

const NODES_WAIT = 10_000;

export function followWorkloads(options: FollowOptions, world: World): Followed {
  const { client, namespaceSelector, onChange, onReport } = options;
  const named = namedNamespaces(options.namespaces);
  const began = world.clock.now().getTime();
  const all: { readonly what: string; readonly informer: Informer<unknown> }[] = [];

  function follow<T extends KubernetesObject, P>(
    own: Omit<InformerOptions<T, P>, 'client' | 'namespace'>,
    places: readonly (string | undefined)[] = named,
  ): readonly Informer<P>[] {
    return places.map((namespace) => {
      const changes = { onAdd: onChange, onUpdate: onChange, onDelete: onChange };
      const informer = createInformer({ client, ...changes, ...own, ...(namespace && { namespace }) }, world);
      all.push({ what: `${own.type.plural}${namespace ? ` of ${namespace}` : ''}`, informer });
      return informer;
    });
  }

  function followReports(kind: ReportKind): readonly Informer<KnownReport>[] {
    const tell = (known: KnownReport | undefined, key: string): void => {
      onReport(kind, key, known);
    };
    return follow<KubernetesObject, KnownReport>({
      type: kind.type as ResourceType,
      metadataOnly: true,
      project: projectReport,
      onAdd: tell,
      onUpdate: (known, _, key) => tell(known, key),
      onDelete: (_, key) => tell(undefined, key),
    });
  }

  const selected = namespaceSelector
    ? follow(
        {
          type: resources.namespaces,
          labelSelector: namespaceSelector,
          metadataOnly: true,
          project: ({ metadata }: KubernetesObject) => metadata.name,
        },
        [undefined],
      )[0]
    : undefined;
  const passes = namespaceFilter(options.namespaces);
  const wanted = ({ namespace }: Workload): boolean =>
    passes(namespace) && (selected === undefined || selected.get(namespace) !== undefined);

  const pods = follow({ type: resources.pods, project: projectPod });
  const cronJobs = follow({ type: resources.cronJobs, project: (job) => workloadOf('CronJob', job) });
  // Only of their owners something is needed.
  const jobs = follow({ type: resources.jobs, metadataOnly: true, project: projectOwner });
  const reports = new Map(options.kinds.map((kind) => [kind.id, followReports(kind)]));
  const [nodes] = follow({ type: resources.nodes, project: projectPlatform }, [undefined]);

  return {
    cluster() {
      const owners = new Map(jobs.flatMap((one) => [...one.values()].map(({ uid, owner }) => [uid, owner] as const)));
      return {
        pods: pods.flatMap((one) => [...one.values()].filter(wanted)),
        templates: cronJobs.flatMap((one) => [...one.values()].filter(wanted)),
        ownerOf: (uid) => owners.get(uid),
        nodes: nodes?.isSynced
          ? new Map([...nodes.entries()].flatMap(([k, v]) => (v ? [[k, v] as const] : [])))
          : undefined,
      };
    },
    *reports({ id }) {
      for (const one of reports.get(id) ?? []) yield* one.entries();
    },
    report({ id }, key) {
      for (const one of reports.get(id) ?? []) {
        const found = one.get(key);
        if (found) return found;
      }
      return undefined;
    },
    async run(signal) {
      await Promise.all(
        // Signals of their own: dozens of listeners on one look like a leak.
        all.map(({ informer }) => informer.run(AbortSignal.any([signal]))),
      );
    },
    get knowsNodes() {
      return nodes?.isSynced === true;
    },
    notReady() {
      // Who may not look at nodes works without; but platforms must not be guessed before they can be known.
      const isPatient = world.clock.now().getTime() - began < NODES_WAIT;
      return all.find(({ informer }) => !informer.isSynced && (informer !== nodes || isPatient))?.what;
    },
  };
}

/** All that are followed, where each is named; else `undefined` for the whole cluster. */
export const namedNamespaces = ({ include }: NamespaceChoice): readonly (string | undefined)[] =>
  include.length > 0 && include.every((name) => !name.includes('*')) ? include : [undefined];

const builtIn: ReadonlySet<string> = new Set([
  'apps/v1 ReplicaSet',
  'apps/v1 StatefulSet',
  'apps/v1 DaemonSet',
  'batch/v1 Job',
  'v1 ReplicationController',
]);

/** A pod whose controller is none of the built-in ones is taken for itself. */
export function projectPod(object: KubernetesObject): Workload | undefined {
  const workload = workloadOf('Pod', object);
  if (!workload?.owner) return workload;
  const reference = object.metadata.ownerReferences?.find(({ uid }) => uid === workload.owner?.uid);
  if (reference && builtIn.has(`${reference.apiVersion} ${reference.kind}`)) return workload;
  const { owner: _, ...alone } = workload;
  return alone;
}

function projectReport({ metadata }: KubernetesObject): KnownReport | undefined {
  const state = readState(metadata);
  return state && { state, owner: metadata.ownerReferences?.[0]?.uid ?? '' };
}

function projectOwner({
  metadata,
}: KubernetesObject): { uid: string; owner: NonNullable<Workload['owner']> } | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!metadata.uid || owner?.apiVersion !== 'batch/v1' || owner.kind !== 'CronJob') return undefined;
  return { uid: metadata.uid, owner: { kind: owner.kind, name: owner.name, uid: owner.uid } };
}

function projectPlatform(object: KubernetesObject): string | undefined {
  const { operatingSystem = 'linux', architecture } =
    (object as { status?: { nodeInfo?: { operatingSystem?: string; architecture?: string } } }).status?.nodeInfo ?? {};
  return architecture ? `${operatingSystem}/${architecture}` : undefined;
}

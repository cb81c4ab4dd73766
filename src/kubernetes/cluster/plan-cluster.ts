/** What of a cluster is looked at, as the user chose: workloads listed, their images planned. */
import type { World } from '#platform';
import type { ScanOptions } from '#scan';
import type { KubernetesClient } from '../client/client.js';
import { type Collected, collectWorkloads, type NamespaceChoice } from './collect-workloads.js';
import { type ImagePlan, planImages } from './plan-images.js';

export interface ClusterScanOptions {
  readonly namespaces: NamespaceChoice;
  /** Lower-case kinds. */
  readonly includeKinds: ReadonlySet<string>;
  readonly excludeKinds: ReadonlySet<string>;
  readonly excludeOwned: boolean;
  readonly skipImages: boolean;
  /** Images scanned at the same time. */
  readonly parallel: number;
  /** What the user asked for, `misconfig` and `rbac` included, which are not there yet. */
  readonly wanted: readonly string[];
  /** Paths of files with exceptions. */
  readonly exceptions: readonly string[];
  readonly scan: ScanOptions;
}

export interface PlannedCluster {
  readonly plan: ImagePlan;
  readonly collected: Collected;
  readonly isSelected: (kind: string) => boolean;
}

/** Throws when nothing at all could be looked at: that is no report. */
export async function planCluster(
  client: KubernetesClient,
  options: Pick<ClusterScanOptions, 'namespaces' | 'includeKinds' | 'excludeKinds' | 'excludeOwned'>,
  world: World,
): Promise<PlannedCluster> {
  const { includeKinds, excludeKinds } = options;
  const isSelected = (kind: string): boolean => {
    const lower = kind.toLowerCase();
    return includeKinds.size > 0 ? includeKinds.has(lower) : !excludeKinds.has(lower);
  };
  const collected = await collectWorkloads(client, options.namespaces, world);
  if (collected.workloads.length === 0 && collected.failures[0]) {
    const { failures } = collected;
    if (failures.every(({ kind }) => kind !== 'Namespace') || options.namespaces.include.length === failures.length)
      throw failures[0]!.error;
  }
  const plan = planImages(collected.workloads, {
    isSelected,
    showOwned: includeKinds.size + excludeKinds.size > 0 && !options.excludeOwned,
    nodes: collected.nodes,
  });
  return { plan, collected, isSelected };
}

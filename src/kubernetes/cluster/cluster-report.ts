/** What a scan of a cluster found: data only. */
import type { Diagnostic, Report } from '#model';

export interface ClusterReport {
  readonly clusterName: string;
  readonly resources: readonly ClusterResource[];
  /** What was not assessed of the cluster as a whole. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A workload with its images; or, with `*` for its name, all of a kind that could not be listed. */
export interface ClusterResource {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly images: readonly ScannedImage[];
  readonly error?: string;
}

export interface ScannedImage {
  /** As the workload names it. */
  readonly image: string;
  /** What runs. */
  readonly digest?: string;
  readonly containers: readonly string[];
  readonly platform?: string;
  readonly report?: Report;
  readonly error?: string;
}

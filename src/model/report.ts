import type { Diagnostic } from './diagnostic.js';
import type { Result } from './finding.js';
import type { ContentDescriptor, ImageConfig } from './image.js';
import type { OperatingSystem } from './os.js';
import type { Sbom } from './sbom.js';

export type ArtifactType = 'container_image' | 'filesystem' | 'repository' | 'cyclonedx' | 'spdx' | 'vm';

export interface ReportMetadata {
  /** Sum of uncompressed layer sizes, bytes. */
  readonly size?: number;
  readonly os?: OperatingSystem;
  readonly imageId?: string;
  readonly diffIds?: readonly string[];
  readonly repoTags?: readonly string[];
  readonly repoDigests?: readonly string[];
  readonly reference?: string;
  /** Of what the image's name led to at a registry. */
  readonly descriptor?: ContentDescriptor;
  readonly imageConfig?: ImageConfig;
  readonly layers?: readonly { readonly size?: number; readonly digest?: string; readonly diffId?: string }[];
  readonly git?: GitMetadata;
}

export interface GitMetadata {
  readonly repoUrl?: string;
  readonly branch?: string;
  readonly tags?: readonly string[];
  readonly commit?: string;
  readonly commitMessage?: string;
  readonly author?: string;
  readonly committer?: string;
}

/** Which advisory database a report was made with. */
export interface DatabaseInfo {
  readonly kind: 'downloaded' | 'embedded';
  readonly version: number;
  readonly updatedAt?: string;
  readonly nextUpdate?: string;
  readonly downloadedAt?: string;
  /** For the embedded one: what it covers. */
  readonly sources?: readonly { readonly name: string; readonly date: string; readonly license: string }[];
}

/** The outcome of a scan: data only, any format can be made from it. */
export interface Report {
  readonly artifactName: string;
  readonly artifactType: ArtifactType;
  readonly artifactId?: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
  /** UUID. */
  readonly reportId: string;
  readonly metadata: ReportMetadata;
  readonly results: readonly Result[];
  /** The bill of materials that was scanned: formats for bills write its components again. */
  readonly sbom?: Sbom;
  readonly database?: DatabaseInfo;
  readonly diagnostics: readonly Diagnostic[];
}

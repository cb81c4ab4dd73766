/** What is known of images: the facts that policies judge. */
import type { Severity } from '#model';
import type { SignatureVerdict } from './signature-verdicts.js';

/** A vulnerability of an image, reduced to what policies and messages need. */
export interface FactFinding {
  readonly id: string;
  /** What vendors call it. */
  readonly vendorIds?: readonly string[];
  readonly severity: Severity;
  readonly package: string;
  readonly version: string;
  readonly purl?: string;
  /** Absent: there is no fix. */
  readonly fixedVersion?: string;
  /** Milliseconds since 1970. */
  readonly publishedAt?: number;
  /** Known to be exploited (KEV). */
  readonly exploited?: true;
  /** How likely it is to be exploited within 30 days, from 0 to 1 (EPSS). */
  readonly epss?: number;
}

/** What policies may ask for that not everybody tells. */
export type Measure = 'exploited' | 'epss' | 'created';

/** The outcome of one scan: of one image for one platform, with one database. */
export interface ImageFacts {
  /** `sha256:…` of what the reference named: an index or a manifest. */
  readonly digest: string;
  /** `os/arch[/variant]`; `undefined` where the scan did not say. */
  readonly platform: string | undefined;
  /** `registry/repository`, to scan it again. */
  readonly repository?: string;
  /** Milliseconds since 1970. */
  readonly scannedAt: number;
  /** Names the advisory database. */
  readonly databaseVersion: string;
  /** Worst first. */
  readonly findings: readonly FactFinding[];
  /** Something of the image could not be assessed: what, in words. */
  readonly incomplete?: string;
  /** When the image was made, milliseconds since 1970. */
  readonly createdAt?: number;
  /** Whoever made these facts did not look; another scan tells. */
  readonly untold?: readonly Measure[];
  /** Neither database nor image tell. */
  readonly lacking?: readonly Measure[];
  /** The image has no variant for this platform; then there are no findings. */
  readonly absent?: true;
}

export type ImageKnowledge =
  /** One entry for each platform that the image may run on. */
  | { readonly kind: 'assessed'; readonly facts: readonly ImageFacts[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An image of an object under review, as far as it is known. */
export interface JudgedImage {
  /** As the object has it. */
  readonly text: string;
  /** `registry/repository`, Docker's defaults filled in; empty for a reference that cannot be parsed. */
  readonly repository: string;
  /** The reference itself holds a digest. */
  readonly pinned: boolean;
  readonly digest?: string;
  /** Why the reference cannot be parsed. */
  readonly invalid?: string;
  /** By the hash of the policy's rule. */
  readonly signatures: ReadonlyMap<string, SignatureVerdict>;
  readonly knowledge: ImageKnowledge;
}

/** The fields that all reports about an image begin with. */
import type { ExploitProbability, Report } from '#model';
import { parseReference } from '#oci';
import { referenceOf } from '../cluster/running-image.js';
import type { ReportArtifact, ReportHead } from './image-report.js';

/** The image as one workload names it. */
export interface NamedImage {
  readonly image: string;
  readonly digest?: string;
}

/** The outcome of a scan, however many workloads run the image. */
export interface Assessment {
  readonly report: Report;
  /** `os/arch`; empty for what has none. */
  readonly platform: string;
  /** Of this program. */
  readonly version: string;
  /** Severities or statuses are left out. */
  readonly isPartial: boolean;
  /** Which of the two below the database tells. */
  readonly lists: readonly string[];
  knownExploited(id: string): boolean;
  exploitProbability(id: string): ExploitProbability | undefined;
}

/** What an assessor tells beyond its reports. */
export const factsOf = ({
  isPartial,
  lists,
  knownExploited,
  exploitProbability,
}: Omit<Assessment, 'report' | 'platform' | 'version'>) => ({ isPartial, lists, knownExploited, exploitProbability });

export const scannerOf = (version: string): NonNullable<ReportHead['scanner']> => ({
  name: 'Pratique',
  vendor: 'pratique',
  version,
});

export function headOf(
  { report, platform, version }: Assessment,
  { image, digest }: NamedImage,
): Omit<ReportHead, 'pratique'> {
  const { server, ...artifact } = artifactOf(image, digest ?? digestOf(report));
  return {
    updateTimestamp: report.createdAt,
    scanner: scannerOf(version),
    ...(server && { registry: { server } }),
    artifact: { ...artifact, ...(platform && { platform }) },
  };
}

export function artifactOf(image: string, digest: string | undefined): ReportArtifact & { server?: string } {
  const reference = referenceOf(image);
  const found = digest ?? reference?.digest;
  return {
    repository: reference?.repository ?? image,
    ...(found && { digest: found }),
    ...(reference?.tag && { tag: reference.tag }),
    ...(reference && { server: reference.registry }),
  };
}

export const succeeded = ({ createdAt }: Report): ReportHead['pratique']['scan'] => ({
  phase: 'Succeeded',
  attempts: 0,
  lastSuccess: createdAt,
});

/** Of what the registry answered with. */
export function digestOf({ metadata }: Pick<Report, 'metadata'>): string | undefined {
  const [first] = metadata.repoDigests ?? [];
  return first === undefined ? undefined : parseReference(first).digest;
}

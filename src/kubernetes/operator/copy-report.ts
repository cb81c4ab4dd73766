/**
 * The report of an image that another workload runs, too, in place of another scan. Only what this process wrote itself is
 * copied: whoever may write reports in one namespace must not write them in all.
 */
import { PratiqueError } from '#base';
import type { KubernetesClient } from '../client/client.js';
import { isCurrent } from './freshness.js';
import type { Unit } from './plan-units.js';
import type { Reconciler } from './reconcile.js';
import { artifactOf, firstSeenOf, identityOf } from './report-body.js';
import type { UnitWriter } from './unit-writer.js';
import { type ReportBody, vulnerabilityReports } from './vulnerability-report.js';

export interface CopyOptions {
  readonly client: KubernetesClient;
  readonly reconciler: Reconciler;
  readonly writer: UnitWriter;
  readonly signal: AbortSignal;
}

export async function currentBody(
  task: string,
  { client, reconciler, writer, signal }: CopyOptions,
): Promise<ReportBody | undefined> {
  const now = reconciler.moment();
  for (const unit of reconciler.plan.units.values()) {
    const known = reconciler.known(unit);
    const version = writer.writtenVersion(unit);
    if (version === undefined || !known || !isCurrent(task, known.state, now)) continue;
    try {
      const found = await client.get(vulnerabilityReports, unit.name, { namespace: unit.owner.namespace, signal });
      if (found.metadata.resourceVersion === version) return found.report;
    } catch (error) {
      // Gone in between, or not to be had: a scan tells the same.
      if (!(error instanceof PratiqueError)) throw error;
    }
  }
  return undefined;
}

/** The report as of this workload. */
export function copyBody(unit: Unit, donor: ReportBody, former: ReportBody | undefined): ReportBody {
  const { registry: _, ...rest } = donor;
  const { server, ...artifact } = artifactOf(unit.image, unit.digest ?? donor.artifact.digest);
  const seen = firstSeenOf(former);
  const { platform } = donor.artifact;
  return {
    ...rest,
    ...(server && { registry: { server } }),
    artifact: { ...artifact, ...(platform && { platform }) },
    vulnerabilities: (donor.vulnerabilities ?? []).map((one) => {
      const firstSeen = seen.get(identityOf(one));
      return firstSeen === undefined ? one : { ...one, pratique: { ...one.pratique, firstSeen } };
    }),
  };
}

/**
 * Writes reports. The former one is replaced only by a whole new one: a failed scan changes nothing but the state.
 * Limits  an object the server finds too large is written again with half of the bytes, down to 16 KiB.
 */
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict, isTooLarge } from '../client/kubernetes-error.js';
import type { ObjectMeta } from '../client/object.js';
import { fitBudget } from './fit-budget.js';
import type { Unit } from './plan-units.js';
import { artifactOf } from './report-body.js';
import { reportAnnotations, reportLabels } from './report-name.js';
import { type ReportState, stateAnnotation, writeState } from './report-state.js';
import {
  type ReportBody,
  type ScanState,
  type VulnerabilityReport,
  vulnerabilityReports,
} from './vulnerability-report.js';

const LEAST = 16 * 1024;
const ATTEMPTS = 5;

export interface WriteOptions {
  readonly client: KubernetesClient;
  /** Bytes of an object. */
  readonly budget: number;
  readonly signal: AbortSignal;
}

/** `make` gets the former body. Resolves with the resource version. */
export async function writeReport(
  unit: Unit,
  stateOf: (body: ReportBody) => ReportState,
  make: (former: ReportBody | undefined) => ReportBody,
  { client, budget, signal }: WriteOptions,
): Promise<string> {
  const { namespace } = unit.owner;
  for (let attempt = 1, bytes = budget; ; attempt++) {
    const former = await client.find(vulnerabilityReports, unit.name, { namespace, signal });
    const report = fitBudget(make(former?.report), bytes);
    const object: VulnerabilityReport = { metadata: metadataOf(unit, stateOf(report), former?.metadata), report };
    try {
      const { metadata } = await (former
        ? client.update(vulnerabilityReports, object, { signal })
        : client.create(vulnerabilityReports, object, { signal }));
      return metadata.resourceVersion ?? '';
    } catch (error) {
      if (isTooLarge(error) && bytes > LEAST) bytes = Math.floor(bytes / 2);
      else if (attempt >= ATTEMPTS || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}

export function failedBody(unit: Unit, scan: ScanState, former: ReportBody | undefined): ReportBody {
  if (former?.updateTimestamp !== undefined) return { ...former, pratique: { ...former.pratique, scan } };
  const { server, ...artifact } = artifactOf(unit.image, unit.digest);
  return { ...(server && { registry: { server } }), artifact, pratique: { scan } };
}

function metadataOf(unit: Unit, state: ReportState, former: ObjectMeta | undefined): ObjectMeta {
  const { owner, container, specHash, name } = unit;
  return {
    ...(former?.resourceVersion && { resourceVersion: former.resourceVersion, uid: former.uid! }),
    name,
    namespace: owner.namespace,
    labels: { ...former?.labels, ...reportLabels(owner, container, specHash) },
    annotations: { ...former?.annotations, ...reportAnnotations(owner), [stateAnnotation]: writeState(state) },
    ownerReferences: [owner.reference],
  };
}

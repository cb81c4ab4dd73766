/**
 * Writes reports. The former one is replaced only by a whole new one: a failed scan changes nothing but the state.
 * Limits  an object the server finds too large is written again with half of the bytes, down to 16 KiB.
 */
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict, isTooLarge } from '../client/kubernetes-error.js';
import type { ObjectMeta } from '../client/object.js';
import type { Unit } from './plan-units.js';
import type { ImageReport, ReportHead, ScanState } from '../reports/image-report.js';
import { artifactOf } from '../reports/report-head.js';
import type { ReportKind } from '../reports/report-kinds.js';
import { reportAnnotations, reportLabels } from '../reports/report-name.js';
import { type ReportState, stateAnnotation, writeState } from '../reports/report-state.js';

const LEAST = 16 * 1024;
const ATTEMPTS = 5;

export interface WriteOptions {
  readonly client: KubernetesClient;
  /** Bytes of an object. */
  readonly budget: number;
  readonly signal: AbortSignal;
  /** Adds to a whole report what is said of the place where it is kept; `isShort`: it is too large for the cluster. */
  complete?(whole: ReportHead, isShort: boolean): Promise<ReportHead>;
}

/** `make` gets the former body. */
export async function writeReport(
  unit: Unit,
  { type, fit }: ReportKind,
  stateOf: (body: ReportHead) => ReportState,
  make: (former: ReportHead | undefined) => ReportHead,
  { client, budget, signal, complete }: WriteOptions,
): Promise<void> {
  const { namespace } = unit.owner;
  for (let attempt = 1, bytes = budget; ; attempt++) {
    const former = await client.find(type, unit.name, { namespace, signal });
    const whole = make(former?.report);
    const short = fit(whole, bytes);
    const report = complete ? fit(await complete(whole, short !== whole), bytes) : short;
    const object: ImageReport = { metadata: metadataOf(unit, stateOf(report), former?.metadata), report };
    try {
      await (former ? client.update(type, object, { signal }) : client.create(type, object, { signal }));
      return;
    } catch (error) {
      if (isTooLarge(error) && bytes > LEAST) bytes = Math.floor(bytes / 2);
      else if (attempt >= ATTEMPTS || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}

export function failedBody(unit: Unit, scan: ScanState, former: ReportHead | undefined): ReportHead {
  if (former?.updateTimestamp !== undefined) return { ...former, pratique: { ...former.pratique, scan } };
  const { server, ...artifact } = artifactOf(unit.image, unit.digest);
  return { ...(server && { registry: { server } }), artifact, pratique: { scan } };
}

function metadataOf(unit: Unit, state: ReportState, former: ObjectMeta | undefined): ObjectMeta {
  const { owner, container, specHash, name } = unit;
  return {
    ...(former?.resourceVersion && {
      resourceVersion: former.resourceVersion,
      uid: former.uid!,
      // Who wrote which field is of no use where one program writes all, and costs the API server a fifth of each write.
      // https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields
      managedFields: [{}],
    }),
    name,
    namespace: owner.namespace,
    labels: { ...former?.labels, ...reportLabels(owner, container, specHash) },
    annotations: { ...former?.annotations, ...reportAnnotations(owner), [stateAnnotation]: writeState(state) },
    ownerReferences: [owner.reference],
  };
}

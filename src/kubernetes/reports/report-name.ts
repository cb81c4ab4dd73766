/**
 * Names and labels of reports: `<kind>-<name>-<container>` in lower case, with a hash in place of what is too long. Names
 * must be DNS labels here, since the same text is the value of a label elsewhere.
 * Source  https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
import { createHash } from 'node:crypto';

export interface ReportOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const LONGEST = 63;

export function reportName({ kind, name }: ReportOwner, container: string): string {
  const lower = kind.toLowerCase();
  const full = `${lower}-${name}-${container}`;
  return isLabel(full) ? full : `${lower}-${hash(`${name}\0${container}`)}`;
}

export function reportLabels(owner: ReportOwner, container: string, specHash: string): Record<string, string> {
  const { kind, namespace, name } = owner;
  return {
    'app.kubernetes.io/managed-by': 'trivy-operator',
    'trivy-operator.resource.kind': kind,
    ...(isLabel(name) ? { 'trivy-operator.resource.name': name } : { 'trivy-operator.resource.name-hash': hash(name) }),
    'trivy-operator.resource.namespace': namespace,
    'trivy-operator.container.name': container,
    'resource-spec-hash': specHash,
  };
}

/** The name of the workload where no label can hold it. */
export const reportAnnotations = ({ name }: ReportOwner): Record<string, string> =>
  isLabel(name) ? {} : { 'trivy-operator.resource.name': name };

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const isLabel = (text: string): boolean => text.length <= LONGEST && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text);

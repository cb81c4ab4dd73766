/**
 * The summary of a cluster for a terminal: a row for each workload, counts by severity below each scanner. Workloads of
 * kube-system are the infrastructure. A row that is not complete says so; the reasons follow the tables.
 */
import { oneLine } from '#base';
import type { Severity } from '#model';
import { severities } from '#model';
import type { ClusterReport, ClusterResource } from './cluster-report.js';
import { groupedTable } from './grouped-table.js';

export interface SummaryOptions {
  readonly scanners: readonly string[];
  readonly severities: readonly Severity[];
  readonly color: boolean;
}

const worstFirst = [...severities].reverse();
const groups: Readonly<Record<string, string>> = { vuln: 'Vulnerabilities', secret: 'Secrets', license: 'Licenses' };

export function* clusterSummary(report: ClusterReport, options: SummaryOptions): Generator<string> {
  yield `\nSummary Report for ${oneLine(report.clusterName)}\n`;
  const infra = report.resources.filter(({ namespace }) => namespace === 'kube-system');
  const workloads = report.resources.filter(({ namespace }) => namespace !== 'kube-system');
  yield section('Workload Assessment', workloads, options);
  if (infra.length > 0) yield section('Infra Assessment', infra, options);
  const shown = worstFirst.filter((one) => options.severities.includes(one));
  yield `Severities: ${shown.map((one) => `${one[0]}=${one}`).join(' ')}\n`;
  yield notAssessed(report);
}

function section(title: string, resources: readonly ClusterResource[], options: SummaryOptions): string {
  const shown = worstFirst.filter((one) => options.severities.includes(one));
  const columns = options.scanners.filter((scanner) => Object.hasOwn(groups, scanner));
  const rows = [...resources]
    .sort(byNamespace)
    .map((resource) => [
      oneLine(resource.namespace || '*'),
      `${oneLine(`${resource.kind}/${resource.name}`)}${isComplete(resource) ? '' : ' (!)'}`,
      ...columns.flatMap((scanner) => shown.map((severity) => countOf(resource, scanner, severity))),
    ]);
  const table = groupedTable(rows, {
    titles: ['Namespace', 'Resource'],
    groups: columns.map((scanner) => ({ title: groups[scanner]!, columns: shown.map((one) => one[0]!) })),
  });
  return `\n${title}\n${table}`;
}

/** Empty for none, as a table full of noughts hides what is there; `-` where nothing was assessed. */
function countOf({ images }: ClusterResource, scanner: string, severity: Severity): string {
  const reports = images.flatMap(({ report }) => report ?? []);
  if (reports.length === 0) return '-';
  let count = 0;
  for (const { results } of reports) {
    for (const { vulnerabilities, secrets = [], licenses = [] } of results) {
      const list = scanner === 'vuln' ? vulnerabilities : scanner === 'secret' ? secrets : licenses;
      for (const finding of list) if (finding.severity === severity) count++;
    }
  }
  return count === 0 ? '' : String(count);
}

export const isComplete = ({ images, error }: ClusterResource): boolean =>
  error === undefined && images.every((image) => image.error === undefined);

/** Namespaces in descending order, as readers of the reference's table know it. */
function byNamespace(a: ClusterResource, b: ClusterResource): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? 1 : -1;
  return `${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1;
}

export function notAssessed({ resources, diagnostics }: ClusterReport): string {
  const lines: string[] = [];
  for (const { namespace, kind, name, images, error } of resources) {
    const where = `${namespace ? `${namespace}/` : ''}${kind}/${name}`;
    if (error !== undefined) lines.push(`${where}: ${error}`);
    for (const image of images) {
      if (image.error === undefined) continue;
      // Most errors name the image themselves.
      lines.push(`${where}: ${image.error.startsWith(image.image) ? '' : `${image.image}: `}${image.error}`);
    }
  }
  lines.push(...diagnostics.filter(({ severity }) => severity !== 'info').map(({ message }) => message));
  if (lines.length === 0) return '';
  return `\nNot assessed (!)\n${lines.map((line) => `- ${oneLine(line)}\n`).join('')}`;
}

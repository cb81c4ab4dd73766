/**
 * What the listener counts, in the text format of Prometheus.
 * Limits  labels take values from closed sets only: rules, images and files are none.
 * Source  https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md
 */
import type { FindingIndex } from './finding-index.js';
import type { JoinedAlert } from './join-alert.js';

export type Rejection = 'malformed' | 'too_large' | 'encoding' | 'cut_off';

export interface ListenerMetrics {
  alert(joined: JoinedAlert): void;
  reject(reason: Rejection): void;
  writeFailed(): void;
  text(): string;
}

const prefix = 'pratique_falco_';

export function listenerMetrics(index: FindingIndex): ListenerMetrics {
  const alerts = new Map<string, number>();
  const findings = new Map<string, number>();
  const rejections = new Map<string, number>();
  let failures = 0;
  const add = (counter: Map<string, number>, labels: string): void =>
    void counter.set(labels, (counter.get(labels) ?? 0) + 1);
  return {
    alert(joined) {
      add(alerts, `{priority="${joined.priority.toLowerCase()}",match="${joined.match}"}`);
      for (const relation of ['ran', 'touched'] as const)
        for (const severity of worstOf(joined[relation]))
          add(findings, `{relation="${relation}",severity="${severity}"}`);
    },
    reject: (reason) => add(rejections, `{reason="${reason}"}`),
    writeFailed: () => void failures++,
    text: () =>
      [
        series('alerts_total', 'counter', 'Alerts taken, by priority and how their image was found.', alerts),
        series('matched_files_total', 'counter', 'Files of alerts with findings, by worst severity.', findings),
        series('rejected_total', 'counter', 'Requests that were no alert, by reason.', rejections),
        series('write_failures_total', 'counter', 'Events that could not be written.', new Map([['', failures]])),
        series('images', 'gauge', 'Images with a report.', new Map([['', index.images]])),
        series('vulnerable_packages', 'gauge', 'Packages with findings.', new Map([['', index.packages]])),
      ].join(''),
  };
}

const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];

/** Of each file. */
function worstOf(files: JoinedAlert['ran']): string[] {
  return files.flatMap(({ packages, secrets = [] }) => {
    const found = [...packages.flatMap(({ vulnerabilities }) => vulnerabilities), ...secrets];
    return order.find((severity) => found.some((one) => one.severity === severity))?.toLowerCase() ?? [];
  });
}

function series(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string {
  const lines = [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([labels, value]) => `${prefix}${name}${labels} ${value}\n`);
  return `# HELP ${prefix}${name} ${help}\n# TYPE ${prefix}${name} ${type}\n${lines.join('')}`;
}

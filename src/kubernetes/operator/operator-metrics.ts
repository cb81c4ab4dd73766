/** What the operator counts. Namespaces, workloads and images are not labels: their number has no bound. */
import { createMetrics, type Metrics } from '../admission/metrics.js';

export interface OperatorGauges {
  running(): number;
  scanned(): number;
  reports(): number;
  waiting(): number;
  underWay(): number;
  databaseAge(): number | undefined;
  leading(): number;
  lastSuccess(): number | undefined;
}

const prefix = 'pratique_operator_';
export const operatorMetricNames = {
  failures: `${prefix}scan_failures_total`,
  scans: `${prefix}scans_total`,
  duration: `${prefix}scan_duration_seconds`,
  written: `${prefix}reports_written_total`,
} as const;

export function operatorMetrics(gauges: OperatorGauges): Metrics {
  return createMetrics([
    { name: operatorMetricNames.scans, help: 'Scans of images by result.', type: 'counter' },
    { name: operatorMetricNames.failures, help: 'Failed scans and writes by reason.', type: 'counter' },
    { name: operatorMetricNames.duration, help: 'Time of a scan.', type: 'histogram' },
    { name: operatorMetricNames.written, help: 'Reports written, by what they say.', type: 'counter' },
    gauge('running_digests', 'Images and platforms that run.', gauges.running),
    gauge('scanned_digests', 'Of these, those with a current result in every report.', gauges.scanned),
    gauge('reports', 'Reports that there should be.', gauges.reports),
    gauge('queue_length', 'Images that wait to be scanned.', gauges.waiting),
    gauge('scans_under_way', 'Images being scanned.', gauges.underWay),
    gauge('scan_last_success_timestamp_seconds', 'When a scan last succeeded.', gauges.lastSuccess),
    gauge('database_age_seconds', 'Age of the advisory database.', gauges.databaseAge),
    gauge('leader', 'Whether this replica leads.', gauges.leading),
  ]);
}

const gauge = (name: string, help: string, read: () => number | undefined) =>
  ({ name: `${prefix}${name}`, help, type: 'gauge', read }) as const;

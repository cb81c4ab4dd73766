/** What the operator counts. Namespaces, workloads and images are not labels: their number has no bound. */
import { createMetrics, type Metrics } from '../admission/metrics.js';

export interface OperatorGauges {
  running(): number;
  scanned(): number;
  reports(): number;
  waiting(): number;
  waitingEvents(): number | undefined;
  underWay(): number;
  busyWorkers(): number | undefined;
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
  events: `${prefix}events_total`,
  deliveries: `${prefix}event_deliveries_total`,
  dropped: `${prefix}events_dropped_total`,
} as const;

export function operatorMetrics(gauges: OperatorGauges): Metrics {
  return createMetrics([
    { name: operatorMetricNames.scans, help: 'Images read from registries, by result.', type: 'counter' },
    { name: operatorMetricNames.failures, help: 'Failed scans and writes by reason.', type: 'counter' },
    { name: operatorMetricNames.duration, help: 'Time that reading an image took.', type: 'histogram' },
    { name: operatorMetricNames.written, help: 'Reports written, by kind and what they say.', type: 'counter' },
    { name: operatorMetricNames.events, help: 'Events about findings by type.', type: 'counter' },
    { name: operatorMetricNames.deliveries, help: 'Requests to receivers of events.', type: 'counter' },
    { name: operatorMetricNames.dropped, help: 'Events that waited too long with too many others.', type: 'counter' },
    gauge('events_waiting', 'Events that some receiver has not taken yet.', gauges.waitingEvents),
    gauge('running_digests', 'Images and platforms that run.', gauges.running),
    gauge('scanned_digests', 'Of these, those with a current result in every report.', gauges.scanned),
    gauge('reports', 'Reports that there should be.', gauges.reports),
    gauge('queue_length', 'Images that wait to be scanned.', gauges.waiting),
    gauge('scans_under_way', 'Images being scanned.', gauges.underWay),
    gauge('busy_workers', 'Claims of workers that are alive.', gauges.busyWorkers),
    gauge('scan_last_success_timestamp_seconds', 'When reading an image last succeeded.', gauges.lastSuccess),
    gauge('database_age_seconds', 'Age of the advisory database.', gauges.databaseAge),
    gauge('leader', 'Whether this replica leads.', gauges.leading),
  ]);
}

const gauge = (name: string, help: string, read: () => number | undefined) =>
  ({ name: `${prefix}${name}`, help, type: 'gauge', read }) as const;

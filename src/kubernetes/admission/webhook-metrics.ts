/** What the webhook counts. Namespaces, images and users are not labels: their number has no bound. */
import { createMetrics, type Metrics } from './metrics.js';

export interface Gauges {
  certificateEnd(): number | undefined;
  facts(): number;
  policies(): number;
  brokenPolicies(): number;
  waiting(): number;
  running(): number;
  exceptions(): number;
  /** `undefined`: it is not used. */
  redisUp(): number | undefined;
}

const prefix = 'pratique_webhook_';
export const metricNames = {
  breakGlass: `${prefix}break_glass_total`,
  certificateChanges: `${prefix}certificate_changes_total`,
  decisions: `${prefix}decisions_total`,
  duration: `${prefix}request_duration_seconds`,
  requests: `${prefix}requests_total`,
  scanDuration: `${prefix}scan_duration_seconds`,
  scans: `${prefix}scans_total`,
  signatures: `${prefix}signatures_total`,
  unknown: `${prefix}unknown_images_total`,
} as const;

export function webhookMetrics(gauges: Gauges): Metrics {
  return createMetrics([
    { name: metricNames.requests, help: 'Requests by path and status of HTTP.', type: 'counter' },
    { name: metricNames.duration, help: 'Time to answer a review.', type: 'histogram' },
    { name: metricNames.decisions, help: 'Reviews by outcome, operation and kind.', type: 'counter' },
    { name: metricNames.unknown, help: 'Images under review that were not scanned yet.', type: 'counter' },
    { name: metricNames.breakGlass, help: 'Objects admitted by break-glass.', type: 'counter' },
    { name: metricNames.scans, help: 'Background scans by result.', type: 'counter' },
    { name: metricNames.scanDuration, help: 'Time of a background scan.', type: 'histogram' },
    { name: metricNames.signatures, help: 'Verifications of signatures by result.', type: 'counter' },
    { name: metricNames.certificateChanges, help: 'New certificates taken into use.', type: 'counter' },
    gauge('certificate_expiry_timestamp_seconds', 'When the certificate ends.', gauges.certificateEnd),
    gauge('known_images', 'Images and platforms with facts in memory.', gauges.facts),
    gauge('policies', 'Policies read.', gauges.policies),
    gauge('broken_policies', 'Policies that cannot be read in their latest form.', gauges.brokenPolicies),
    gauge('exceptions', 'VulnerabilityExceptions that can be read, expired ones included.', gauges.exceptions),
    gauge('scans_waiting', 'Scans in the queue.', gauges.waiting),
    gauge('scans_running', 'Scans under way.', gauges.running),
    gauge('redis_up', 'Whether Redis answers.', gauges.redisUp),
  ]);
}

const gauge = (name: string, help: string, read: () => number | undefined) =>
  ({ name: `${prefix}${name}`, help, type: 'gauge', read }) as const;

/**
 * Events as alerts of Alertmanager: one for each finding of an image. An alert lasts a day, or until the finding is fixed.
 * Of a summary there is one alert, without an image.
 * Source  https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
import type { EventFinding, FindingEvent } from './finding-event.js';
import type { Sink, SinkContext } from './sink.js';

export interface AlertmanagerOptions {
  /** Of the server, without `/api/v2`. */
  readonly url: string;
  /** Bearer token. */
  readonly token?: string | undefined;
}

const DAY = 86_400_000;
const MAX_TEXT = 500;

export function alertmanagerSink({ url, token }: AlertmanagerOptions): Sink {
  return {
    id: 'alertmanager',
    batch: 50,
    secrets: token ? [token] : [],
    request(events, context) {
      return {
        url: `${url.replace(/\/$/, '')}/api/v2/alerts`,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(events.flatMap((event) => alertsOf(event, context))),
      };
    },
  };
}

function alertsOf(event: FindingEvent, { source, now }: SinkContext): unknown[] {
  if (event.summary) {
    const { images, findings, exploited } = event.summary;
    const labels = { alertname: 'PratiqueSummary', source, severity: 'info' };
    const found = `${findings.CRITICAL} critical, ${findings.HIGH} high`;
    return [alert(event, labels, { summary: `${images} images: ${found}, ${exploited} known to be exploited` }, now)];
  }
  return event.findings.map((finding) =>
    alert(event, labelsOf(finding, event.image, source), annotationsOf(finding, event), now),
  );
}

/** The same for the same finding, so that its end is told of the same alert. */
const labelsOf = ({ id, package: name }: EventFinding, image: string, source: string) => ({
  alertname: 'PratiqueFinding',
  source,
  image,
  vulnerability: id,
  package: name,
});

function annotationsOf(finding: EventFinding, { type }: FindingEvent) {
  const { id, severity, formerSeverity, fixedVersion, title, exploited, link } = finding;
  const texts = {
    event: type,
    severity,
    summary: `${id} in ${finding.package}`,
    former_severity: formerSeverity,
    description: title,
    fixed_version: fixedVersion,
    known_exploited: exploited && 'true',
    link,
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (text ? [[key, text.slice(0, MAX_TEXT)] as const] : [])),
  );
}

function alert(
  { type, time }: FindingEvent,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  now: Date,
): unknown {
  const startsAt = Date.parse(time);
  // What was fixed has ended by now; the start must not lie behind the end.
  const endsAt = type === 'Fixed' ? now.getTime() : startsAt + DAY;
  return {
    labels,
    annotations,
    startsAt: new Date(Math.min(startsAt, endsAt)).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  };
}

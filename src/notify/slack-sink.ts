/**
 * Events as one message for people: of many, the gravest and the number of the others.
 * Limits  40 lines a message, texts cut; what comes from scanned images cannot make links, mentions or emphasis.
 * Sources https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/ and
 *         https://docs.slack.dev/messaging/formatting-message-text/
 */
import { oneLine } from '#base';
import { type Severity, severities } from '#model';
import type { EventFinding, EventType, FindingEvent } from './finding-event.js';
import type { Sink } from './sink.js';

const MAX_EVENTS = 10;
const MAX_LINES = 5;
const MAX_TEXT = 200;

const words: Readonly<Record<Exclude<EventType, 'Summary'>, string>> = {
  New: 'new',
  Fixed: 'fixed',
  KevAdded: 'now known to be exploited',
  SeverityChanged: 'of another severity',
};

export function slackSink(url: string): Sink {
  return {
    id: 'slack',
    batch: 1000,
    secrets: [url],
    request(events, { source }) {
      const shown = [...events].sort((a, b) => weight(b) - weight(a)).slice(0, MAX_EVENTS);
      const rest = events.length - shown.length;
      const blocks = [
        section(`*${inert(source)}*: ${headline(events)}`),
        ...shown.map((event) => section(textOf(event))),
        ...(rest > 0 ? [section(`and ${rest} more; see the reports`)] : []),
      ];
      const text = `${inert(source)}: ${headline(events)}`;
      return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text, blocks }) };
    },
  };
}

/** 3000 characters is Slack's limit of a section. */
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 2900) } });

function headline(events: readonly FindingEvent[]): string {
  const counts = new Map<EventType, number>();
  for (const { type, total } of events) counts.set(type, (counts.get(type) ?? 0) + total);
  const parts = [...counts].flatMap(([type, count]) => (type === 'Summary' ? [] : [`${count} ${words[type]}`]));
  return parts.length > 0 ? `vulnerabilities ${parts.join(', ')}` : 'the first look at all images';
}

function textOf(event: FindingEvent): string {
  if (event.summary) {
    const { images, findings, exploited } = event.summary;
    const counts = severities.toReversed().flatMap((one) => (findings[one] ? [`${findings[one]} ${one}`] : []));
    return `${images} images: ${counts.join(', ') || 'nothing found'}; ${exploited} known to be exploited`;
  }
  const lines = event.findings.slice(0, MAX_LINES).map(lineOf);
  const rest = event.total - lines.length;
  const head = `*${inert(event.image)}*: ${event.total} ${words[event.type as Exclude<EventType, 'Summary'>]}`;
  return [head, ...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}

function lineOf(finding: EventFinding): string {
  const { id, severity, formerSeverity, installedVersion, fixedVersion, exploited, title } = finding;
  const name = inert(`${finding.package} ${installedVersion ?? ''}`.trim());
  return [
    `• ${inert(id)} ${formerSeverity ? `${formerSeverity} → ` : ''}${severity}`,
    `in ${name}`,
    ...(fixedVersion ? [`fixed in ${inert(fixedVersion)}`] : []),
    ...(exploited ? ['known to be exploited'] : []),
    ...(title ? [inert(title)] : []),
  ].join(', ');
}

/** Markup needs `<`, `>`, `&` and pairs of `*`, `_`, `~` or backticks. */
const inert = (text: string): string =>
  oneLine(text)
    .slice(0, MAX_TEXT)
    .replace(/[*_~`]/g, (mark) => `\u200b${mark}\u200b`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

const order: readonly EventType[] = ['Fixed', 'SeverityChanged', 'New', 'KevAdded', 'Summary'];
const rank = (severity: Severity | undefined): number => (severity ? severities.indexOf(severity) : -1);
const weight = ({ type, findings }: FindingEvent): number => order.indexOf(type) * 10 + rank(findings[0]?.severity);

/**
 * What is known of the findings of one image name (`registry/repository`) over time, over all of its digests and platforms
 * that run: the difference to what is found now is what is new and what is fixed. Pure.
 */
import { createHash } from '#base';
import { type Severity, severities } from '#model';
import type { EventFinding, EventType, FindingEvent } from '#notify';

/** By id and package of the finding. */
export type ImageFindings = Readonly<Record<string, KnownFinding>>;

/** Severity, and whether it is known to be exploited. */
export type KnownFinding = readonly [severity: Severity, exploited: 0 | 1];

/** By key of the image that runs: digest and platform. */
export type HistoryState = Readonly<Record<string, ImageFindings>>;

export interface EventChoice {
  readonly types: readonly string[];
  /** Of findings that are told; what is known to be exploited is told whatever its severity. */
  readonly severities: readonly string[];
}

export const findingKey = (id: string, name: string): string => `${id} ${name}`;

const MAX_FINDINGS = 30;

/** The findings of all images; of one that several have, the gravest. */
export function unionOf(state: HistoryState): ReadonlyMap<string, KnownFinding> {
  const all = new Map<string, KnownFinding>();
  for (const findings of Object.values(state)) {
    for (const [key, found] of Object.entries(findings)) {
      const other = all.get(key);
      all.set(key, other ? graver(found, other) : found);
    }
  }
  return all;
}

const graver = (a: KnownFinding, b: KnownFinding): KnownFinding => [
  rank(a[0]) >= rank(b[0]) ? a[0] : b[0],
  a[1] || b[1] ? 1 : 0,
];

const rank = (severity: Severity): number => severities.indexOf(severity);

export interface Occasion {
  readonly image: string;
  readonly time: string;
  /** What is known of findings that are there now, by key. */
  readonly details: ReadonlyMap<string, EventFinding>;
}

/** One event for each type that there is something of. */
export function eventsBetween(
  before: HistoryState,
  after: HistoryState,
  occasion: Occasion,
  choice: EventChoice,
): FindingEvent[] {
  const [old, now] = [unionOf(before), unionOf(after)];
  const told = ([severity, exploited]: KnownFinding): boolean =>
    exploited === 1 || choice.severities.includes(severity);
  const found: Record<Exclude<EventType, 'Summary'>, EventFinding[]> = {
    New: [],
    Fixed: [],
    KevAdded: [],
    SeverityChanged: [],
  };
  for (const [key, finding] of now) {
    const former = old.get(key);
    const described = describe(key, finding, occasion.details);
    if (!former) {
      if (told(finding)) found.New.push(described);
      continue;
    }
    if (finding[1] > former[1]) found.KevAdded.push(described);
    if (finding[0] !== former[0] && (told(finding) || told(former)))
      found.SeverityChanged.push({ ...described, formerSeverity: former[0] });
  }
  for (const [key, finding] of old)
    if (!now.has(key) && told(finding)) found.Fixed.push(describe(key, finding, new Map()));
  return Object.entries(found)
    .filter(([type, findings]) => findings.length > 0 && choice.types.includes(type))
    .map(([type, findings]) => eventOf(type as EventType, findings, occasion));
}

function eventOf(type: EventType, all: readonly EventFinding[], { image, time }: Occasion): FindingEvent {
  const findings = [...all]
    .sort(
      (a, b) =>
        Number(b.exploited ?? false) - Number(a.exploited ?? false) ||
        rank(b.severity) - rank(a.severity) ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, MAX_FINDINGS);
  const content = JSON.stringify([type, image, time, all.map(({ id, package: name }) => findingKey(id, name)).sort()]);
  const id = `evt_${createHash('sha256').update(content).digest('hex').slice(0, 32)}`;
  return { id, type, time, image, findings, total: all.length };
}

function describe(
  key: string,
  [severity, exploited]: KnownFinding,
  details: ReadonlyMap<string, EventFinding>,
): EventFinding {
  const space = key.indexOf(' ');
  return {
    ...(details.get(key) ?? { id: key.slice(0, space), package: key.slice(space + 1) }),
    severity,
    ...(exploited === 1 && { exploited: true }),
  };
}

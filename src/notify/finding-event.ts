/** What happened to the findings of an image, as it is told to people and programs. */
import type { Severity } from '#model';

/** `Summary` stands for what would be too much to tell one by one: the first look at everything. */
export const eventTypes = ['New', 'Fixed', 'KevAdded', 'SeverityChanged', 'Summary'] as const;
export type EventType = (typeof eventTypes)[number];

export interface FindingEvent {
  /** The same for the same event, however often it is sent: receivers tell repetitions by it. */
  readonly id: string;
  readonly type: EventType;
  /** ISO-8601 UTC. */
  readonly time: string;
  /** `registry/repository`; empty in a summary. */
  readonly image: string;
  /** The gravest first. */
  readonly findings: readonly EventFinding[];
  /** All of them, where `findings` does not hold all. */
  readonly total: number;
  readonly summary?: EventSummary;
}

export interface EventFinding {
  readonly id: string;
  readonly package: string;
  readonly severity: Severity;
  /** Before it changed. */
  readonly formerSeverity?: Severity;
  readonly installedVersion?: string;
  readonly fixedVersion?: string;
  readonly title?: string;
  readonly link?: string;
  /** Known to be exploited. */
  readonly exploited?: true;
}

export interface EventSummary {
  readonly images: number;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly exploited: number;
}

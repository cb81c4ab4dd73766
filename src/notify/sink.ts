/** The contract of a receiver of events: a pure function from events to requests. Delivery is `deliver.ts`. */
import type { FindingEvent } from './finding-event.js';

export interface SinkContext {
  /** Of the cluster. */
  readonly source: string;
  readonly now: Date;
}

export interface SinkRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sink {
  /** Name in logs, metrics and what is kept. */
  readonly id: string;
  /** Events of one request at most. */
  readonly batch: number;
  request(events: readonly FindingEvent[], context: SinkContext): SinkRequest;
  /** What must not appear in any message. */
  readonly secrets: readonly string[];
}

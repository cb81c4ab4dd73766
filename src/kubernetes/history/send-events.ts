/**
 * Brings waiting events to their receivers, in batches, and crosses off what each has taken. What a receiver refuses is kept
 * and sent again, ever later; the others are told all the same. After a crash in between, a batch may come twice: its events
 * have the same ids.
 */
import { PratiqueError } from '#base';
import { deliver, type FindingEvent, openSinks, type Sink, type SinkChoice } from '#notify';
import { backoffDelay, createHttpClient, type HttpClient, type HttpOptions, type World } from '#platform';
import type { ImageTask } from '../cluster/plan-images.js';
import type { Histories } from './keep-histories.js';

export interface SendOptions {
  readonly histories: Histories;
  readonly sinks: SinkChoice;
  readonly http: HttpOptions;
  /** Of the cluster, for receivers of several. */
  readonly source: string;
  /** `undefined` while it is not known. */
  running(): Iterable<ImageTask> | undefined;
  /** Every image that runs was looked at. */
  settled(): boolean;
  onDelivery(sink: string, result: 'success' | 'failure'): void;
}

const ROUND = 1000;
/** Events of one change of the database come in a swarm: they are sent together, but not later than this. */
const GATHER = 30_000;
const waiting = { first: 10_000, factor: 2, longest: 1_800_000 };

interface Attempts {
  failures: number;
  /** Milliseconds since 1970. */
  next: number;
}

export async function sendEvents(options: SendOptions, world: World, signal: AbortSignal): Promise<void> {
  const { histories, settled, running } = options;
  const http = createHttpClient({ connectTimeout: 10_000, idleTimeout: 30_000, ...options.http }, world);
  const attempts = new Map<string, Attempts>();
  try {
    while (!signal.aborted) {
      try {
        const tasks = running();
        if (settled()) await histories.complete();
        if (tasks) await histories.retire(tasks);
        if (histories.waiting > 0) await sendRound(options, attempts, http, world);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof PratiqueError)) throw error;
        world.log.warn('Events could not be sent', { reason: error.message });
        await world.clock.sleep(waiting.first, signal).catch(() => {});
      }
      await world.clock.sleep(ROUND, signal).catch(() => {});
    }
  } finally {
    http.close();
  }
}

interface Waiting {
  readonly history: string;
  readonly event: FindingEvent;
  readonly sinks: readonly string[];
}

async function sendRound(
  options: SendOptions,
  attempts: Map<string, Attempts>,
  http: HttpClient,
  world: World,
): Promise<void> {
  const { histories, sinks, settled } = options;
  const now = world.clock.now().getTime();
  const ready = [...(await openSinks(sinks, world))].filter(({ id }) => (attempts.get(id)?.next ?? 0) <= now);
  if (ready.length === 0) return;
  const found = (await histories.pending()).flatMap(({ name, events }) =>
    events.map((one): Waiting => ({ history: name, ...one })),
  );
  const isGathered = settled() || found.some(({ event }) => now - Date.parse(event.time) > GATHER);
  if (!isGathered) return;
  const oldestFirst = found.sort((a, b) => (a.event.time < b.event.time ? -1 : 1));
  for (const sink of ready) {
    const wanted = oldestFirst.filter((one) => one.sinks.includes(sink.id));
    for (let i = 0; i < wanted.length; i += sink.batch)
      if (!(await sendBatch(sink, wanted.slice(i, i + sink.batch), options, attempts, http, world))) break;
  }
}

async function sendBatch(
  sink: Sink,
  batch: readonly Waiting[],
  { histories, source, onDelivery }: SendOptions,
  attempts: Map<string, Attempts>,
  http: HttpClient,
  world: World,
): Promise<boolean> {
  const delivery = await deliver(
    sink,
    batch.map(({ event }) => event),
    source,
    http,
    world,
  );
  onDelivery(sink.id, delivery.delivered ? 'success' : 'failure');
  if (!delivery.delivered) {
    const failures = (attempts.get(sink.id)?.failures ?? 0) + 1;
    const wait = Math.max(delivery.wait ?? 0, backoffDelay(failures - 1, waiting));
    attempts.set(sink.id, { failures, next: world.clock.now().getTime() + wait });
    world.log.warn('Events were not taken', {
      reason: delivery.error.message,
      again: `in ${Math.round(wait / 1000)} s`,
    });
    return false;
  }
  attempts.delete(sink.id);
  for (const name of new Set(batch.map(({ history }) => history))) {
    const ids = new Set(batch.filter(({ history }) => history === name).map(({ event }) => event.id));
    await histories.taken(name, ids, sink.id);
  }
  return true;
}

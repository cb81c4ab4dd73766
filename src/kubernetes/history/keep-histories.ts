/**
 * Keeps the histories of findings in the cluster. What an assessment found is recorded before any report of it is written:
 * when the process ends in between, the reports are still due, and recording them again makes no event.
 */
import { type Severity, severities } from '#model';
import type { EventFinding, FindingEvent } from '#notify';
import type { World } from '#platform';
import { changeObject } from '../client/change-object.js';
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict, isNotFound } from '../client/kubernetes-error.js';
import { referenceOf } from '../cluster/running-image.js';
import type { ImageTask } from '../cluster/plan-images.js';
import type { Assessment } from '../reports/report-head.js';
import {
  type EventChoice,
  eventsBetween,
  findingKey,
  type HistoryState,
  type KnownFinding,
} from './finding-history.js';
import {
  baselineName,
  countsOf,
  type FindingHistory,
  findingHistories,
  historyName,
  MAX_PENDING,
  packState,
  type PendingEvent,
  unpackState,
} from './history-resource.js';

export interface HistoriesOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Who is told. */
  readonly sinks: readonly string[];
  readonly choice: EventChoice;
  /** Milliseconds that an image may be gone before its findings count as fixed. */
  readonly removeAfter: number;
  onEvent(type: string): void;
  onDropped(count: number): void;
}

export interface Histories {
  /** Reads what is there; before anything else. */
  load(): Promise<void>;
  /** Whether what was found in the image is recorded, or could not be just now. */
  knows(task: ImageTask): boolean;
  record(task: ImageTask, assessment: Assessment): Promise<void>;
  /** It cannot be recorded now. */
  postpone(task: ImageTask): void;
  /** Everything that runs was looked at once: from now on, what is new is told. */
  complete(): Promise<void>;
  /** Takes images out that do not run any more. */
  retire(running: Iterable<ImageTask>): Promise<void>;
  /** Events by history; read from the cluster. */
  pending(): Promise<readonly { readonly name: string; readonly events: readonly PendingEvent[] }[]>;
  /** They were taken by the receiver. */
  taken(name: string, ids: ReadonlySet<string>, sink: string): Promise<void>;
  readonly waiting: number;
}

interface Indexed {
  readonly image: string;
  readonly images: ReadonlySet<string>;
  readonly counts: Readonly<Record<Severity, number>>;
  readonly exploited: number;
  readonly waiting: number;
  readonly goneSince: string | undefined;
}

const PATIENCE = 30_000;
/** Of images that do not run any more: when one comes back soon, what it had is not new. */
const FORGOTTEN = 7 * 86_400_000;

export const imageOf = (task: Pick<ImageTask, 'references'>): string => {
  const reference = referenceOf(task.references[0] ?? '');
  return reference ? `${reference.registry}/${reference.repository}` : (task.references[0] ?? '');
};

export function createHistories(options: HistoriesOptions, world: World): Histories {
  const { client, namespace, sinks, choice, removeAfter } = options;
  const index = new Map<string, Indexed>();
  /** By image that runs: when recording it may be tried again. */
  const patience = new Map<string, number>();
  const gone = new Map<string, number>();
  let isComplete = false;
  const now = (): number => world.clock.now().getTime();
  const time = (): string => world.clock.now().toISOString();
  const place = () => ({ namespace, signal: world.signal });

  function remember({ metadata, spec }: FindingHistory): void {
    if (metadata.name === undefined) return;
    const { image, images, counts, exploited, goneSince } = spec;
    const waiting = spec.pending?.length ?? 0;
    index.set(metadata.name, { image, images: new Set(images), counts, exploited, waiting, goneSince });
    if (metadata.name === baselineName) isComplete = spec.phase === 'Complete';
  }

  function waitingFor(events: readonly FindingEvent[], former: readonly PendingEvent[] = []): readonly PendingEvent[] {
    const all = [...former, ...events.map((event) => ({ event, sinks }))];
    const dropped = Math.max(0, all.length - MAX_PENDING);
    if (dropped > 0) options.onDropped(dropped);
    for (const { type } of events) options.onEvent(type);
    return all.slice(dropped);
  }

  /** `next` says what the images have now; `undefined` when nothing changed. */
  async function change(
    image: string,
    next: (state: HistoryState) => HistoryState | undefined,
    details: ReadonlyMap<string, EventFinding>,
  ): Promise<void> {
    const name = historyName(image);
    const changed = (former: FindingHistory | undefined): FindingHistory | undefined => {
      const before = former ? unpackState(former.spec) : {};
      const after = next(before);
      if (!after) return undefined;
      const occasion = { image, time: time(), details };
      // The first look at everything is told as a summary.
      const events = isComplete ? eventsBetween(before, after, occasion, choice) : [];
      const pending = waitingFor(events, former?.spec.pending);
      return {
        metadata: { ...former?.metadata, name, namespace },
        spec: {
          image,
          updatedAt: occasion.time,
          images: Object.keys(after),
          ...countsOf(after),
          state: packState(after),
          ...(pending.length > 0 && { pending }),
        },
      };
    };
    remember(await put(name, changed));
  }

  async function put(
    name: string,
    changed: (former: FindingHistory | undefined) => FindingHistory | undefined,
  ): Promise<FindingHistory> {
    for (let attempt = 0; ; attempt++) {
      const former = await client.find(findingHistories, name, place());
      const object = changed(former);
      if (!object) return former!;
      try {
        return await (former
          ? client.update(findingHistories, object, place())
          : client.create(findingHistories, object, place()));
      } catch (error) {
        if (attempt > 5 || !(isConflict(error) || isAlreadyExists(error))) throw error;
      }
    }
  }

  async function record(task: ImageTask, assessment: Assessment): Promise<void> {
    const { findings, details } = findingsOf(assessment);
    const next = (state: HistoryState): HistoryState | undefined =>
      isSame(state[task.key], findings) ? undefined : { ...state, [task.key]: findings };
    await change(imageOf(task), next, details);
  }

  async function retire(running: Iterable<ImageTask>): Promise<void> {
    const tasks = new Map<string, ImageTask[]>();
    for (const task of running) {
      const name = historyName(imageOf(task));
      tasks.set(name, [...(tasks.get(name) ?? []), task]);
    }
    for (const [name, one] of index) {
      if (name === baselineName) continue;
      const alive = tasks.get(name);
      if (!alive) await forget(name, one);
      else if (one.goneSince !== undefined) await mark(name, undefined);
      else if (alive.every(({ key }) => one.images.has(key))) await takeOut(name, one, alive);
    }
  }

  async function takeOut(name: string, one: Indexed, alive: readonly ImageTask[]): Promise<void> {
    const keys = new Set(alive.map(({ key }) => key));
    const left = [...one.images].filter((key) => !keys.has(key));
    if (left.length === 0) return void gone.delete(name);
    const since = gone.get(name) ?? now();
    gone.set(name, since);
    if (now() - since < removeAfter) return;
    gone.delete(name);
    const kept = (state: HistoryState): HistoryState =>
      Object.fromEntries(Object.entries(state).filter(([key]) => keys.has(key)));
    await change(one.image, kept, new Map());
  }

  async function forget(name: string, { goneSince, waiting }: Indexed): Promise<void> {
    if (goneSince !== undefined) {
      if (waiting > 0 || now() - Date.parse(goneSince) < FORGOTTEN) return;
      await client.delete(findingHistories, name, place());
      index.delete(name);
      return;
    }
    await mark(name, time());
  }

  async function mark(name: string, since: string | undefined): Promise<void> {
    const marked = (object: FindingHistory): FindingHistory => {
      const { goneSince: _, ...spec } = object.spec;
      return { ...object, spec: { ...spec, ...(since !== undefined && { goneSince: since }) } };
    };
    remember(await changeObject(client, findingHistories, name, marked, place(), world));
  }

  function summary(): FindingEvent {
    const all = [...index].filter(([name]) => name !== baselineName).map(([, one]) => one);
    const findings = Object.fromEntries(
      severities.map((severity) => [severity, all.reduce((sum, { counts }) => sum + counts[severity], 0)]),
    ) as Record<Severity, number>;
    const exploited = all.reduce((sum, one) => sum + one.exploited, 0);
    const images = all.reduce((sum, one) => sum + one.images.size, 0);
    const at = time();
    const total = Object.values(findings).reduce((sum, count) => sum + count, 0);
    const id = `evt_summary_${now()}`;
    return { id, type: 'Summary', time: at, image: '', findings: [], total, summary: { images, findings, exploited } };
  }

  return {
    async load() {
      index.clear();
      for await (const object of client.list(findingHistories, place())) remember(object);
      if (!index.has(baselineName))
        remember(await put(baselineName, (former) => former ?? baseline('Running', time(), [])));
    },
    knows(task) {
      return (
        index.get(historyName(imageOf(task)))?.images.has(task.key) === true || (patience.get(task.key) ?? 0) > now()
      );
    },
    record,
    postpone: ({ key }) => void patience.set(key, now() + PATIENCE),
    async complete() {
      if (isComplete) return;
      const event = summary();
      await put(baselineName, (former) => ({
        ...baseline('Complete', event.time, choice.types.includes('Summary') ? waitingFor([event]) : []),
        metadata: { ...former?.metadata, name: baselineName, namespace },
      })).then(remember);
    },
    retire,
    async pending() {
      const found = [];
      for (const [name, { waiting }] of index) {
        if (waiting === 0) continue;
        const object = await client.find(findingHistories, name, place());
        if (object) found.push({ name, events: object.spec.pending ?? [] });
      }
      return found;
    },
    async taken(name, ids, sink) {
      const without = (object: FindingHistory): FindingHistory => {
        const pending = (object.spec.pending ?? [])
          .map((one) => (ids.has(one.event.id) ? { ...one, sinks: one.sinks.filter((id) => id !== sink) } : one))
          .filter((one) => one.sinks.length > 0);
        const { pending: _, ...spec } = object.spec;
        return { ...object, spec: { ...spec, ...(pending.length > 0 && { pending }) } };
      };
      try {
        remember(await changeObject(client, findingHistories, name, without, place(), world));
      } catch (error) {
        if (!isNotFound(error)) throw error;
        index.delete(name);
      }
    },
    get waiting() {
      return [...index.values()].reduce((sum, one) => sum + one.waiting, 0);
    },
  };

  function baseline(phase: 'Running' | 'Complete', at: string, pending: readonly PendingEvent[]): FindingHistory {
    return {
      metadata: { name: baselineName, namespace },
      spec: {
        image: '',
        updatedAt: at,
        images: [],
        ...countsOf({}),
        phase,
        ...(pending.length > 0 && { pending }),
      },
    };
  }
}

function findingsOf({ report, knownExploited }: Assessment) {
  const findings: Record<string, KnownFinding> = {};
  const details = new Map<string, EventFinding>();
  for (const one of report.results.flatMap(({ vulnerabilities }) => vulnerabilities)) {
    const key = findingKey(one.id, one.package.name);
    const former = findings[key];
    // The gravest of several places in one image.
    if (former && severities.indexOf(former[0]) >= severities.indexOf(one.severity)) continue;
    findings[key] = [one.severity, knownExploited(one.id) ? 1 : 0];
    details.set(key, {
      id: one.id,
      package: one.package.name,
      severity: one.severity,
      installedVersion: one.installedVersion,
      ...(one.fixedVersion && { fixedVersion: one.fixedVersion }),
      ...(one.title && { title: one.title.slice(0, 200) }),
      ...(one.primaryUrl && { link: one.primaryUrl }),
    });
  }
  return { findings, details };
}

function isSame(
  before: Readonly<Record<string, KnownFinding>> | undefined,
  after: Readonly<Record<string, KnownFinding>>,
): boolean {
  if (!before) return false;
  const keys = Object.keys(after);
  return (
    keys.length === Object.keys(before).length &&
    keys.every((key) => before[key]?.[0] === after[key]![0] && before[key]?.[1] === after[key]![1])
  );
}

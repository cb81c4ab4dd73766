/** What the operator keeps for itself in the cluster, in its own namespace. */
import { type Column, defineCustomResource, object, type Schema, time } from '../definitions/definition.js';
import { count, list, open, text } from './schema-parts.js';

const event = object(
  {
    id: text,
    type: text,
    time,
    image: text,
    findings: list(open),
    total: count,
    summary: open,
  },
  'id',
  'type',
  'time',
);

const findingHistory = object(
  {
    image: text,
    updatedAt: time,
    images: list(text),
    counts: object(Object.fromEntries(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'].map((name) => [name, count]))),
    exploited: count,
    state: text,
    pending: list(object({ event, sinks: list(text) }, 'event', 'sinks')),
    goneSince: time,
    phase: { type: 'string', enum: ['Running', 'Complete'] },
  },
  'image',
  'updatedAt',
);

const historyColumns: readonly Column[] = [
  { name: 'Image', type: 'string', jsonPath: '.spec.image' },
  { name: 'Critical', type: 'integer', jsonPath: '.spec.counts.CRITICAL' },
  { name: 'High', type: 'integer', jsonPath: '.spec.counts.HIGH' },
  { name: 'Exploited', type: 'integer', jsonPath: '.spec.exploited' },
  { name: 'Changed', type: 'date', jsonPath: '.spec.updatedAt' },
];

const scanColumns: readonly Column[] = [
  { name: 'Image', type: 'string', jsonPath: '.spec.references[0]' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Worker', type: 'string', jsonPath: '.status.worker' },
  { name: 'Attempts', type: 'integer', jsonPath: '.status.attempts' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** See workers/image-scan.ts. */
const imageScan = object(
  {
    references: list(text),
    platforms: list(text),
    workloads: list(object({ namespace: text, pullSecrets: list(text), serviceAccount: text })),
    signature: text,
  },
  'references',
  'platforms',
  'workloads',
  'signature',
);

const imageScanStatus = object(
  {
    phase: { type: 'string', enum: ['Waiting', 'Running', 'Succeeded', 'Failed'] },
    worker: text,
    attempts: count,
    renewTime: time,
    reason: text,
    message: text,
    platform: text,
    record: text,
  },
  'phase',
  'attempts',
);

/** By name of the file. */
export const ownResources: readonly (readonly [name: string, definition: Schema])[] = [
  [
    'pratique.dev_findinghistories',
    defineCustomResource({
      kind: 'FindingHistory',
      about: 'What the operator knows of the findings of one image name, and the events that wait for their receivers.',
      columns: historyColumns,
      spec: findingHistory,
    }),
  ],
  [
    'pratique.dev_imagescans',
    defineCustomResource({
      kind: 'ImageScan',
      about: 'An image that a worker is to read for the operator, and what it found; it lives as long as that takes.',
      columns: scanColumns,
      spec: imageScan,
      status: imageScanStatus,
    }),
  ],
];

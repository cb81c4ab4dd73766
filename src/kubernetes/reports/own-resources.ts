/** What the operator keeps for itself in the cluster, in its own namespace. */
import { type Column, count, type Definition, list, object, open, text, time } from './schema-parts.js';

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
  { name: 'Image', type: 'string', jsonPath: '.history.image', description: 'Name of the image' },
  { name: 'Critical', type: 'integer', jsonPath: '.history.counts.CRITICAL', description: 'Critical findings' },
  { name: 'High', type: 'integer', jsonPath: '.history.counts.HIGH', description: 'Findings of severity High' },
  { name: 'Exploited', type: 'integer', jsonPath: '.history.exploited', description: 'Known to be exploited' },
  { name: 'Changed', type: 'date', jsonPath: '.history.updatedAt', description: 'When findings changed' },
];

const scanColumns: readonly Column[] = [
  { name: 'Image', type: 'string', jsonPath: '.spec.references[0]', description: 'Name of the image' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'How far it is' },
  { name: 'Worker', type: 'string', jsonPath: '.status.worker', description: 'Who has claimed it' },
  { name: 'Attempts', type: 'integer', jsonPath: '.status.attempts', description: 'How often it was claimed' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since it was asked for' },
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

export const ownResources: readonly Definition[] = [
  {
    group: 'pratique.dev',
    names: { kind: 'FindingHistory', plural: 'findinghistories', shortNames: [] },
    about: 'What the operator knows of the findings of one image name, and the events that wait for their receivers.',
    columns: historyColumns,
    body: ['history', findingHistory],
  },
  {
    group: 'pratique.dev',
    names: { kind: 'ImageScan', plural: 'imagescans', shortNames: [] },
    about: 'An image that a worker is to read for the operator, and what it found; it lives for as long as that takes.',
    columns: scanColumns,
    body: ['spec', imageScan],
    status: imageScanStatus,
  },
];

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { severities } from '#model';
import { eventTypes, type FindingEvent } from '#notify';
import {
  type EventChoice,
  eventsBetween,
  type HistoryState,
  type ImageFindings,
  type KnownFinding,
} from './finding-history.js';

const occasion = { image: 'registry.example/made/app', time: '2099-01-01T00:00:00Z', details: new Map() };
const choice: EventChoice = { types: eventTypes, severities: ['CRITICAL', 'HIGH'] };
const between = (before: HistoryState, after: HistoryState, options = choice): FindingEvent[] =>
  eventsBetween(before, after, occasion, options);
const told = (events: readonly FindingEvent[]): string[] =>
  events.map(({ type, findings }) => `${type}: ${findings.map(({ id }) => id).join(' ')}`).sort();

const one = (findings: ImageFindings): HistoryState => ({ 'sha256:aa linux/amd64': findings });
const high: KnownFinding = ['HIGH', 0];
const low: KnownFinding = ['LOW', 0];

test('new, fixed, of another severity, known to be exploited by now', () => {
  const before = one({ 'CVE-1 a': high, 'CVE-2 a': high, 'CVE-3 a': low, 'CVE-4 a': low, 'CVE-5 a': low });
  const after = one({
    'CVE-1 a': high,
    'CVE-3 a': ['CRITICAL', 0],
    'CVE-4 a': ['LOW', 1],
    'CVE-6 a': high,
    'CVE-7 a': low,
    'CVE-8 a': ['LOW', 1],
  });
  assert.deepEqual(told(between(before, after)), [
    'Fixed: CVE-2',
    'KevAdded: CVE-4',
    'New: CVE-8 CVE-6',
    'SeverityChanged: CVE-3',
  ]);
  assert.deepEqual(told(between(before, after, { ...choice, types: ['KevAdded'] })), ['KevAdded: CVE-4']);
});

test('a finding that another digest or platform of the image has is neither new nor fixed', () => {
  const old: HistoryState = { a: { 'CVE-1 x': high, 'CVE-2 x': high } };
  const rollout: HistoryState = { ...old, b: { 'CVE-2 x': high, 'CVE-3 x': high } };
  assert.deepEqual(told(between(old, rollout)), ['New: CVE-3']);
  assert.deepEqual(told(between(rollout, { b: rollout['b']! })), ['Fixed: CVE-1']);
});

const findings = fc.dictionary(
  fc.constantFrom('CVE-1 a', 'CVE-2 a', 'CVE-3 b', 'CVE-4 c'),
  fc.tuple(fc.constantFrom(...severities), fc.constantFrom(0 as const, 1 as const)),
);
const states = fc.dictionary(fc.constantFrom('x', 'y'), findings);

test('nothing changed, nothing told; the same change is the same event', () => {
  fc.assert(
    fc.property(states, states, (before, after) => {
      assert.deepEqual(between(before, before), []);
      assert.deepEqual(between(before, after), between(before, after));
      for (const { total, findings: found } of between(before, after)) assert.equal(found.length, total);
    }),
  );
});

test('of very many findings the gravest are named, and all are counted', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`CVE-${i} a`, high]));
  const [event] = between({}, one({ ...many, 'CVE-9999 a': ['CRITICAL', 0], 'CVE-8888 a': ['LOW', 1] }));
  assert.equal(event!.total, 502);
  assert.equal(event!.findings.length, 30);
  assert.deepEqual(
    event!.findings.slice(0, 2).map(({ id }) => id),
    ['CVE-8888', 'CVE-9999'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ReportHead } from '../reports/image-report.js';
import type { KnownReport } from './follow-workloads.js';
import { isFresh, isWaiting } from './freshness.js';
import type { Unit } from './plan-units.js';
import { readState, type ReportState, stateAnnotation, writeState } from '../reports/report-state.js';

const state: ReportState = {
  image: 'sha256:aa linux/amd64',
  alias: 'sha256:bb linux/amd64',
  specHash: 'abc',
  database: 'downloaded 2 today',
  phase: 'Succeeded',
  attempts: 0,
  nextRetry: 0,
  lastSuccess: 1000,
};
const read = (text: string): ReportState | undefined => readState({ annotations: { [stateAnnotation]: text } });

test('what is written is read again', () => {
  assert.deepEqual(read(writeState(state)), state);
  assert.equal(readState({}), undefined);
});

test('whatever stands there, it is a state or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const found = read(text);
      assert.ok(found === undefined || typeof found.image === 'string');
    }),
  );
  const odd = read(
    '{"image":"x","phase":"Failed","attempts":-1,"nextRetry":"soon","lastSuccess":1e400,"__proto__":{}}',
  );
  assert.deepEqual(odd, {
    image: 'x',
    phase: 'Failed',
    specHash: '',
    database: '',
    attempts: 0,
    nextRetry: 0,
    lastSuccess: 0,
  });
});

const unit = { task: state.image, specHash: 'abc', owner: { reference: { uid: 'u' } } } as Unit;
const vulnerabilities = { usesDatabase: true, accept: (body: ReportHead) => body };
const isDue = (known: KnownReport | undefined, at: typeof moment): boolean =>
  !isFresh(unit, vulnerabilities, known, at) && !isWaiting(unit, known, at);
const moment = { now: 2000, database: state.database, ttl: 0, exceptions: () => '' };

test('a report is due when its image, database, workload or age is another', () => {
  const due = (change: Partial<ReportState>, at: Partial<typeof moment> = {}, owner = 'u'): boolean =>
    isDue({ state: { ...state, ...change }, owner }, { ...moment, ...at });
  const cases: readonly (readonly [string, boolean, boolean])[] = [
    ['the same', due({}), false],
    ['by its alias', due({ image: 'made:1 linux/amd64', alias: unit.task }), false],
    ['another image', due({ image: 'sha256:cc linux/amd64' }), true],
    ['another database', due({}, { database: 'newer' }), true],
    ['another specification', due({ specHash: 'def' }), true],
    ['a workload made anew', due({}, {}, 'v'), true],
    ['too old', due({}, { ttl: 500 }), true],
    ['young enough', due({}, { ttl: 5000 }), false],
    ['judged by other exceptions', due({}, { exceptions: () => 'e1' }), true],
    ['judged by those that there are', due({ exceptions: 'e1' }, { exceptions: () => 'e1' }), false],
    ['judged by exceptions that are gone', due({ exceptions: 'e1' }), true],
    ['failed, to be retried later', due({ phase: 'Failed', nextRetry: 3000 }), false],
    ['failed, to be retried now', due({ phase: 'Failed', nextRetry: 1500 }), true],
    ['failed by a clock that is ahead', due({ phase: 'Failed', nextRetry: 5_000_000 }), true],
    ['succeeded by a clock that is ahead', due({ lastSuccess: 400_000 }, { ttl: 5000 }), true],
    ['failed for another image', due({ phase: 'Failed', nextRetry: 3000, image: 'x', alias: 'y' }), true],
  ];
  for (const [name, found, expected] of cases) assert.equal(found, expected, name);
  assert.equal(isDue(undefined, moment), true);
});

test('what does not depend on advisories holds for as long as the image does', () => {
  const known = { state, owner: 'u' };
  const later = { now: 1e9, database: 'newer', ttl: 500, exceptions: () => 'e1' };
  assert.equal(isFresh(unit, { usesDatabase: false }, known, later), true);
  assert.equal(isFresh(unit, vulnerabilities, known, later), false);
  assert.equal(isFresh({ ...unit, task: 'sha256:cc linux/amd64' }, { usesDatabase: false }, known, later), false);
});

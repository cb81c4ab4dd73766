import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { backoffDelay, retryAfter } from './backoff.js';
import { systemClock } from './clock.js';
import { fakeWorld } from './fakes/fake-world.js';
import { createLog, type LogOptions } from './log.js';
import { realWorld } from './real-world.js';

const now = (): Date => new Date('2026-01-02T03:04:05.678Z');
function lines(options: Partial<LogOptions>, write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog({ now, write: (line) => (text += line), ...options }));
  return text;
}

test('one line per event: time, level, message, details', () => {
  const text = lines({}, (log) => log.warn('the database\nis old', { age: 3, path: 'a b', none: undefined }));
  assert.equal(text, '2026-01-02T03:04:05Z\tWARN\tthe database is old\tage=3 path="a b"\n');
});

function all(log: ReturnType<typeof createLog>): void {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
}

const shown = (options: Partial<LogOptions>): string =>
  [...lines(options, all).matchAll(/\t([a-z]+)\n/g)].map((m) => m[1]).join();

test('levels', () => {
  assert.equal(shown({}), 'info,warn,error');
  assert.equal(shown({ debug: true }), 'debug,info,warn,error');
  assert.equal(shown({ quiet: true, debug: true }), 'error');
});

test('no secret and no terminal escape gets through', () => {
  const text = lines({ color: true }, (log) =>
    log.info('GET https://user:hunter2@host/\u001b[2J', { header: 'Bearer abcdefghijk' }),
  );
  assert.doesNotMatch(text, /hunter2|abcdefghijk|\u001b\[2J/);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (message) => {
      const written = lines({}, (log) => log.info(message, { message }));
      return written.endsWith('\n') && !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(written.slice(0, -1));
    }),
  );
});

test('waits grow to a bound and keep between half of it and it', () => {
  const backoff = { first: 100, factor: 3, longest: 1000 };
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => backoffDelay(attempt, backoff, () => 1)),
    [100, 300, 900, 1000],
  );
  fc.assert(
    fc.property(fc.nat(50), (attempt) => {
      const delay = backoffDelay(attempt, backoff);
      return delay >= 50 && delay <= 1000;
    }),
  );
});

test('Retry-After', () => {
  const at = new Date('2026-01-02T03:04:05Z');
  const cases: readonly [string | undefined, number | undefined][] = [
    ['3', 3000],
    [' 0 ', 0],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [header, expected] of cases) assert.equal(retryAfter(header, at), expected, header);
});

test('sleep ends early with the reason of an abort', async () => {
  await systemClock.sleep(1);
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(systemClock.sleep(10_000, controller.signal), (error) => error === reason);
  await assert.rejects(systemClock.sleep(10_000, controller.signal), (error) => error === reason);
});

test('worlds', async () => {
  const fake = fakeWorld({ env: { A: '1' } });
  await fake.clock.sleep(500);
  await fake.stdout.write(Buffer.from('out'));
  fake.log.debug('hello');
  assert.deepEqual([fake.slept, fake.written.stdout, fake.env['A']], [[500], 'out', '1']);
  assert.match(fake.written.log, /^2026-01-02T03:04:05Z\tDEBUG\thello\n$/);
  const real = realWorld({ quiet: true });
  assert.equal(real.cwd, process.cwd());
  assert.equal(real.signal.aborted, false);
  assert.equal(real.signal, realWorld().signal);
});

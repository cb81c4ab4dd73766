import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PratiqueError } from '#base';
import { createHttpClient, tempDirectory } from '#platform';
import { fakeServer, fakeWorld } from '#platform/fakes';
import { deliver } from './deliver.js';
import type { FindingEvent } from './finding-event.js';
import { openSinks, type SinkChoice, sinkIds } from './open-sinks.js';
import { webhookSink } from './webhook-sink.js';

const world = fakeWorld();
const http = createHttpClient({ connectTimeout: 1000 }, world);
after(() => http.close());

const event: FindingEvent = {
  id: 'evt_1',
  type: 'New',
  time: '2099-01-01T00:00:00Z',
  image: 'made/app',
  findings: [],
  total: 1,
};
const key = 'a secret key';

test('what is taken, what is refused, how long the receiver asks to wait', async () => {
  const answers = [
    { status: 204 },
    { status: 429, headers: { 'retry-after': '7' }, body: `slow down, ${key}` },
    { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
  ];
  const server = await fakeServer(() => answers.shift()!);
  const sink = webhookSink({ url: `${server.origin}/hook/token`, key });
  const send = () => deliver(sink, [event], 'prod', http, world);
  assert.deepEqual(await send(), { delivered: true });
  const slow = await send();
  assert.ok(!slow.delivered && slow.error.code === 'notify/refused' && slow.wait === 7000);
  assert.match(slow.error.message, /webhook refused the events with 429: slow down, \*\*\*/);
  const moved = await send();
  assert.ok(!moved.delivered, 'redirects are not followed');
  assert.equal(server.requests.length, 3);
  await server.close();
  const gone = await send();
  assert.ok(!gone.delivered && gone.error.code === 'notify/unreachable');
  for (const result of [slow, gone]) assert.ok(!result.delivered && !result.error.message.includes('/hook/token'));
});

test('credentials: files of a directory, else the environment; changed ones count', async () => {
  const folder = await tempDirectory();
  try {
    const choice: SinkChoice = {
      webhook: 'https://hooks.example/',
      alertmanager: 'http://am.example',
      slack: true,
      secrets: folder.path,
    };
    const env = { PRATIQUE_NOTIFY_SLACK_URL: 'https://hooks.slack.example/from-env' };
    const secretsOf = async () => (await openSinks(choice, fakeWorld({ env }))).map(({ secrets }) => secrets);
    assert.deepEqual(sinkIds(choice), ['webhook', 'slack', 'alertmanager']);
    assert.deepEqual(await secretsOf(), [[], ['https://hooks.slack.example/from-env'], []]);
    writeFileSync(join(folder.path, 'webhook-key'), `${key}\n`);
    writeFileSync(join(folder.path, 'slack-url'), 'https://hooks.slack.example/from-file');
    assert.deepEqual(await secretsOf(), [[key], ['https://hooks.slack.example/from-file'], []]);
  } finally {
    await folder.remove();
  }
});

test('addresses that are none, or hold credentials, are refused without being told', async () => {
  const choices: readonly Partial<SinkChoice>[] = [
    { webhook: 'file:///etc/passwd' },
    { webhook: 'https://user:secret-word@hooks.example' },
    { alertmanager: 'am.example' },
    { slack: true },
  ];
  for (const choice of choices) {
    const all = { webhook: '', alertmanager: '', slack: false, secrets: '', ...choice };
    await assert.rejects(openSinks(all, fakeWorld()), (error) => {
      assert.ok(error instanceof PratiqueError && error.code === 'usage/invalid');
      assert.ok(!error.message.includes('secret-word'));
      return true;
    });
  }
});

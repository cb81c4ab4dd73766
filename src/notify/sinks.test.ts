import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { alertmanagerSink } from './alertmanager-sink.js';
import type { FindingEvent } from './finding-event.js';
import type { Sink } from './sink.js';
import { slackSink } from './slack-sink.js';
import { webhookSink } from './webhook-sink.js';

const event = (more: Partial<FindingEvent> = {}): FindingEvent => ({
  id: 'evt_1',
  type: 'New',
  time: '2099-01-01T00:00:00.000Z',
  image: 'registry.example/made/app',
  findings: [
    { id: 'CVE-2099-0001', package: 'zlib', severity: 'CRITICAL', installedVersion: '1.0', fixedVersion: '1.1' },
  ],
  total: 1,
  ...more,
});
const summary = event({
  type: 'Summary',
  image: '',
  findings: [],
  total: 5,
  summary: { images: 3, findings: { CRITICAL: 1, HIGH: 4, MEDIUM: 0, LOW: 0, UNKNOWN: 0 }, exploited: 2 },
});

const now = new Date('2099-01-01T01:00:00Z');
const request = (sink: Sink, ...events: readonly FindingEvent[]) => sink.request(events, { source: 'prod', now });

test('webhook: what the reference implementation of Standard Webhooks verifies', () => {
  const key = `whsec_${Buffer.from('a key of the tests, long enough').toString('base64')}`;
  // Its library takes no time but the present.
  const sent = webhookSink({ url: 'https://hooks.example/x', key }).request([event()], {
    source: 'prod',
    now: new Date(),
  });
  const body = new Webhook(key).verify(sent.body, sent.headers) as { events: FindingEvent[]; source: string };
  assert.deepEqual(body.events, [event()]);
  assert.equal(body.source, 'prod');
  assert.throws(() => new Webhook(key).verify(sent.body.replace('zlib', 'zlob'), sent.headers));
  const unsigned = request(webhookSink({ url: 'https://hooks.example/x' }), event());
  assert.equal(unsigned.headers['webhook-signature'], undefined);
});

test('webhook: a batch has the same id when it is sent again, and another one for other events', () => {
  const sink = webhookSink({ url: 'https://hooks.example/x' });
  const id = (...events: readonly FindingEvent[]): string => request(sink, ...events).headers['webhook-id']!;
  assert.equal(id(event()), id(event()));
  assert.notEqual(id(event()), id(event({ id: 'evt_2' })));
});

interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly text: { readonly text: string } }[];
}
const slack = (...events: readonly FindingEvent[]): Message =>
  JSON.parse(request(slackSink('https://hooks.slack.example/secret'), ...events).body) as Message;
const textOf = ({ blocks }: Message): string => blocks.map(({ text }) => text.text).join('\n');

test('slack: one message of many events, the gravest named', () => {
  const fixed = event({ type: 'Fixed', id: 'evt_2' });
  const message = slack(fixed, event());
  assert.equal(message.text, 'prod: vulnerabilities 1 fixed, 1 new');
  assert.match(textOf(message), /CVE-2099-0001 CRITICAL, in zlib 1\.0, fixed in 1\.1/);
  assert.match(textOf(slack(summary)), /3 images: 1 CRITICAL, 4 HIGH; 2 known to be exploited/);
  const many = Array.from({ length: 300 }, (_, i) => event({ id: `evt_${i}`, image: `made/${i}` }));
  const large = slack(...many);
  assert.ok(large.blocks.length <= 50);
  assert.match(textOf(large), /and 290 more/);
});

test('slack: names from images make no markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (title) => {
      const hostile = `<!channel> *bold* <https://evil.example|x> & ${title}`;
      const message = slack(event({ image: hostile, findings: [{ ...event().findings[0]!, title: hostile }] }));
      for (const { text } of message.blocks) {
        assert.ok(!/[<>]/.test(text.text), text.text);
        assert.ok(text.text.length <= 3000);
      }
    }),
  );
  assert.ok(!textOf(slack(event({ image: '<!channel>' }))).includes('<!channel>'));
});

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}
const alerts = (...events: readonly FindingEvent[]): Alert[] =>
  JSON.parse(request(alertmanagerSink({ url: 'https://am.example/', token: 't' }), ...events).body) as Alert[];

test('alertmanager: an alert for each finding, which its end is told of by the same labels', () => {
  const [begun] = alerts(event());
  const [ended] = alerts(event({ type: 'Fixed', time: '2099-01-01T00:30:00.000Z' }));
  assert.deepEqual(begun!.labels, ended!.labels);
  assert.equal(begun!.annotations['severity'], 'CRITICAL');
  assert.ok(Date.parse(begun!.endsAt) > now.getTime());
  assert.equal(ended!.endsAt, now.toISOString());
  assert.ok(ended!.startsAt <= ended!.endsAt);
  const { url, headers } = request(alertmanagerSink({ url: 'https://am.example/', token: 't' }), event());
  assert.equal(url, 'https://am.example/api/v2/alerts');
  assert.equal(headers['authorization'], 'Bearer t');
  assert.equal(alerts(summary).length, 1);
});

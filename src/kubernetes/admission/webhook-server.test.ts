/** The HTTPS server under test: answers, refusals, a certificate changed under load, an orderly end. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { Agent, request as httpsRequest } from 'node:https';
import { after, before, suite, test } from 'node:test';
import { connect } from 'node:tls';
import { systemClock } from '#platform';
import { fakeWorld } from '#platform/fakes';
import type { AdmissionResponse } from './admission-review.js';
import { issueAuthority, issueServerCertificate } from './issue-certificate.js';
import { startWebhookServer, type WebhookServer } from './webhook-server.js';

const world = fakeWorld({ clock: systemClock });
const validity = { now: new Date(), days: 10 };
const authority = issueAuthority(validity);
const issue = () => issueServerCertificate(authority, ['localhost', 'hook.ns.svc'], validity);
const review = (more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u-1', kind: { kind: 'Pod' }, operation: 'CREATE', object: { metadata: {}, spec: {} }, ...more },
  });

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly connection: string | undefined;
}

const denied = async (): Promise<AdmissionResponse> => ({ allowed: false, message: 'CVE-1' });

suite('webhook server', () => {
  let server: WebhookServer;
  let budget = 0;
  let notReady: string | undefined;
  let judge = denied;
  const agent = new Agent({ ca: authority.cert, keepAlive: true, maxSockets: 8, servername: 'localhost' });

  before(async () => {
    server = await startWebhookServer(
      {
        host: '127.0.0.1',
        port: 0,
        certificate: issue(),
        validate: (_, given) => {
          budget = given;
          return judge();
        },
        mutate: async () => ({ allowed: true, patch: [{ op: 'replace', path: '/a', value: 'b' }] }),
        metrics: () => 'metric 1\n',
        notReady: () => notReady,
        onRequest: () => {},
      },
      world,
    );
  });
  after(async () => {
    agent.destroy();
    await server.close(100);
  });

  const send = (path: string, body?: string | Buffer, headers: object = { 'content-type': 'application/json' }) =>
    new Promise<Reply>((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const options = { host: '127.0.0.1', port: server.port, path, method, agent, headers: { ...headers } };
      const sent = httpsRequest(options, (message) => {
        let text = '';
        message.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        message.on('end', () =>
          resolve({ status: message.statusCode ?? 0, body: text, connection: message.headers.connection }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });

  test('answers a review with its uid, within the time the API server gives', async () => {
    const { status, body } = await send('/validate?timeout=3s', review());
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u-1', allowed: false, status: { code: 403, reason: 'Forbidden', message: 'CVE-1' } },
    });
    assert.equal(budget, 2500);
  });

  test('answers with a patch', async () => {
    const { response } = JSON.parse((await send('/mutate', review())).body) as { response: Record<string, string> };
    assert.equal(response['patchType'], 'JSONPatch');
    assert.equal(Buffer.from(response['patch']!, 'base64').toString(), '[{"op":"replace","path":"/a","value":"b"}]');
  });

  const refused: readonly (readonly [string, number, string, (string | Buffer)?, object?])[] = [
    ['what is no JSON', 400, '/validate', '{'],
    ['what is no review', 400, '/validate', '{}'],
    ['nothing', 400, '/validate', ''],
    ['another method', 405, '/validate'],
    ['another type', 415, '/validate', review(), { 'content-type': 'text/plain' }],
    ['a body of 9 MiB', 413, '/validate', Buffer.alloc(9 * 1024 * 1024, 32)],
    [
      'a body of 9 MiB of unknown length',
      413,
      '/validate',
      Buffer.alloc(9 * 1024 * 1024, 32),
      { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    ],
    ['another path', 404, '/other', review()],
  ];
  for (const [name, status, path, body, headers] of refused)
    test(`refuses ${name}`, async () => {
      assert.equal((await send(path, body, headers)).status, status);
    });

  test('takes a pod of 3 MiB', async () => {
    const annotations = { big: 'x'.repeat(3 * 1024 * 1024) };
    assert.equal((await send('/validate', review({ object: { metadata: { annotations } } }))).status, 200);
  });

  test('a bug is answered as one, and logged', async () => {
    judge = () => Promise.reject(new TypeError('oh'));
    assert.equal((await send('/validate', review())).status, 500);
    assert.match(world.written.log, /a request could not be answered/);
    judge = denied;
  });

  test('health, readiness and metrics', async () => {
    assert.equal((await send('/healthz')).status, 200);
    assert.equal((await send('/readyz')).status, 200);
    notReady = 'Policies are not read yet';
    const { status, body } = await send('/readyz');
    assert.deepEqual([status, body], [503, 'Policies are not read yet\n']);
    notReady = undefined;
    assert.equal((await send('/metrics')).body, 'metric 1\n');
  });

  const serial = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port: server.port, ca: authority.cert, servername: 'hook.ns.svc' },
        () => {
          resolve(socket.getPeerX509Certificate()!.serialNumber);
          socket.destroy();
        },
      ).on('error', reject);
    });

  test('the certificate is verified by name and authority, and changes under load without a failed request', async () => {
    const first = await serial();
    const ended = new AbortController();
    const load = Array.from({ length: 8 }, async () => {
      let count = 0;
      for (; !ended.signal.aborted; count++) assert.equal((await send('/validate', review())).status, 200);
      return count;
    });
    const seen = new Set([first]);
    for (let i = 0; i < 5; i++) {
      const renewed = issue();
      await server.useCertificate(renewed);
      const now = await serial();
      assert.equal(now, new X509Certificate(renewed.cert).serialNumber);
      seen.add(now);
    }
    ended.abort();
    for (const count of await Promise.all(load)) assert.ok(count > 0);
    assert.equal(seen.size, 6);
  });

  test('at its end it is not ready, answers what is under way, and closes', async () => {
    let go: (() => void) | undefined;
    judge = () => new Promise((resolve) => (go = () => resolve({ allowed: true })));
    const late = send('/validate', review());
    await new Promise((resolve) => setTimeout(resolve, 50));
    server.drain();
    assert.equal((await send('/readyz')).status, 503);
    const closed = server.close(5000);
    go?.();
    const { status, connection } = await late;
    assert.deepEqual([status, connection], [200, 'close']);
    await closed;
    await assert.rejects(send('/healthz'));
  });
});

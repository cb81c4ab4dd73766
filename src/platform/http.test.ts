import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PratiqueError } from '#base';
import { createHttpClient, type HttpClient, type HttpOptions } from './http.js';
import { NetworkError } from './network-error.js';
import type { Environment } from './world.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../src/platform/fixtures/${name}`, import.meta.url));
const caFile = fixture('localhost.crt');
const open: { close(): unknown }[] = [];
after(() => {
  for (const one of open) {
    if ('closeAllConnections' in one) (one as Server).closeAllConnections();
    one.close();
  }
});

async function listening(server: SocketServer, at: number | string = 0): Promise<number> {
  open.push(server);
  await new Promise<void>((done) =>
    typeof at === 'string' ? server.listen(at, done) : server.listen(at, '127.0.0.1', done),
  );
  return typeof at === 'string' ? 0 : (server.address() as AddressInfo).port;
}
const plain = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createServer(listener))}`;
const secure = async (listener: RequestListener): Promise<string> =>
  `https://localhost:${await listening(createSecureServer({ key: readFileSync(fixture('localhost.key')), cert: readFileSync(caFile) }, listener))}`;
function client(options: HttpOptions = {}, env: Environment = {}): HttpClient {
  const made = createHttpClient(options, { env });
  open.push(made);
  return made;
}
const echo: RequestListener = (request, response) => {
  response.end(JSON.stringify({ url: request.url, headers: request.headers, method: request.method }));
};
const slow: RequestListener = (request, response) => void setTimeout(() => echo(request, response), 250);
const fails = (failure: string) => (error: unknown) => {
  assert.ok(error instanceof NetworkError, String(error));
  assert.equal(error.failure, failure, error.message);
  return true;
};
type Echo = { url: string; headers: Record<string, string>; method: string };

test('a request and its answer; the connection is kept', async () => {
  const ports = new Set<number | undefined>();
  const base = await plain((request, response) => {
    ports.add(request.socket.remotePort);
    echo(request, response);
  });
  const http = client({ userAgent: 'pratique/1' });
  for (const path of ['/a?b=c', '/a?b=c']) {
    const response = await http.request({ url: base + path, headers: { 'x-one': '1' } });
    assert.equal(response.status, 200);
    const got = (await response.json(1000)) as Echo;
    assert.deepEqual([got.url, got.headers['x-one'], got.headers['user-agent']], [path, '1', 'pratique/1']);
  }
  assert.equal(ports.size, 1);
});

test('a body is sent, an answer over the limit is not read', async () => {
  const base = await plain(async (request, response) => {
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) size += chunk.length;
    response.end('x'.repeat(size));
  });
  const http = client();
  const send = () => http.request({ url: base, method: 'POST', body: 'y'.repeat(5000) });
  assert.equal((await (await send()).text(5000)).length, 5000);
  await assert.rejects(
    send().then((response) => response.bytes(4999)),
    { name: 'LimitError' },
  );
  await assert.rejects(
    send().then((response) => response.json(5000)),
    { name: 'FormatError' },
  );
});

test('certificates: unknown ones are refused, --cacert adds one, insecure takes any', async () => {
  const base = await secure(echo);
  await assert.rejects(client().request({ url: base }), fails('tls'));
  for (const options of [{ caFile }, { insecure: true }]) {
    assert.equal((await client(options).request({ url: base })).status, 200);
  }
  const bad = { '/nowhere/ca.pem': 'no such file', [fixture('localhost.key')]: 'no PEM certificate in it' };
  for (const [path, reason] of Object.entries(bad)) {
    await assert.rejects(client({ caFile: path }).request({ url: base }), (error: unknown) => {
      assert.ok(error instanceof PratiqueError);
      assert.equal(error.code, 'tls/bad-ca-file');
      return error.message.endsWith(reason);
    });
  }
});

test('a plain server behind an https address is told apart', async () => {
  const base = await plain(echo);
  await assert.rejects(client().request({ url: base.replace('http:', 'https:') }), fails('not-tls'));
});

test('a Unix socket', { skip: process.platform === 'win32' }, async () => {
  const socketPath = join(tmpdir(), `pratique-test-${process.pid}.sock`);
  await listening(createServer(echo), socketPath);
  const response = await client({ socketPath }).request({ url: 'http://daemon/v1/info' });
  assert.equal(((await response.json(1000)) as Echo).url, '/v1/info');
});

test('redirects are followed; credentials do not leave the origin', async () => {
  const other = await plain(echo);
  const base = await plain((request, response) => {
    const to = { '/same': '/echo', '/other': `${other}/echo`, '/loop': '/loop', '/file': 'file:///etc/passwd' }[
      request.url ?? ''
    ];
    if (!to) return echo(request, response);
    response.writeHead(302, { location: to }).end();
  });
  const http = client();
  const ask = async (path: string): Promise<Echo> =>
    (await (
      await http.request({ url: base + path, headers: { authorization: 'Basic eA==', accept: 'a/b' } })
    ).json(2000)) as Echo;
  assert.equal((await ask('/same')).headers['authorization'], 'Basic eA==');
  const away = await ask('/other');
  assert.deepEqual([away.headers['authorization'], away.headers['accept']], [undefined, 'a/b']);
  await assert.rejects(ask('/loop'), fails('redirect'));
  await assert.rejects(ask('/file'), fails('redirect'));
  assert.equal((await http.request({ url: `${base}/same`, manualRedirects: true })).status, 302);
});

test('a redirect from https to http is refused unless insecure', async () => {
  const other = await plain(echo);
  const base = await secure((_, response) => void response.writeHead(307, { location: other }).end());
  await assert.rejects(client({ caFile }).request({ url: base }), fails('redirect'));
  assert.equal((await client({ insecure: true }).request({ url: base })).status, 200);
});

test('a connection cut in the middle of a body is an error', async () => {
  const base = await plain((request, response) => {
    if (request.url === '/chunked') response.writeHead(200);
    else response.writeHead(200, { 'content-length': 100_000 });
    response.write('x'.repeat(1000), () => setTimeout(() => response.socket?.destroy(), 20));
  });
  for (const path of ['/length', '/chunked']) {
    const response = await client().request({ url: base + path });
    await assert.rejects(response.bytes(1e6), fails('reset'));
  }
});

test('time-outs: to connect, to answer, within a body', async () => {
  const mute = await listening(createSocketServer(() => {}));
  const base = await plain((request, response) => {
    if (request.url === '/body') response.write('a');
  });
  const http = client({ connectTimeout: 150, idleTimeout: 150 });
  await assert.rejects(http.request({ url: `https://127.0.0.1:${mute}` }), fails('connect-timeout'));
  await assert.rejects(http.request({ url: `${base}/none` }), fails('idle-timeout'));
  const response = await http.request({ url: `${base}/body` });
  await assert.rejects(response.bytes(10), fails('idle-timeout'));
});

test('a server that thinks longer than the connect time-out is waited for, also over TLS', async () => {
  for (const base of [await plain(slow), await secure(slow)]) {
    const http = client({ caFile, connectTimeout: 120 });
    for (let round = 0; round < 2; round++) {
      const response = await http.request({ url: base });
      await response.discard();
      assert.equal(response.status, 200);
    }
  }
});

test('a slow reader is not a silent server', async () => {
  const base = await plain((_, response) => void response.end(Buffer.alloc(2_000_000)));
  const response = await client({ idleTimeout: 60 }).request({ url: base });
  let size = 0;
  for await (const chunk of response.body) {
    if (size === 0) await new Promise((done) => setTimeout(done, 150));
    size += chunk.length;
  }
  assert.equal(size, 2_000_000);
});

test('an abort ends waiting and reading with its reason', async () => {
  const base = await plain((request, response) => {
    if (request.url === '/body') response.write('a');
  });
  const reason = new Error('enough');
  for (const path of ['/none', '/body']) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const reading = client()
      .request({ url: base + path, signal: controller.signal })
      .then((response) => response.bytes(9));
    await assert.rejects(reading, (error) => error === reason);
  }
  await assert.rejects(client().request({ url: base, signal: AbortSignal.abort(reason) }), (error) => error === reason);
});

test('nobody there', async () => {
  const port = await listening(createSocketServer());
  await new Promise((done) => (open.pop() as SocketServer).close(done));
  await assert.rejects(client().request({ url: `http://127.0.0.1:${port}` }), fails('unreachable'));
  await assert.rejects(client().request({ url: 'http://nothing.invalid' }), fails('dns'));
});

test('proxies: absolute form for http, a tunnel for https, refusals are told', async () => {
  const seen: IncomingMessage[] = [];
  const secured = new URL(await secure(echo));
  const proxy = createServer((request, response) => {
    seen.push(request);
    echo(request, response);
  });
  proxy.on('connect', (request, socket, head: Buffer) => {
    seen.push(request);
    if (request.url?.startsWith('denied')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const up = connect(Number(secured.port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      up.write(head);
      up.pipe(socket).pipe(up);
    });
    for (const end of [up, socket]) end.on('error', () => up.destroy());
  });
  const address = `http://user:pass%21@127.0.0.1:${await listening(proxy)}`;
  const http = client({ insecure: true }, { HTTP_PROXY: address, https_proxy: address });
  const expected = `Basic ${Buffer.from('user:pass!').toString('base64')}`;

  const direct = await http.request({ url: 'http://registry.example/v2/' });
  assert.equal(((await direct.json(2000)) as Echo).url, 'http://registry.example/v2/');
  const tunnelled = await http.request({ url: `https://registry.example:${secured.port}/v2/` });
  assert.equal(((await tunnelled.json(2000)) as Echo).url, '/v2/');
  assert.deepEqual(
    seen.map(({ url, headers }) => [url, headers['proxy-authorization']]),
    [
      ['http://registry.example/v2/', expected],
      [`registry.example:${secured.port}`, expected],
    ],
  );
  await assert.rejects(http.request({ url: 'https://denied.example/' }), fails('proxy'));
  const broken = client({}, { HTTPS_PROXY: 'http://127.0.0.1:1' });
  await assert.rejects(broken.request({ url: 'https://registry.example/' }), fails('proxy'));
});

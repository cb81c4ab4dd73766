import { strict as assert } from 'node:assert';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { PratiqueError } from '#base';
import { fakeWorld } from '#platform/fakes';
import { imageReport, packageWith, result, vulnerability } from './image-report.test.kit.js';
import { type AlertServer, type ListenOptions, startListener } from './run-listener.js';

const tool = packageWith('tool', { installedFiles: ['usr/bin/tool'] });
const reports = [imageReport('a.io/x:1', [result([vulnerability('HIGH', { package: tool })])])];
const fields = { 'container.image': 'a.io/x:1', 'proc.exepath': '/usr/bin/tool' };
const alert = (more: object = {}): string =>
  JSON.stringify({ time: '2026-01-02T03:04:05Z', rule: 'r', priority: 'Notice', output_fields: fields, ...more });

async function start(more: Partial<ListenOptions> = {}) {
  const controller = new AbortController();
  const lines: string[] = [];
  const world = fakeWorld({ signal: controller.signal });
  const write = async (line: string): Promise<void> => void lines.push(line);
  const server = await startListener({ host: '127.0.0.1', port: 0, reports, drain: 2000, write, ...more }, world);
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> =>
    ask('/', { method: 'POST', body, headers });
  return { server, lines, world, ask, post, end: () => (controller.abort(), server.ended) };
}

let shared: Awaited<ReturnType<typeof start>>;
before(async () => void (shared = await start()));
after(() => shared.end());

test('an alert becomes a line with what was found', async () => {
  const { post, lines } = shared;
  assert.equal((await post(alert({ output: 'a\nb\u009b\u2028' }))).status, 200);
  const line = lines.at(-1)!;
  assert.ok(line.endsWith('}\n') && !/[\u009b\u2028]|\n./.test(line));
  const event = JSON.parse(line) as Record<string, unknown>;
  assert.equal(event['match'], 'tag');
  assert.equal(event['output'], 'a\nb\u009b\u2028');
  assert.deepEqual(event['ran'], [
    {
      path: '/usr/bin/tool',
      packages: [
        {
          name: 'tool',
          version: '3.0.0',
          type: 'debian',
          vulnerabilities: [{ id: 'CVE-2026-HIGH', severity: 'HIGH' }],
        },
      ],
    },
  ]);
});

test('requests are answered by what they hold', async () => {
  const { ask, post } = shared;
  const large = 'x'.repeat(1024 * 1024 + 1);
  const answers: [string, Promise<Response>, number][] = [
    ['gzip', post(gzipSync(alert()), { 'content-encoding': 'gzip' }), 200],
    ['not gzip', post(alert(), { 'content-encoding': 'gzip' }), 400],
    ['bomb', post(gzipSync(large), { 'content-encoding': 'gzip' }), 413],
    ['br', post(alert(), { 'content-encoding': 'br' }), 415],
    ['large', post(large), 413],
    ['no JSON', post('{'), 400],
    ['no alert', post('{}'), 400],
    ['empty', post(''), 400],
    ['put', ask('/', { method: 'PUT', body: '' }), 405],
    ['get', ask('/'), 404],
    ['health', ask('/healthz'), 200],
  ];
  for (const [what, answer, status] of answers) assert.equal((await answer).status, status, what);
  const text = await (await ask('/metrics')).text();
  assert.match(text, /^pratique_falco_rejected_total\{reason="malformed"\} 4$/m);
  assert.match(text, /^pratique_falco_rejected_total\{reason="too_large"\} 2$/m);
  assert.match(text, /^pratique_falco_rejected_total\{reason="encoding"\} 1$/m);
  assert.match(text, /^pratique_falco_matched_files_total\{relation="ran",severity="high"\} \d+$/m);
  assert.match(text, /^pratique_falco_images 1$/m);
});

test('the number of series does not grow with what is sent', async () => {
  const { ask, post } = shared;
  const series = async (): Promise<number> => (await (await ask('/metrics')).text()).split('\n').length;
  await post(alert());
  const first = await series();
  for (let i = 0; i < 20; i++)
    await post(
      alert({ rule: `r${i}`, hostname: `h${i}`, output_fields: { ...fields, 'fd.name': `/f${i}`, [`n${i}`]: i } }),
    );
  assert.equal(await series(), first);
});

test('lines are whole and each there once when many send at once', async () => {
  const { post, lines, end } = await start();
  await Promise.all(Array.from({ length: 100 }, (_, i) => post(alert({ rule: `r${i}` }))));
  await end();
  const rules = lines.map((line) => (JSON.parse(line) as { rule: string }).rule);
  assert.equal(new Set(rules).size, 100);
});

test('a line that cannot be written is an error, and the next is tried', async () => {
  let fail = true;
  const write = (): Promise<void> => (fail ? Promise.reject(new Error('disk full')) : Promise.resolve());
  const { post, ask, world, end } = await start({ write });
  assert.equal((await post(alert())).status, 500);
  fail = false;
  assert.equal((await post(alert())).status, 200);
  assert.match(await (await ask('/metrics')).text(), /^pratique_falco_write_failures_total 1$/m);
  assert.match(world.written.log, /disk full/);
  await end();
});

test('told to end, it finishes what is under way and takes no more', async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let begun = (): void => {};
  const writing = new Promise<void>((resolve) => (begun = resolve));
  const { post, server, ask, end } = await start({ write: () => (begun(), released) });
  const answer = post(alert());
  await writing;
  const ended = end();
  await assert.rejects(ask('/healthz'));
  release();
  assert.equal((await answer).status, 200);
  await ended;
  assert.ok(server.port > 0);
});

test('whoever holds a connection open does not hold the end up', async () => {
  const { server, end } = await start({ drain: 50 });
  const socket = connect(server.port, '127.0.0.1');
  await new Promise<void>((resolve) =>
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{', () => resolve()),
  );
  socket.on('error', () => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  await end();
  socket.destroy();
});

test('an address in use is said', async () => {
  const { port }: AlertServer = shared.server;
  await assert.rejects(start({ port }), (error) => error instanceof PratiqueError && /in use/.test(error.message));
});

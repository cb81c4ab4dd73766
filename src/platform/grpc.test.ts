/** Against a server of HTTP/2 that answers as each test says. */
import assert from 'node:assert/strict';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GrpcError, openGrpc } from './grpc.js';
import { NetworkError } from './network-error.js';
import { tempDirectory } from './temp-directory.js';

const scratch = await tempDirectory();
after(() => scratch.remove());
const { signal } = new AbortController();

type Answer = (stream: ServerHttp2Stream, request: Buffer, headers: Readonly<Record<string, unknown>>) => void;

let sockets = 0;
async function calling(answer: Answer, aborted: AbortSignal = signal): Promise<string[]> {
  const socket = join(scratch.path, `${sockets++}.sock`);
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('end', () => answer(stream, Buffer.concat(chunks), headers));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const client = await openGrpc(socket, { 'x-made-up': 'yes' });
  const messages: string[] = [];
  try {
    for await (const message of client.call('/made.Service/Up', Buffer.from('ask'), aborted))
      messages.push(Buffer.from(message).toString());
    return messages;
  } finally {
    client.close();
    server.close();
  }
}

const frame = (text: string): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

const open = { ':status': 200, 'content-type': 'application/grpc' };

/** Pieces of the answer, then the trailers. */
const answering =
  (pieces: readonly Buffer[], trailers: Readonly<Record<string, string>> = { 'grpc-status': '0' }): Answer =>
  (stream) => {
    stream.respond(open, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ ...trailers }));
    for (const piece of pieces) stream.write(piece);
    stream.end();
  };

test('a call and its answers, however they are cut', async () => {
  let seen: unknown;
  const whole = Buffer.concat([frame('one'), frame(''), frame('three')]);
  const cuts = [whole.subarray(0, 2), whole.subarray(2, 9), whole.subarray(9)];
  const found = await calling((stream, request, headers) => {
    seen = [headers[':path'], headers['x-made-up'], headers['content-type'], request.toString('latin1')];
    answering(cuts)(stream, request, headers);
  });
  assert.deepEqual(found, ['one', '', 'three']);
  assert.deepEqual(seen, ['/made.Service/Up', 'yes', 'application/grpc', '\0\0\0\0\x03ask']);
});

test('a status of the service', async () => {
  const refused = calling((stream) => {
    stream.respond({ ...open, 'grpc-status': '5', 'grpc-message': 'no%20such%20image' }, { endStream: true });
  });
  await assert.rejects(
    refused,
    (error) => error instanceof GrpcError && error.code === 5 && error.message === 'no such image',
  );
  const later = calling(answering([frame('a')], { 'grpc-status': '13', 'grpc-message': '100%' }));
  await assert.rejects(later, (error) => error instanceof GrpcError && error.code === 13 && error.message === '100%');
});

const large = Buffer.alloc(5);
large.writeUInt32BE(0xffff_ffff, 1);
for (const [what, answer, message] of [
  ['a message that is too large', answering([large]), /of 4294967295 bytes/],
  ['a compressed message', answering([Buffer.from([1, 0, 0, 0, 0])]), /compressed/],
  ['half a message', answering([frame('whole').subarray(0, 7)]), /cut off/],
  ['no status', answering([frame('a')], {}), /cut off/],
  ['a web site', (stream) => stream.respond({ ':status': 404 }, { endStream: true }), /status 404/],
  ['a broken connection', (stream) => stream.session?.destroy(), /\S/],
] satisfies readonly (readonly [string, Answer, RegExp])[])
  test(what, async () => {
    await assert.rejects(calling(answer), (error) => error instanceof NetworkError && message.test(error.message));
  });

test('nobody listens', async () => {
  const client = await openGrpc(join(scratch.path, 'nothing.sock'), {});
  await assert.rejects(client.call('/a/B', Buffer.alloc(0), signal)[Symbol.asyncIterator]().next(), NetworkError);
  client.close();
});

test('a call that is given up', async () => {
  const controller = new AbortController();
  const waiting = calling(() => controller.abort(new Error('enough')), controller.signal);
  await assert.rejects(waiting, /enough/);
});

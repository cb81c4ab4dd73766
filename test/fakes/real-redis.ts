/** A real redis-server on 127.0.0.1 (Debian's), for as long as a test takes: nothing is written to disk. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { freePort } from './free-port.js';

export interface RealRedis {
  readonly port: number;
  start(): Promise<void>;
  /** Without a chance to say goodbye. */
  stop(): Promise<void>;
}

/** Why there is none here, for `test`'s `skip`; `false` when there is. */
export const noRedis: string | false =
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0 ? false : 'redis-server is not installed';

export interface RealRedisOptions {
  readonly password?: string;
  /** Paths; with them it speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
}

export async function realRedis({ password, tls }: RealRedisOptions = {}): Promise<RealRedis> {
  const port = await freePort();
  const secret = tls
    ? ['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', tls.cert, '--tls-key-file', tls.key]
    : ['--port', `${port}`];
  const trust = tls ? ['--tls-ca-cert-file', tls.ca, '--tls-auth-clients', 'no'] : [];
  const args = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...secret, ...trust];
  if (password) args.push('--requirepass', password);
  let server: ChildProcess | undefined;
  const kill = (): boolean => server?.kill('SIGKILL') ?? false;
  process.once('exit', kill);
  const redis: RealRedis = {
    port,
    async start() {
      server = spawn('redis-server', args, { stdio: 'ignore' });
      for (let tries = 0; tries < 200; tries++) {
        if (await isListening(port)) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.fail('redis-server does not answer');
    },
    async stop() {
      const ended = new Promise<void>((resolve) => server?.once('exit', () => resolve()) ?? resolve());
      if (server?.exitCode === null && server.signalCode === null) {
        kill();
        await ended;
      }
    },
  };
  await redis.start();
  return redis;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });
}

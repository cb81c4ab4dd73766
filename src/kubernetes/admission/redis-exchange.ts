/**
 * An exchange of facts by Redis. While it is away, replicas work alone: every command is given up after two seconds, and the
 * connection is tried again, ever later, up to every 30 seconds; what was missed is read then.
 * Reads   values that whoever can write to this Redis may have written: they are checked for their shape, and believed.
 * Limits  8 MiB a value, kept for 30 days; 10,000 are read at a start.
 * Source  https://redis.io/docs/latest/commands/
 */
import type { Redis, RedisOptions } from 'ioredis';
import { randomHex } from '#base';
import type { World } from '#platform';
import { BoundedMap } from './bounded-map.js';
import type { FactsExchange } from './facts-exchange.js';
import type { ImageFacts } from './image-facts.js';
import { assessmentName, assessmentSpec, factsOfAssessment } from './resource-facts.js';

export interface RedisChoice {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  readonly password?: string;
  /** Authorities for `rediss:`, PEM. */
  readonly ca?: string;
}

const prefix = 'pratique:facts:';
const channel = 'pratique:facts';
const claims = 'pratique:scan:';
const KEPT = 30 * 86_400;
const MAX_VALUE = 8 * 1024 * 1024;
const MAX_KEYS = 10_000;
/** Milliseconds; a claim is renewed while its replica lives. */
const CLAIM = 30_000;

export async function connectToRedis(
  choice: RedisChoice,
  onFacts: (facts: ImageFacts) => void,
  world: World,
): Promise<FactsExchange> {
  const client = await makeClient(choice, 'pratique-webhook');
  const listener = await makeClient(choice, 'pratique-webhook-listener');
  let isUp = false;
  /** When what is known of a key was scanned: what was just sent or taken needs no second way. */
  const seen = new BoundedMap<number>(MAX_KEYS);

  async function attempt<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      world.log.debug('Redis did not answer', { reason: (error as Error).message });
      return otherwise;
    }
  }
  const keyOf = ({ digest, platform }: { readonly digest: string; readonly platform: string }): string =>
    assessmentName(digest, platform);

  async function read(key: string): Promise<ImageFacts | undefined> {
    const text = (await client.strlen(prefix + key)) > MAX_VALUE ? null : await client.get(prefix + key);
    const facts = text === null ? undefined : factsOf(text);
    if (facts) seen.set(key, facts.scannedAt);
    return facts;
  }

  async function readAll(): Promise<void> {
    let cursor = '0';
    let count = 0;
    do {
      const [next, keys] = await client.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 200);
      cursor = next;
      for (const key of keys) {
        const facts = await read(key.slice(prefix.length));
        if (facts) onFacts(facts);
      }
      count += keys.length;
    } while (cursor !== '0' && count < MAX_KEYS);
  }

  function follow(): void {
    listener.on('message', (_, key: string) => {
      void attempt(async () => {
        const facts = await read(key);
        if (facts) onFacts(facts);
      }, undefined);
    });
    listener.on('ready', () => void attempt(async () => void (await listener.subscribe(channel)), undefined));
    let problem = '';
    client.on('ready', () => {
      isUp = true;
      problem = '';
      world.log.info('Redis answers: replicas share what they find');
      void attempt(readAll, undefined);
    });
    client.on('close', () => (isUp = false));
    for (const one of [client, listener])
      one.on('error', ({ message }: Error) => {
        if (message !== problem) world.log.warn('Redis is away: this replica works alone', { reason: message });
        problem = message;
      });
  }

  return {
    get isUp() {
      return isUp;
    },
    find: (request) => attempt(() => read(keyOf(request)), undefined),
    publish: (facts) =>
      attempt(async () => {
        const { platform, digest, scannedAt } = facts;
        if (platform === undefined) return false;
        const key = keyOf({ digest, platform });
        if (seen.get(key) === scannedAt) return true;
        const text = JSON.stringify(assessmentSpec({ ...facts, platform }));
        if (Buffer.byteLength(text) > MAX_VALUE) return false;
        await client.set(prefix + key, text, 'EX', KEPT);
        seen.set(key, scannedAt);
        await client.publish(channel, key);
        return true;
      }, false),
    async claim(request) {
      const key = claims + keyOf(request);
      const token = randomHex(16);
      const alone = 'alone' as const;
      const answer = await attempt<string | null>(() => client.set(key, token, 'PX', CLAIM, 'NX'), alone);
      if (answer === null) return undefined;
      if (answer === alone) return async () => {};
      const renewal = setInterval(() => void attempt(() => client.pexpire(key, CLAIM), 0), CLAIM / 3);
      renewal.unref();
      return async () => {
        clearInterval(renewal);
        // Only one's own: it may have ended, and another replica have it now.
        await attempt(async () => {
          if ((await client.get(key)) === token) await client.del(key);
        }, undefined);
      };
    },
    async run(signal) {
      follow();
      for (const one of [client, listener]) void attempt(() => one.connect(), undefined);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      for (const one of [client, listener]) one.disconnect();
    },
  };
}

async function makeClient({ url, password, ca }: RedisChoice, name: string): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const options = {
    lazyConnect: true,
    connectionName: name,
    connectTimeout: 5000,
    commandTimeout: 2000,
    // What cannot be sent now is of no use later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: (attempts: number) => Math.min(30_000, 250 * 2 ** Math.min(attempts, 10)),
    ...(password !== undefined && { password }),
    ...(url.startsWith('rediss:') && { tls: { ...(ca !== undefined && { ca }) } }),
  } satisfies RedisOptions;
  return new Client(url, options);
}

function factsOf(text: string): ImageFacts | undefined {
  try {
    return factsOfAssessment({ metadata: {}, spec: JSON.parse(text) as unknown } as never);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

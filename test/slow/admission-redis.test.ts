/** Replicas of the webhook that share what they find through a real Redis: with password, over TLS, and while it is away. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  connectToRedis,
  type FactsExchange,
  type ImageFacts,
  issueAuthority,
  issueServerCertificate,
  type RedisChoice,
  scanOnce,
} from '#kubernetes';
import { systemClock, tempDirectory } from '#platform';
import { type FakeWorld, fakeWorld } from '#platform/fakes';
import { pushImage } from '../e2e/kit/push.js';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import { askWebhook, guardCluster, type GuardedCluster, opensslImage, pod } from '../fakes/guarded-cluster.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { noRedis, realRedis, type RealRedis } from '../fakes/real-redis.js';

const digestOf = (i: number): string => `sha256:${i.toString(16).padStart(64, '0')}`;
const requestOf = (i: number) => ({ repository: 'r.example/a', digest: digestOf(i), platform: 'linux/amd64' });
const factsOf = (i: number, scannedAt = Date.now()): ImageFacts => ({
  ...requestOf(i),
  scannedAt,
  databaseVersion: 'd',
  findings: [{ id: 'CVE-1', severity: 'CRITICAL', package: 'p', version: '1', epss: 0.5, exploited: true }],
});

interface Replica {
  readonly exchange: FactsExchange;
  /** Digests, as they came. */
  readonly told: string[];
  readonly world: FakeWorld;
  stop(): Promise<void>;
}

suite('exchange by Redis', { skip: noRedis, timeout: 120_000 }, () => {
  let folder: Awaited<ReturnType<typeof tempDirectory>>;
  const servers: RealRedis[] = [];
  const replicas: Replica[] = [];

  before(async () => {
    folder = await tempDirectory();
  });
  after(async () => {
    for (const one of replicas) await one.stop();
    for (const one of servers) await one.stop();
    await folder?.remove();
  });

  async function server(...args: Parameters<typeof realRedis>): Promise<RealRedis> {
    const one = await realRedis(...args);
    servers.push(one);
    return one;
  }
  async function replica(choice: RedisChoice): Promise<Replica> {
    const stopping = new AbortController();
    const world = fakeWorld({ clock: systemClock });
    const told: string[] = [];
    const exchange = await connectToRedis(choice, ({ digest }) => told.push(digest), world);
    const running = exchange.run(stopping.signal);
    const one = {
      exchange,
      told,
      world,
      async stop() {
        stopping.abort();
        await running;
      },
    };
    replicas.push(one);
    return one;
  }
  const up = ({ exchange, world }: Replica) =>
    until('Redis answers', async () => (exchange.isUp ? true : undefined)).catch((error: unknown) =>
      assert.fail(`${String(error)} ${world.written.log}`),
    );

  test('what one finds the other knows, at once, when asked, and after a start', async () => {
    const { port } = await server();
    const url = `redis://127.0.0.1:${port}`;
    const [a, b] = await Promise.all([replica({ url }), replica({ url })]);
    await Promise.all([up(a), up(b)]);
    // Subscribed a moment after it is up.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const facts = factsOf(1, 1e12);
    assert.equal(await a.exchange.publish(facts), true);
    await until('the other is told', async () => (b.told.includes(digestOf(1)) ? true : undefined));
    assert.deepEqual(await b.exchange.find(requestOf(1)), facts);
    assert.equal(await b.exchange.find(requestOf(2)), undefined);
    const late = await replica({ url });
    await until('the late one is told', async () => (late.told.includes(digestOf(1)) ? true : undefined));
  });

  test('an image that all ask for is scanned by one of them', async () => {
    const { port } = await server();
    const all = await Promise.all(Array.from({ length: 3 }, () => replica({ url: `redis://127.0.0.1:${port}` })));
    await Promise.all(all.map(up));
    let scans = 0;
    const found = await Promise.all(
      all.map(({ exchange, world }) => {
        const scan = scanOnce(
          async () => {
            scans++;
            await new Promise((resolve) => setTimeout(resolve, 300));
            return factsOf(3);
          },
          exchange,
          3_600_000,
          world,
        );
        return scan(requestOf(3), AbortSignal.timeout(20_000));
      }),
    );
    assert.equal(scans, 1);
    assert.deepEqual(new Set(found.map(({ digest }) => digest)), new Set([digestOf(3)]));
    const again = scanOnce(async () => factsOf(4), all[0]!.exchange, 0, all[0]!.world);
    assert.equal((await again(requestOf(3), AbortSignal.timeout(5000))).digest, digestOf(4));
  });

  test('password and TLS; without them it is away, and the log says why, without the password', async () => {
    const authority = issueAuthority({ now: new Date(), days: 2 });
    const issued = issueServerCertificate(authority, ['localhost'], { now: new Date(), days: 2 });
    const at = (name: string): string => join(folder.path, name);
    writeFileSync(at('ca.crt'), authority.cert);
    writeFileSync(at('redis.crt'), issued.cert);
    writeFileSync(at('redis.key'), issued.key);
    const password = 'correct-horse-battery';
    const { port } = await server({ password, tls: { cert: at('redis.crt'), key: at('redis.key'), ca: at('ca.crt') } });
    const url = `rediss://localhost:${port}`;
    const good = await replica({ url, password, ca: authority.cert });
    await up(good);
    assert.equal(await good.exchange.publish(factsOf(5)), true);
    for (const [choice, reason] of [
      [{ url, password }, /self-signed|unable to (?:get|verify)|certificate/i],
      [{ url, password: 'wrong-password', ca: authority.cert }, /WRONGPASS|NOAUTH|invalid|Authentication/i],
    ] as const) {
      const bad = await replica(choice);
      await until('a reason', async () => (/Redis is away/.test(bad.world.written.log) ? true : undefined));
      assert.match(bad.world.written.log, reason);
      assert.equal(await bad.exchange.find(requestOf(5)), undefined);
      assert.doesNotMatch(bad.world.written.log, /correct-horse|wrong-password/);
      await bad.stop();
    }
  });

  test('while it is away, replicas work alone; when it is back, they share again', async () => {
    const redis = await server();
    const one = await replica({ url: `redis://127.0.0.1:${redis.port}` });
    await up(one);
    await redis.stop();
    await until('it is away', async () => (one.exchange.isUp ? undefined : true));
    const began = performance.now();
    assert.equal(await one.exchange.publish(factsOf(6)), false);
    const scan = scanOnce(async () => factsOf(6), one.exchange, 3_600_000, one.world);
    assert.equal((await scan(requestOf(6), AbortSignal.timeout(20_000))).digest, digestOf(6));
    assert.ok(performance.now() - began < 10_000);
    await redis.start();
    await up(one);
    assert.equal(await one.exchange.publish(factsOf(7)), true);
    assert.equal((await one.exchange.find(requestOf(7)))?.digest, digestOf(7));
  });
});

suite('webhooks that share through Redis', { skip: noRedis || noControlPlane || noRegistry, timeout: 120_000 }, () => {
  let cluster: GuardedCluster;
  let registry: RealRegistry;
  let redis: RealRedis;

  before(async () => {
    [cluster, registry, redis] = await Promise.all([guardCluster(), realRegistry(), realRedis()]);
    for (const name of ['one', 'two']) await pushImage(registry, `shop/${name}`, '1', opensslImage('1.1.1t', name));
  });
  after(async () => {
    await cluster?.stop();
    await registry?.stop();
    await redis?.stop();
  });

  const metric = async (port: number, name: string): Promise<number> =>
    Number(
      new RegExp(`^pratique_webhook_${name}\\S* (\\S+)`, 'm').exec((await askWebhook(port, '/metrics')).body)?.[1] ?? 0,
    );
  const assessments = async (): Promise<number> => {
    const { stdout } = await cluster.kubectl('get', 'imageassessments', '-A', '-o', 'name');
    return stdout.split('\n').filter(Boolean).length;
  };

  test('one scans, both refuse, the store of the cluster is spared until Redis is away', async () => {
    const options = { ...cluster.options, redis: { url: `redis://127.0.0.1:${redis.port}` } };
    const [a, b] = [await cluster.start(options), await cluster.start(options)];
    for (const { port } of [a, b])
      await until('Redis answers', async () => ((await metric(port, 'redis_up')) === 1 ? true : undefined));
    await cluster.pointTo(a.port);
    await cluster.namespace('shop', { unknownImage: 'wait', waitSeconds: 9 });
    const run = (image: string) => cluster.create(pod('p', 'shop', `${registry.host}/shop/${image}:1`));
    await assert.rejects(run('one'), /CVE-2099-1/);
    await until('the other knows', async () => ((await metric(b.port, 'known_images')) > 0 ? true : undefined));
    await cluster.pointTo(b.port);
    await assert.rejects(run('one'), /CVE-2099-1/);
    assert.equal(await metric(b.port, 'scans_total'), 0);
    assert.equal(await assessments(), 0);
    await redis.stop();
    await assert.rejects(run('two'), /CVE-2099-1/);
    await until('the assessment', async () => ((await assessments()) === 1 ? true : undefined));
    await cluster.pointTo(a.port);
    await assert.rejects(run('two'), /CVE-2099-1/);
    assert.equal(await metric(a.port, 'redis_up'), 0);
  });
});

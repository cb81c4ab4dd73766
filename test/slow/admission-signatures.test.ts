/** Policies that ask for signatures, on a real control plane, with signatures in a real registry. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Descriptor } from '#oci';
import {
  type Identity,
  makeKey,
  payloadOf,
  type Pushable,
  pushReferring,
  pushTagged,
  signBundle,
  signPayload,
  sigstoreInstance,
  type SigstoreInstance,
  statementOf,
} from '#signatures/fakes';
import { pushImage } from '../e2e/kit/push.js';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import {
  askWebhook,
  guardCluster,
  type GuardedCluster,
  imagePolicies,
  opensslImage,
  pod,
  settle,
} from '../fakes/guarded-cluster.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

suite('admission by signature', { skip: noControlPlane || noRegistry, timeout: 180_000 }, () => {
  const key = makeKey();
  const release: Identity = { subject: 'https://ci.example/acme/release', issuer: 'https://token.example' };
  let cluster: GuardedCluster;
  let registry: RealRegistry;
  let instance: SigstoreInstance;
  let port = 0;
  const wait = { unknownImage: 'wait', waitSeconds: 8 };
  const keyed = { ...wait, signatures: { keys: [{ name: 'release', key: key.pem }] } };

  before(async () => {
    [cluster, registry, instance] = await Promise.all([guardCluster(), realRegistry(), sigstoreInstance()]);
    const trustRoot = join(cluster.plane.directory, 'trusted_root.json');
    writeFileSync(trustRoot, JSON.stringify(instance.trustRoot));
    ({ port } = await cluster.start({ ...cluster.options, trustRoot }));
    await cluster.pointTo(port);
  });
  after(async () => {
    await cluster?.stop();
    await registry?.stop();
  });

  async function push(name: string): Promise<{ image: string; subject: Descriptor; to: Pushable }> {
    const repository = `shop/${name}`;
    const subject = await pushImage(registry, repository, '1', opensslImage('1.1.1w', name));
    const to: Pushable = {
      blob: (content, type) => registry.pushBlob(repository, content, type),
      async manifest(tag, document, type) {
        return registry.pushManifest(repository, tag, document, type);
      },
    };
    return { image: `${registry.host}/${repository}:1`, subject, to };
  }
  const run = (name: string, namespace: string, image: string) => cluster.create(pod(name, namespace, image));

  test('by key: unsigned and otherwise signed images are refused, in every layout signed ones admitted', async () => {
    await cluster.namespace('keyed', keyed);
    const bare = await push('bare');
    await assert.rejects(run('bare', 'keyed', bare.image), /a signature is required: it is not signed/);
    assert.match((await askWebhook(port, '/metrics')).body, /signatures_total\{result="invalid"\} 1\n/);
    const tagged = await push('tagged');
    const payload = payloadOf('x', tagged.subject.digest);
    await pushTagged(tagged.to, tagged.subject.digest, [signPayload(payload, makeKey())]);
    await assert.rejects(run('tagged', 'keyed', tagged.image), /none of its signatures counts: signed by another key/);
    const good = await push('good');
    await pushTagged(good.to, good.subject.digest, [signPayload(payloadOf('x', good.subject.digest), key)]);
    await run('good', 'keyed', good.image);
    for (const made of ['bundle', 'payload'] as const) {
      const { image, subject, to } = await push(made);
      const { digest } = subject;
      const one = made === 'bundle' ? signBundle(statementOf(digest), key) : signPayload(payloadOf('x', digest), key);
      await pushReferring(to, subject, [one]);
      await run(made, 'keyed', image);
    }
  });

  test('by identity, of the trust root that was given', async () => {
    const identities = [{ issuer: release.issuer, subject: 'https://ci.example/acme/*' }];
    await cluster.namespace('keyless', { ...wait, signatures: { identities } });
    const { image, subject, to } = await push('keyless');
    await pushReferring(to, subject, [await instance.signStatement(statementOf(subject.digest), release)]);
    await run('good', 'keyless', image);
    const stranger = await push('stranger');
    const other = { ...release, subject: 'https://ci.example/evil' };
    const payload = payloadOf('x', stranger.subject.digest);
    await pushTagged(stranger.to, stranger.subject.digest, [await instance.signPayload(payload, other)]);
    await assert.rejects(
      run('bad', 'keyless', stranger.image),
      /signed by https:\/\/ci\.example\/evil of https:\/\/token\.example, which does not count/,
    );
  });

  test('a signature that comes later counts soon; a mode that warns, warns', async () => {
    const { image, subject, to } = await push('later');
    await assert.rejects(run('later', 'keyed', image), /it is not signed/);
    await pushTagged(to, subject.digest, [signPayload(payloadOf('x', subject.digest), key)]);
    cluster.clock.ahead = 20_000;
    await until('the signature is seen', () => run('later', 'keyed', image).catch(() => undefined));
    cluster.clock.ahead = 0;
    await cluster.namespace('warned', { ...keyed, mode: 'warn' });
    const { image: bare } = await push('warned');
    const { status, stderr } = await cluster.kubectl('run', 'w', '--namespace=warned', `--image=${bare}`);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Warning: .*a signature is required: it is not signed/);
  });

  test('answers from memory when the registry is away, and refuses what it never saw', async () => {
    const { image } = await push('unseen');
    const digest = (await push('good')).subject.digest;
    await registry.stop();
    await run('again', 'keyed', `${registry.host}/shop/good@${digest}`);
    await assert.rejects(run('unseen', 'keyed', image), /a signature is required/);
  });

  test('a policy that asks for signatures of nobody closes the gate, and says why', async () => {
    await cluster.namespace('nobody', { requireSignature: true });
    await assert.rejects(
      run('x', 'nobody', 'app:1'),
      /requireSignature: signatures with keys or identities are expected/,
    );
    await assert.rejects(
      cluster.client.create(imagePolicies, {
        metadata: { name: 'odd', namespace: 'nobody' },
        spec: { signatures: { keys: [{ name: 'no key' }] } },
      }),
      /spec\.signatures\.keys\[0\]\.key/,
    );
    await settle();
  });
});

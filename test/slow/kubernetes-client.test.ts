/** The Kubernetes client against a real API server: identities, operations, lists, watches, and what goes wrong. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  changeObject,
  type ConfigMap,
  createInformer,
  connectToCluster,
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isNotFound,
  isUnauthorized,
  type KubernetesClient,
  resources,
} from '#kubernetes';
import { systemClock } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';

const { configMaps, namespaces, pods } = resources;

const world = () => fakeWorld({ clock: systemClock });

const mapNamed = (name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'default', labels },
  data,
});

const until = async (done: () => boolean, what: string): Promise<void> => {
  for (let tries = 0; !done(); tries++) {
    assert.ok(tries < 400, `timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const add = (current: ConfigMap) => ({ ...current, data: { n: String(Number(current.data?.['n']) + 1) } });

const followed = (name: string, v: string) => mapNamed(name, { v }, { set: 'followed' });

suite('kubernetes client', { skip: noControlPlane, timeout: 180_000 }, () => {
  let plane: ControlPlane;
  let client: KubernetesClient;

  before(async () => {
    plane = await startControlPlane({ users: ['nobody'] });
    client = plane.client();
  });
  after(async () => {
    client?.close();
    await plane?.stop();
  });

  const named = { namespace: 'default' };

  test('lets in by kubeconfig token, client certificate, token file and exec plugin', async () => {
    const named = await connectToCluster({ kubeconfig: plane.kubeconfig }, {}, world());
    assert.equal(named.cluster.context, 'admin');
    await named.get(namespaces, 'default');
    named.close();

    const tokenFile = join(plane.directory, 'token');
    writeFileSync(tokenFile, 'wrong');
    const credential = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1' };
    const plugin = join(plane.directory, 'plugin.mjs');
    writeFileSync(
      plugin,
      `console.log(JSON.stringify(${JSON.stringify({ ...credential, status: { token: 'admin-token' } })}))`,
    );
    const exec = {
      command: process.execPath,
      args: [plugin],
      env: {},
      apiVersion: 'client.authentication.k8s.io/v1',
    };
    const users = [
      { kind: 'certificate', ...plane.clientCertificate('anna') },
      { kind: 'exec', plugin: exec },
    ] as const;
    for (const user of users) {
      const one = plane.client(user);
      assert.equal((await one.get(namespaces, 'default')).metadata.name, 'default', user.kind);
      one.close();
    }

    const byFile = plane.client({ kind: 'token-file', path: tokenFile });
    await assert.rejects(byFile.get(namespaces, 'default'), isUnauthorized);
    writeFileSync(tokenFile, 'admin-token\n');
    await byFile.get(namespaces, 'default');
    byFile.close();
  });

  test('says who is refused, what is missing and what is there already', async () => {
    const nobody = plane.client({ kind: 'token', token: 'nobody' });
    await assert.rejects(
      nobody.get(namespaces, 'default'),
      (error) => isForbidden(error) && /nobody/.test(error.message),
    );
    nobody.close();
    await assert.rejects(client.get(configMaps, 'none', named), isNotFound);
    assert.equal(await client.find(configMaps, 'none', named), undefined);
    await client.create(configMaps, mapNamed('twice'));
    await assert.rejects(client.create(configMaps, mapNamed('twice')), isAlreadyExists);
    await client.delete(configMaps, 'twice', named);
    await client.delete(configMaps, 'twice', named);
    await assert.rejects(client.delete(configMaps, 'twice', { ...named, mustExist: true }), isNotFound);
  });

  test('writes: create, update, merge, strategic and JSON patch, apply, status, dry run', async () => {
    const made = await client.create(configMaps, mapNamed('written', { a: '1' }));
    await client.update(configMaps, { ...made, data: { a: '2' } });
    await assert.rejects(client.update(configMaps, { ...made, data: { a: '3' } }), isConflict);
    const patches = [
      { type: 'merge', body: { data: { b: '1' } } },
      { type: 'strategic', body: { data: { c: '1' } } },
      { type: 'json', body: [{ op: 'add', path: '/data/d', value: '1' }] },
    ] as const;
    for (const patch of patches) await client.patch(configMaps, 'written', patch, named);
    assert.deepEqual((await client.get(configMaps, 'written', named)).data, { a: '2', b: '1', c: '1', d: '1' });

    await client.apply(configMaps, mapNamed('applied', { ours: '1' }), { fieldManager: 'one' });
    const theirs = client.apply(configMaps, mapNamed('applied', { ours: '2' }), { fieldManager: 'two', force: false });
    await assert.rejects(theirs, isConflict);
    const forced = await client.apply(configMaps, mapNamed('applied', { ours: '2' }), { fieldManager: 'two' });
    assert.deepEqual(forced.data, { ours: '2' });

    await client.apply(configMaps, mapNamed('applied', { ours: '9' }), { fieldManager: 'two', dryRun: true });
    assert.deepEqual((await client.get(configMaps, 'applied', named)).data, { ours: '2' });
    const pod = { metadata: { name: 'status', ...named }, spec: { containers: [{ name: 'c', image: 'none' }] } };
    await client.create(pods, pod);
    const running = { type: 'merge', body: { status: { phase: 'Running' } } } as const;
    assert.equal(
      (await client.patch(pods, 'status', running, { ...named, subresource: 'status' })).status?.phase,
      'Running',
    );
    assert.equal((await client.get(pods, 'status', named)).status?.phase, 'Running');
  });

  test('changes an object that others change at the same time', async () => {
    await client.create(configMaps, mapNamed('counter', { n: '0' }));
    const once = () => changeObject(client, configMaps, 'counter', add, named, world());
    await Promise.all(Array.from({ length: 4 }, once));
    assert.equal((await client.get(configMaps, 'counter', named)).data?.['n'], '4');
  });

  test('lists in pages, by label, and metadata alone', async () => {
    await Promise.all(
      Array.from({ length: 25 }, (_, i) =>
        client.create(configMaps, mapNamed(`page-${i}`, { big: 'x'.repeat(100) }, { set: 'pages' })),
      ),
    );
    const found = new Set<string>();
    let pages = 0;
    for await (const page of client.listPages(configMaps, { labelSelector: 'set=pages', pageSize: 10 })) {
      pages++;
      for (const { metadata } of page.items) found.add(metadata.name!);
    }
    assert.deepEqual([pages, found.size], [3, 25]);
    for await (const object of client.listMetadata(configMaps, { labelSelector: 'set=pages' })) {
      assert.equal((object as ConfigMap).data, undefined);
      assert.equal(object.metadata.labels?.['set'], 'pages');
    }
  });

  test('an informer follows changes over a restart of the API server and over expired versions', async () => {
    const seen: string[] = [];
    const failures: string[] = [];
    const ending = new AbortController();
    const informer = createInformer<ConfigMap, string>(
      {
        client,
        type: configMaps,
        namespace: 'default',
        labelSelector: 'set=followed',
        project: ({ data }) => data?.['v'] ?? '',
        onAdd: (value, key) => void seen.push(`+${key}=${value}`),
        onUpdate: (value, previous, key) => void seen.push(`~${key}=${previous}→${value}`),
        onDelete: (_, key) => void seen.push(`-${key}`),
        onFailure: (error) => void failures.push(error.message),
        pageSize: 1,
      },
      world(),
    );
    await client.create(configMaps, followed('one', '1'));
    await client.create(configMaps, followed('two', '1'));
    const run = informer.run(ending.signal);
    await informer.synced;
    assert.deepEqual(seen.splice(0).sort(), ['+default/one=1', '+default/two=1']);

    await client.apply(configMaps, followed('one', '2'));
    await client.delete(configMaps, 'two', named);
    await until(() => seen.length === 2, 'two events');
    assert.deepEqual(seen.splice(0), ['~default/one=1→2', '-default/two']);

    await plane.stopApiServer();
    await plane.compact();
    await plane.startApiServer();
    await client.apply(configMaps, followed('three', '1'));
    await until(() => seen.includes('+default/three=1'), `an event after the restart: ${failures.join('; ')}`);
    assert.ok(failures.length > 0);
    assert.deepEqual([...informer.entries()].sort(), [
      ['default/one', '2'],
      ['default/three', '1'],
    ]);
    ending.abort();
    await run;
  });

  test('a watch from a version that is gone is refused as expired', async () => {
    const { metadata } = await client.get(namespaces, 'default');
    for (let i = 0; i < 3; i++) await client.apply(configMaps, mapNamed('moving', { i: String(i) }));
    await plane.stopApiServer();
    await plane.compact();
    await plane.startApiServer();
    const watching = async (): Promise<void> => {
      for await (const event of client.watch(configMaps, { resourceVersion: metadata.resourceVersion!, duration: 5 })) {
        assert.fail(`an event: ${event.type}`);
      }
    };
    await assert.rejects(watching(), isExpired);
  });

  test('a watch ends when told to', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(new Error('enough')), 300);
    const watching = async (): Promise<void> => {
      for await (const _ of client.watch(namespaces, { resourceVersion: '0', signal: ending.signal })) continue;
    };
    await assert.rejects(watching(), /enough/);
  });
});

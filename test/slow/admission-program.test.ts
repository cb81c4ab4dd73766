/** The webhook as the program that is shipped: its command line, scans in processes of their own, an orderly end. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { connect } from 'node:tls';
import { writeBolt } from '#advisories';
import { makeImage } from '#artifact/fakes';
import { issueAuthority, issueServerCertificate, resources } from '#kubernetes';
import { fakeRegistry, type FakeRegistry } from '#oci/fakes';
import { makeKey, payloadOf, signPayload } from '#signatures/fakes';
import { until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { program } from '../e2e/kit/program.js';
import { freePort } from '../fakes/free-port.js';
import { noRedis, realRedis, type RealRedis } from '../fakes/real-redis.js';

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

suite('admission webhook as a program', { skip: noControlPlane, timeout: 120_000 }, () => {
  let plane: ControlPlane;
  let registry: FakeRegistry;
  let child: ChildProcess;
  let redis: RealRedis | undefined;
  let digest = '';
  let port = 0;
  let log = '';

  before(async () => {
    plane = await startControlPlane();
    registry = await fakeRegistry();
    digest = pushImage(registry);
    writeDatabase(join(plane.directory, 'cache/db'));
    const [certPath, keyPath] = writeCertificate(plane.directory);
    const client = plane.client();
    await client.create(resources.configMaps, {
      metadata: { name: 'pratique-policy', namespace: 'default' },
      data: {
        'policy.yaml':
          'unknownImage: wait\nwaitSeconds: 20\nvulnerabilities: { severities: [LOW], knownExploited: true }\n',
      },
    });
    await client.create(resources.namespaces, { metadata: { name: 'signed' } });
    const policy = { unknownImage: 'wait', waitSeconds: 20, signatures: { keys: [{ key: makeKey().pem }] } };
    await client.create(resources.configMaps, {
      metadata: { name: 'pratique-policy', namespace: 'signed' },
      data: { 'policy.yaml': JSON.stringify(policy) },
    });
    client.close();
    redis = noRedis ? undefined : await realRedis({ password: 'correct-horse' });
    port = await freePort();
    const options = [
      '--listen',
      `127.0.0.1:${port}`,
      '--skip-db-update',
      '--skip-java-db-update',
      '--drain-time',
      '0s',
    ];
    if (redis) options.push('--redis', `redis://127.0.0.1:${redis.port}`);
    const cache = ['--cache-dir', join(plane.directory, 'cache')];
    const [command = '', ...first] = program;
    child = spawn(command, [...first, 'webhook', '--kubeconfig', plane.kubeconfig, ...options, ...cache], {
      // A filter of the environment must not hide findings from policies.
      env: {
        ...process.env,
        TLS_CERT_FILE: certPath,
        TLS_PRIVATE_KEY_FILE: keyPath,
        TRIVY_SEVERITY: 'LOW',
        PRATIQUE_REDIS_PASSWORD: 'correct-horse',
      },
    });
    child.stderr!.on('data', (chunk) => (log += String(chunk)));
    await until('the webhook is ready', async () => ((await ask(port, '/readyz')).status === 200 ? true : undefined));
  });
  after(async () => {
    child?.kill('SIGKILL');
    await registry?.close();
    await redis?.stop();
    await plane?.stop();
  });

  test('scans an unknown image and refuses it by what was found, also what is exploited only', async () => {
    assert.match(await refusal('shop'), /CVE-2099-1 \(HIGH, exploited\) in openssl 1\.1\.1t, fixed in 1\.1\.1w/, log);
  });

  async function refusal(namespace: string): Promise<string> {
    const image = `${registry.host}/shop/app:1`;
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u',
        kind: { kind: 'Pod' },
        namespace,
        operation: 'CREATE',
        object: { spec: { containers: [{ image }] } },
      },
    };
    const { status, body } = await ask(port, '/validate?timeout=30s', JSON.stringify(review));
    assert.equal(status, 200, log);
    return (JSON.parse(body) as { response: { status: { message: string } } }).response.status.message;
  }

  test('verifies signatures, with what it loads for that', async () => {
    assert.match(await refusal('signed'), /a signature is required: it is not signed/, log);
    const made = signPayload(payloadOf('x', digest), makeKey());
    const layer = registry.pushBlob(made.payload, 'application/vnd.dev.cosign.simplesigning.v1+json');
    registry.pushManifest('shop/app', `${digest.replace(':', '-')}.sig`, {
      schemaVersion: 2,
      config: registry.pushBlob(Buffer.from('{}')),
      layers: [{ ...layer, annotations: made.annotations }],
    });
    // A missing signature is looked for again after a while.
    await until('the signature is seen', async () =>
      /signed by another key/.test(await refusal('signed')) ? true : undefined,
    );
  });

  test('shares through Redis', { skip: noRedis }, async () => {
    assert.match((await ask(port, '/metrics')).body, /pratique_webhook_redis_up 1\n/, log);
  });

  test('takes a renewed certificate into use', async () => {
    const before = await serialOf(port);
    writeCertificate(plane.directory);
    await until('the certificate is changed', async () => ((await serialOf(port)) === before ? undefined : true));
  });

  test('ends with 0 when it is told to', async () => {
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    assert.equal(await ended, 0, log);
    assert.match(log, /requests under way are answered/);
  });
});

function ask(port: number, path: string, body?: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const sent = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        rejectUnauthorized: false,
        agent: false,
      },
      (message) => {
        let text = '';
        message.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        message.on('end', () => resolve({ status: message.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', () => resolve({ status: 0, body: '' }));
    sent.end(body);
  });
}

function pushImage(registry: FakeRegistry): string {
  const items = [
    { name: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.23.0\n' },
    { name: 'lib/apk/db/installed', content: 'P:openssl\nV:1.1.1t\nA:x86_64\no:openssl\n\n' },
  ];
  const made = makeImage({ layers: [items], gzip: true });
  return registry.pushImage('shop/app', '1', { layers: made.blobs, config: JSON.parse(made.config.toString()) }).digest;
}

function writeDatabase(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const at = new Date().toISOString();
  writeBolt(join(directory, 'trivy.db'), [
    ['KEV', [['CVE-2099-1', json({ DateAdded: '2099-01-01' })]]],
    ['alpine 3.23', [['openssl', [['CVE-2099-1', json({ FixedVersion: '1.1.1w' })]]]]],
    ['vulnerability', [['CVE-2099-1', json({ Title: 'openssl', VendorSeverity: { nvd: 3 } })]]],
  ]);
  writeFileSync(
    join(directory, 'metadata.json'),
    JSON.stringify({ Version: 2, NextUpdate: at, UpdatedAt: at, DownloadedAt: at }),
  );
}

function writeCertificate(directory: string): readonly [string, string] {
  const validity = { now: new Date(), days: 2 };
  const issued = issueServerCertificate(issueAuthority(validity), ['localhost'], validity);
  const [certPath, keyPath] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  writeFileSync(certPath, issued.cert);
  writeFileSync(keyPath, issued.key);
  return [certPath, keyPath];
}

function serialOf(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.serialNumber);
      socket.destroy();
    }).on('error', reject);
  });
}

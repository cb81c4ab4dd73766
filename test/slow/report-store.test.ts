/** Whole reports outside of the cluster: an S3 server that checks signatures, a registry, and the operator with each. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { type KubernetesClient, resources, type VulnerabilityReport, vulnerabilityReports } from '#kubernetes';
import { createRegistryClient, parseReference } from '#oci';
import { fakeWorld } from '#platform/fakes';
import { systemClock } from '#platform';
import { alpineImage } from '../e2e/kit/images.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNamespace, makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { installOperator, type RunningOperator, startOperator } from '../fakes/operator-program.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { noS3, type S3Server, s3Server } from '../fakes/s3-server.js';

const noSkopeo =
  spawnSync('skopeo', ['--version'], { stdio: 'ignore' }).status === 0 ? false : 'skopeo is not installed';

suite('full reports', { skip: noControlPlane || noRegistry, timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  const common = ['--cache-dir', cache, '--skip-db-update', '--database-interval', '1s', '--leader-elect'];
  common.push('--include-namespaces', 'shop', '--report-kinds', 'vulnerability');
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let s3: S3Server | undefined;
  let kubeconfig: string;
  let operator: RunningOperator | undefined;

  before(async () => {
    [plane, registry, s3] = await Promise.all([
      startControlPlane({ controllers: true, kwok: true, users: ['operator'] }),
      realRegistry(),
      noS3 ? undefined : s3Server('reports'),
    ]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    await makeNamespace(client, 'shop');
    kubeconfig = await installOperator(client, plane, at('kubeconfig'));
    await pushImage(registry, 'made/app', '1', alpineImage());
  });
  after(async () => {
    await operator?.stop();
    client?.close();
    s3?.stop();
    await Promise.all([plane?.stop(), registry?.stop()]);
  });

  async function reportWith(store: string, env: Record<string, string> = {}): Promise<VulnerabilityReport> {
    await operator?.stop();
    for await (const { metadata } of client.list(vulnerabilityReports, { namespace: 'shop' }))
      await client.delete(vulnerabilityReports, metadata.name!, { namespace: 'shop' });
    operator = await startOperator({
      kubeconfig,
      args: [...common, '--report-store', store, '--report-store-all'],
      env,
    });
    await client.apply(resources.deployments, {
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, ...podTemplate(`${registry.host}/made/app:1`, 'amd64') },
      },
    } as never);
    return report();
  }

  const report = (passes: (one: VulnerabilityReport) => boolean = () => true): Promise<VulnerabilityReport> =>
    until('the report', async () => {
      for await (const one of client.list(vulnerabilityReports, { namespace: 'shop' })) if (passes(one)) return one;
      return undefined;
    });

  const ids = (body: unknown): string[] =>
    (body as VulnerabilityReport['report']).vulnerabilities!.map((one) => one.vulnerabilityID).sort();

  test('a directory; while it cannot be written, the report says so', async () => {
    writeFileSync(at('reports'), 'not a directory');
    const failed = await reportWith(at('reports'));
    assert.equal(failed.report.pratique.scan.phase, 'Failed');
    assert.match(failed.report.pratique.scan.reason!, /^file\//);
    assert.equal(failed.report.vulnerabilities!.length, 4, 'the findings are there all the same');
    rmSync(at('reports'));
    const { report: stored } = await reportWith(at('reports'));
    assert.equal(stored.pratique.scan.phase, 'Succeeded');
    const whole: unknown = JSON.parse(readFileSync(at('reports', stored.pratique.fullReport!.location), 'utf8'));
    assert.deepEqual(ids(whole), ids(stored));
  });

  test('s3', { skip: noS3 }, async () => {
    const address = `s3://reports/cluster-a?endpoint=${s3!.endpoint}`;
    const wrong = await reportWith(address, { AWS_ACCESS_KEY_ID: s3!.keys.id, AWS_SECRET_ACCESS_KEY: 'wrong' });
    assert.equal(wrong.report.pratique.scan.reason, 'store/refused');
    const { report: stored } = await reportWith(address, {
      AWS_ACCESS_KEY_ID: s3!.keys.id,
      AWS_SECRET_ACCESS_KEY: s3!.keys.secret,
    });
    const { location } = stored.pratique.fullReport!;
    assert.match(location, /^s3:\/\/reports\/cluster-a\/vulnerability\/sha256-[0-9a-f]{64}\/linux-amd64\.json$/);
    assert.deepEqual(ids(JSON.parse(await s3!.read(location.slice('s3://'.length)))), ids(stored));
  });

  test('a registry: an artifact that refers to the image', { skip: noSkopeo }, async () => {
    const { report: stored } = await reportWith(`oci://${registry.host}/reports`);
    const { location, digest } = stored.pratique.fullReport!;
    assert.equal(location, `oci://${registry.host}/reports@${digest}`);
    const name = location.replace('oci://', 'docker://');
    const raw = execFileSync('skopeo', ['inspect', '--raw', '--tls-verify=false', name], { encoding: 'utf8' });
    const manifest = JSON.parse(raw) as {
      artifactType: string;
      subject: { digest: string; size: number };
      layers: { digest: string }[];
    };
    assert.equal(manifest.artifactType, 'application/vnd.pratique.report.v1+json');
    assert.equal(manifest.subject.digest, stored.artifact.digest);
    const image = `docker://${registry.host}/made/app@${stored.artifact.digest!}`;
    const rawImage = execFileSync('skopeo', ['inspect', '--raw', '--tls-verify=false', image]);
    assert.equal(manifest.subject.size, rawImage.length);
    const world = fakeWorld({ clock: systemClock });
    const reader = createRegistryClient({}, world);
    const repository = parseReference(`${registry.host}/reports`);
    const referrers = await reader.referrers(repository, stored.artifact.digest!);
    assert.deepEqual(
      referrers.map((one) => one.digest),
      [digest],
    );
    const [layer] = manifest.layers;
    const chunks: Uint8Array[] = [];
    const descriptor = {
      mediaType: 'application/json',
      digest: layer!.digest,
      size: (layer as { size?: number }).size!,
    };
    for await (const chunk of reader.blob(repository, descriptor)) chunks.push(chunk);
    await reader.close();
    assert.deepEqual(ids(JSON.parse(Buffer.concat(chunks).toString())), ids(stored));
  });
});

/** The command `operator` against a real control plane and a real registry, with the rights that its manifest gives. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  clusterSbomReports,
  clusterVulnerabilityReports,
  exposedSecretReports,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
  resources,
  type ResourceType,
  sbomReports,
  type VulnerabilityReport,
  vulnerabilityReports,
} from '#kubernetes';
import type { ImageParts } from '#artifact/fakes';
import { writeDatabase } from '../e2e/kit/database.js';
import { alpineFindings, alpineImage, plainImage } from '../e2e/kit/images.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNamespace, makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { installOperator, type RunningOperator, startOperator } from '../fakes/operator-program.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const { deployments, pods } = resources;
const plainFindings = alpineFindings.filter((line) => line.endsWith('made-parser'));

const kubectlPath = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
const noKubectl = existsSync(kubectlPath) ? false : 'there is no kubectl beside kube-apiserver';

const madeSecret = `ghp_${'a1B2c3D4'.repeat(4)}e5F6`;
const withSecret = ({ layers, ...image }: ImageParts): ImageParts => ({
  ...image,
  layers: [...layers, [{ name: 'app/.env', content: `GITHUB_PAT=${madeSecret}\n` }]],
});

suite('operator', { skip: noControlPlane || noRegistry, timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let kubeconfig: string;
  let operator: RunningOperator | undefined;

  before(async () => {
    [plane, registry] = await Promise.all([
      startControlPlane({ controllers: true, kwok: true, users: ['operator'] }),
      realRegistry(),
    ]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    for (const name of ['shop', 'other']) await makeNamespace(client, name);
    kubeconfig = await installOperator(client, plane, at('kubeconfig'));
    await pushImage(registry, 'made/app', '1', withSecret(alpineImage()));
    await pushImage(registry, 'made/app', '2', plainImage);
    operator = await start();
  });
  after(async () => {
    await operator?.stop();
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop()]);
  });

  function start(leads: 0 | 1 = 1, ...args: readonly string[]): Promise<RunningOperator> {
    const database = ['--cache-dir', cache, '--skip-db-update', '--database-interval', '1s'];
    const own = ['--leader-elect', ...database, '--include-namespaces', 'shop,other', ...args];
    return startOperator({ kubeconfig, leads, args: own });
  }

  const deploy = (name: string, image: string, namespace = 'shop', replicas = 1) =>
    client.apply(deployments, {
      metadata: { name, namespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, ...podTemplate(`${registry.host}/made/${image}`, 'amd64') },
      },
    } as never);

  async function reports(namespace = 'shop'): Promise<VulnerabilityReport[]> {
    const found: VulnerabilityReport[] = [];
    for await (const one of client.list(vulnerabilityReports, { namespace })) found.push(one);
    return found;
  }

  const reportOf = (deployment: string, passes: (report: VulnerabilityReport) => boolean, namespace = 'shop') =>
    until(`the report of ${deployment}`, async () =>
      (await reports(namespace)).find(
        (one) => one.metadata.ownerReferences?.[0]?.name.startsWith(`${deployment}-`) && passes(one),
      ),
    );

  test('a new workload gets a report by the usual name, labels and owner', async () => {
    await deploy('web', 'app:1', 'shop', 2);
    const found = await reportOf('web', ({ report }) => report.summary !== undefined);
    assert.deepEqual(findings(found), alpineFindings);
    const { metadata, report } = found;
    const owner = metadata.ownerReferences![0]!;
    assert.equal(owner.kind, 'ReplicaSet');
    assert.equal(metadata.name, `replicaset-${owner.name}-main`);
    assert.equal(metadata.labels!['trivy-operator.resource.kind'], 'ReplicaSet');
    assert.equal(metadata.labels!['trivy-operator.resource.name'], owner.name);
    assert.equal(metadata.labels!['trivy-operator.resource.namespace'], 'shop');
    assert.equal(metadata.labels!['trivy-operator.container.name'], 'main');
    assert.match(metadata.labels!['resource-spec-hash']!, /^[0-9a-f]{10}$/);
    assert.deepEqual(report.registry, { server: registry.host });
    const { digest, ...artifact } = report.artifact;
    assert.match(digest!, /^sha256:/);
    assert.deepEqual(artifact, { repository: 'made/app', tag: '1', platform: 'linux/amd64' });
    const { criticalCount, highCount, mediumCount, lowCount, unknownCount } = report.summary!;
    assert.equal(criticalCount + highCount + mediumCount + lowCount + unknownCount, alpineFindings.length);
    assert.equal(report.pratique.scan.phase, 'Succeeded');
    assert.ok(report.vulnerabilities!.every(({ pratique: own }) => own.firstSeen && own.status));
  });

  test('secrets and the bill of materials under the same names', async () => {
    const { metadata } = await reportOf('web', () => true);
    const place = { namespace: 'shop' };
    const secrets = await client.get(exposedSecretReports, metadata.name!, place);
    assert.deepEqual(secrets.report.summary, { criticalCount: 1, highCount: 0, mediumCount: 0, lowCount: 0 });
    const [secret] = secrets.report.secrets!;
    assert.equal(secret!.target, '/app/.env');
    assert.equal(secret!.ruleID, 'github-pat');
    assert.ok(!JSON.stringify(secrets).includes(madeSecret));
    const sbom = await client.get(sbomReports, metadata.name!, place);
    assert.equal(sbom.report.summary!.componentsCount, sbom.report.components!.components!.length);
    const names = sbom.report.components!.components!.map(({ name }) => name);
    for (const name of ['zlib', 'busybox', 'made-parser']) assert.ok(names.includes(name), name);
    for (const one of [secrets, sbom]) {
      assert.deepEqual(one.metadata.ownerReferences, metadata.ownerReferences);
      assert.deepEqual(one.metadata.labels, metadata.labels);
    }
  });

  test('the cluster itself: a bill of materials, and the vulnerabilities of Kubernetes', async () => {
    const bill = await until('the bill of the cluster', () => first(client, clusterSbomReports));
    assert.equal(bill.metadata.labels!['trivy-operator.aquasecurity.github.io/sbom-type'], 'kbom');
    assert.equal(bill.report.artifact.repository, 'kubernetes');
    const names = bill.report.components!.components!.map(({ name }) => name);
    for (const name of ['amd-node', 'k8s.io/kubelet']) assert.ok(names.includes(name), names.join());
    const found = await until('the vulnerabilities of the cluster', () => first(client, clusterVulnerabilityReports));
    assert.deepEqual(findings(found), ['CVE-2099-0005 k8s.io/kubelet']);
  });

  test('more workloads of the same image: no further scan', async () => {
    const scans = await operator!.metric('pratique_operator_scans_total');
    for (const name of ['a', 'b', 'c']) await deploy(name, 'app:1', 'other');
    for (const name of ['a', 'b', 'c'])
      assert.deepEqual(
        findings(await reportOf(name, ({ report }) => report.summary !== undefined, 'other')),
        alpineFindings,
      );
    assert.equal(await operator!.metric('pratique_operator_scans_total'), scans);
  });

  test('the digest, once the container runtime tells it, is that of the scan', async () => {
    const scans = await operator!.metric('pratique_operator_scans_total');
    const { report } = await reportOf('web', () => true);
    for await (const pod of client.list(pods, { labelSelector: 'app in (web,a,b,c)' }))
      await run(pod, report.artifact.digest!);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(await operator!.metric('pratique_operator_scans_total'), scans);
    assert.equal((await reports('shop')).length, 1);
  });

  async function run({ metadata, status }: Pod, digest: string): Promise<void> {
    const containerStatuses = status!.containerStatuses!.map((one) => ({
      ...one,
      imageID: `${registry.host}/made/app@${digest}`,
    }));
    const options = { namespace: metadata.namespace!, subresource: 'status' };
    await client.patch(pods, metadata.name!, { type: 'merge', body: { status: { containerStatuses } } }, options);
  }

  test('a changed image: the report of the new revision', async () => {
    await deploy('web', 'app:2', 'shop', 2);
    const found = await reportOf('web', ({ report }) => report.summary !== undefined && report.artifact.tag === '2');
    assert.deepEqual(findings(found), plainFindings);
  });

  test('an image that is gone: a state that says so, and no counts', async () => {
    await deploy('missing', 'nothing:1');
    const { report } = await reportOf('missing', () => true);
    assert.equal(report.summary, undefined);
    assert.equal(report.scanner, undefined);
    const { scan } = report.pratique;
    assert.equal(scan.phase, 'Failed');
    assert.equal(scan.attempts, 1);
    assert.match(scan.message!, /not found/);
    assert.ok(Date.parse(scan.nextRetry!) > Date.now());
    assert.equal(await operator!.metric('pratique_operator_scan_failures_total'), 1);
  });

  test('a new process goes on without scanning again', async () => {
    const before = await versions();
    const ran = await operator!.stop();
    assert.equal(ran.code, 0, ran.log);
    operator = await start();
    await until('a full pass', async () =>
      (await operator!.metric('pratique_operator_scanned_digests')) > 0 ? true : undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(await operator.metric('pratique_operator_scans_total'), 0);
    assert.deepEqual(await versions(), before);
  });

  const versions = async (): Promise<string[]> =>
    [...(await reports('shop')), ...(await reports('other'))].map(
      ({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`,
    );

  test('a process killed in the middle: the next one does what is left', async () => {
    for (let i = 0; i < 12; i++) await deploy(`many-${i}`, i % 2 ? 'app:1' : 'app:2');
    await reportOf('many-0', () => true);
    await operator!.kill();
    operator = await start();
    for (let i = 0; i < 12; i++) {
      const found = await reportOf(`many-${i}`, ({ report }) => report.summary !== undefined);
      assert.deepEqual(findings(found), i % 2 ? alpineFindings : plainFindings);
    }
  });

  test('a new database: reports of it, findings first seen as before, nothing pulled', async () => {
    // The image that is gone is tried again now and then; what is read successfully counts.
    const scans = await read();
    const before = await reportOf('a', () => true, 'other');
    writeDatabase(cache, { age: 0.001 });
    const found = await reportOf(
      'a',
      ({ report }) => report.database?.updatedAt !== before.report.database!.updatedAt,
      'other',
    );
    assert.notEqual(found.report.updateTimestamp, before.report.updateTimestamp);
    assert.equal(found.metadata.managedFields, undefined, 'the API server need not keep who wrote what');
    assert.deepEqual(since(found), since(before));
    await until('all reports of it', async () =>
      (await operator!.metric('pratique_operator_scanned_digests')) > 1 ? true : undefined,
    );
    assert.equal(await read(), scans);
  });

  const read = (): Promise<number> => operator!.metric('pratique_operator_scans_total{result="success"}');

  test('a report that is deleted comes back', async () => {
    const { metadata } = await reportOf('b', () => true, 'other');
    await client.delete(vulnerabilityReports, metadata.name!, { namespace: 'other' });
    const found = await reportOf('b', (one) => one.metadata.uid !== metadata.uid, 'other');
    assert.deepEqual(findings(found), alpineFindings);
  });

  test('the columns that kubectl shows', { skip: noKubectl }, () => {
    const kubectl = (...args: readonly string[]): string[] =>
      execFileSync(kubectlPath, ['--kubeconfig', plane.kubeconfig, 'get', 'vulnerabilityreports', '-A', ...args], {
        encoding: 'utf8',
      }).split('\n');
    const [head, ...rows] = kubectl();
    assert.deepEqual(head!.split(/ {2,}/), ['NAMESPACE', 'NAME', 'REPOSITORY', 'TAG', 'SCANNER', 'AGE']);
    assert.ok(rows.some((row) => /^other +replicaset-a-\S+-main +made\/app +1 +Pratique /.test(row)));
    const [wide, ...wideRows] = kubectl('-o', 'wide');
    assert.match(wide!, / CRITICAL +HIGH +MEDIUM +LOW +UNKNOWN +SCAN +REASON$/);
    assert.ok(wideRows.some((row) => /^shop +replicaset-missing-\S+-main .* Failed +\S+\/\S+$/.test(row)));
  });

  test('of two replicas one works; the other takes over, in the namespaces it was given', async () => {
    const labels = { metadata: { labels: { team: 'small' } } };
    await client.patch(resources.namespaces, 'shop', { type: 'merge', body: labels });
    const second = await start(0, '--namespace-selector', 'team=small');
    try {
      const ran = await operator!.stop();
      operator = second;
      assert.equal(ran.code, 0, ran.log);
      await until('a new leader', async () =>
        (await second.metric('pratique_operator_leader')) === 1 ? true : undefined,
      );
      const { metadata } = await reportOf('b', () => true, 'other');
      await client.delete(vulnerabilityReports, metadata.name!, { namespace: 'other' });
      await deploy('late', 'app:1');
      const found = await reportOf('late', ({ report }) => report.summary !== undefined);
      assert.deepEqual(findings(found), alpineFindings);
      assert.ok((await reports('other')).every((one) => one.metadata.name !== metadata.name));
    } finally {
      if (operator !== second) await second.stop();
    }
  });
});

async function first<T extends KubernetesObject>(
  client: KubernetesClient,
  type: ResourceType<T>,
): Promise<T | undefined> {
  for await (const one of client.list(type)) return one;
  return undefined;
}

const findings = ({ report }: VulnerabilityReport): string[] =>
  (report.vulnerabilities ?? []).map((one) => `${one.vulnerabilityID} ${one.resource}`).sort();

const since = ({ report }: VulnerabilityReport): string[] =>
  report.vulnerabilities!.map((one) => one.pratique.firstSeen);

// A control plane with nodes and pods that kwok plays, the operator's manifest applied, and a log of what it asks for.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineResource, resources, vulnerabilityReports } from '../../dist/kubernetes/index.js';
import { makeNode } from '../../dist/test/fakes/cluster-objects.js';
import { kubectl } from '../../dist/test/fakes/cluster-tools.js';
import { startControlPlane } from '../../dist/test/fakes/control-plane.js';

const replicaSets = defineResource('apps/v1/replicasets', 'ReplicaSet');
const NAMESPACES = 10;

export async function startCluster({ nodes, pods }) {
  const folder = mkdtempSync(join(tmpdir(), 'pratique-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [policy, log] = [join(folder, 'audit.yaml'), join(folder, 'audit.log')];
  const account = 'system:serviceaccount:trivy-system:pratique-operator';
  const rules = [{ level: 'Metadata', users: [account], omitStages: ['RequestReceived'] }, { level: 'None' }];
  writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  const plane = await startControlPlane({
    kwok: true,
    flags: [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`],
  });
  const client = plane.client();
  const must = (...args) => {
    const { code, stdout, stderr } = kubectl(plane, args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  must('apply', '-f', 'deploy/static/pratique-operator.yaml');
  must('delete', 'deployment', '--all', '-n', 'trivy-system');
  const token = must('create', 'token', 'pratique-operator', '-n', 'trivy-system', '--duration=24h').trim();
  const operatorKubeconfig = join(plane.directory, 'operator.kubeconfig');
  const config = JSON.parse(readFileSync(plane.kubeconfig, 'utf8'));
  config.contexts = [{ name: 'o', context: { cluster: 'test', user: 'o', namespace: 'trivy-system' } }];
  config.users = [{ name: 'o', user: { token } }];
  writeFileSync(operatorKubeconfig, JSON.stringify({ ...config, 'current-context': 'o' }));

  async function* allReports() {
    yield* client.list(vulnerabilityReports, { pageSize: 50 });
  }
  const auditLines = () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);

  return {
    directory: plane.directory,
    operatorKubeconfig,
    /** ReplicaSets of each image, with their pods on the nodes, running, and told which digest they run. */
    async fill(images) {
      const names = Array.from({ length: NAMESPACES }, (_, i) => `team-${i}`);
      for (const name of names) await client.create(resources.namespaces, { metadata: { name } });
      await inParallel(Array.from({ length: nodes }, (_, i) => () => makeNode(client, `node-${i}`, 'amd64')));
      const owners = await inParallel(
        images.map((image, i) => () => client.create(replicaSets, replicaSet(image, names[i % NAMESPACES]))),
      );
      const places = Array.from({ length: pods }, (_, i) => ({
        i,
        image: images[i % images.length],
        owner: owners[i % images.length],
      }));
      await inParallel(places.map((place) => () => client.create(resources.pods, podOf({ ...place, nodes }))));
      await running(pods);
      await inParallel(
        places.map(
          ({ i, image, owner }) =>
            () =>
              tellDigest(i, image, owner.metadata.namespace),
        ),
      );
    },
    async reports() {
      let count = 0;
      for await (const _ of allReports()) count++;
      return count;
    },
    async findings() {
      let count = 0;
      for await (const { report } of allReports()) count += report.vulnerabilities?.length ?? 0;
      return count;
    },
    /** Reports written by the operator so far. */
    async writes() {
      return auditLines().filter(
        (line) => /"verb":"(?:create|update|patch)"/.test(line) && line.includes('vulnerabilityreports'),
      ).length;
    },
    /** Requests of the operator so far, or since then. */
    requests(since = { count: 0 }) {
      const lines = auditLines().slice(since.count);
      const kinds = {};
      for (const line of lines) {
        const { verb, objectRef } = JSON.parse(line);
        const kind = `${verb} ${objectRef?.resource ?? 'other'}`;
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
      return { count: lines.length, kinds };
    },
    async stop() {
      client.close();
      await plane.stop();
    },
  };

  async function running(count) {
    for (let tries = 0; tries < 600; tries++) {
      const text = must('get', 'pods', '-A', '--field-selector=status.phase=Running', '-o', 'name');
      if (text.trim().split('\n').length >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    throw new Error('the pods do not run');
  }

  async function tellDigest(i, image, namespace) {
    const name = `${image.name}-${i}`;
    const { status } = await client.get(resources.pods, name, { namespace });
    const containerStatuses = status.containerStatuses.map((one) => ({ ...one, imageID: image.digest }));
    await client.patch(
      resources.pods,
      name,
      { type: 'merge', body: { status: { containerStatuses } } },
      { namespace, subresource: 'status' },
    );
  }
}

const replicaSet = ({ name, reference }, namespace) => ({
  metadata: { name, namespace },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: reference }] } },
  },
});

/** About as large as pods are. */
function podOf({ i, image, owner, nodes }) {
  const env = Array.from({ length: 20 }, (_, n) => ({ name: `VARIABLE_${n}`, value: `value of the variable ${n}` }));
  return {
    metadata: {
      name: `${image.name}-${i}`,
      namespace: owner.metadata.namespace,
      labels: { app: image.name },
      annotations: { note: 'x'.repeat(1000) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: image.name, uid: owner.metadata.uid, controller: true },
      ],
    },
    spec: { nodeName: `node-${i % nodes}`, containers: [{ name: 'main', image: image.reference, env }] },
  };
}

/** Sixteen at a time; resolves with what they resolve with. */
async function inParallel(tasks) {
  const results = [];
  const queue = tasks.entries();
  const worker = async () => {
    for (const [i, task] of queue) results[i] = await task();
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return results;
}

/** Faults that only real servers have: an API server that restarts and forgets, images of other platforms, a closed registry. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { type KubernetesClient, resources, type VulnerabilityReport, vulnerabilityReports } from '#kubernetes';
import { alpineImage } from '../e2e/kit/images.js';
import { pushImage, pushIndex } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNamespace, makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { installOperator, type RunningOperator, startOperator } from '../fakes/operator-program.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const noHtpasswd = existsSync('/usr/bin/htpasswd') ? false : 'htpasswd is not installed';

suite('faults around the operator', { skip: noControlPlane || noRegistry, timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let closed: RealRegistry | undefined;
  let operator: RunningOperator | undefined;

  before(async () => {
    [plane, registry] = await Promise.all([
      startControlPlane({ controllers: true, kwok: true, users: ['operator'] }),
      realRegistry(),
    ]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    await makeNode(client, 'arm-node', 'arm64');
    await makeNamespace(client, 'shop');
    const kubeconfig = await installOperator(client, plane, at('kubeconfig'));
    await pushImage(registry, 'made/app', '1', alpineImage());
    const only = await pushImage(registry, 'made/arm', '1', alpineImage('3.23', { architecture: 'arm64' }));
    await pushIndex(registry, 'made/arm', 'only', [{ descriptor: only, architecture: 'arm64' }]);
    if (!noHtpasswd) {
      const users = at('htpasswd');
      execFileSync('htpasswd', ['-Bbc', users, 'puller', 'secret-word'], { stdio: 'ignore' });
      closed = await realRegistry({ htpasswd: users, user: 'puller:secret-word' });
      await pushImage(closed, 'made/private', '1', alpineImage());
    }
    operator = await startOperator({
      kubeconfig,
      args: [
        '--cache-dir',
        cache,
        '--skip-db-update',
        '--leader-elect',
        '--include-namespaces',
        'shop',
        '--report-kinds',
        'vulnerability',
      ],
    });
  });
  after(async () => {
    await operator?.stop();
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop(), closed?.stop()]);
  });

  const deploy = (name: string, image: string, architecture = 'amd64') =>
    client.apply(resources.deployments, {
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, ...podTemplate(image, architecture) },
      },
    } as never);

  const report = (name: string, passes: (one: VulnerabilityReport) => boolean) =>
    until(`the report of ${name}`, async () => {
      for await (const one of client.list(vulnerabilityReports, { namespace: 'shop' }))
        if (one.metadata.ownerReferences?.[0]?.name.startsWith(`${name}-`) && passes(one)) return one;
      return undefined;
    });
  const isDone = ({ report: body }: VulnerabilityReport): boolean => body.pratique.scan.phase === 'Succeeded';
  const hasReason = (reason: string) => (one: VulnerabilityReport) => one.report.pratique.scan.reason === reason;

  test('the API server restarts and has forgotten all versions: new workloads are seen, old reports stay', async () => {
    await deploy('first', `${registry.host}/made/app:1`);
    const before = await report('first', isDone);
    await plane.stopApiServer();
    await plane.compact();
    // Longer than a lease lasts: the operator ends or goes on, as its lease allows; a pod would be started again.
    await plane.startApiServer();
    await deploy('second', `${registry.host}/made/app:1`);
    await report('second', isDone);
    const after = await report('first', isDone);
    assert.equal(after.metadata.uid, before.metadata.uid);
    assert.equal(await operator!.metric('pratique_operator_scans_total'), 1);
  });

  test('an image for arm64 only: scanned where it runs on arm64; a reason of its own elsewhere', async () => {
    await deploy('arm', `${registry.host}/made/arm:only`, 'arm64');
    const { report: found } = await report('arm', isDone);
    assert.equal(found.artifact.platform, 'linux/arm64');
    assert.equal(found.vulnerabilities!.length, 4);
    await deploy('wrong', `${registry.host}/made/arm:only`, 'amd64');
    const { report: body } = await report('wrong', hasReason('registry/no-platform'));
    assert.equal(body.summary, undefined);
  });

  test(
    'a registry that wants credentials: refused, then with the pull secret of the pod',
    { skip: noHtpasswd },
    async () => {
      const image = `${closed!.host}/made/private:1`;
      await deploy('private', image);
      const refused = await report('private', hasReason('registry/unauthorized'));
      assert.ok(!JSON.stringify(refused).includes('secret-word'));
      const auths = { [closed!.host]: { username: 'puller', password: 'secret-word' } };
      await client.create(resources.secrets, {
        metadata: { name: 'pull', namespace: 'shop' },
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
      });
      await client.patch(
        resources.serviceAccounts,
        'default',
        {
          type: 'merge',
          body: { imagePullSecrets: [{ name: 'pull' }] },
        },
        { namespace: 'shop' },
      );
      // The right to read it is given in the namespace, as the manifest says.
      await client.request('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', {
        method: 'POST',
        body: {
          metadata: { name: 'pull-secrets' },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: 'pratique-operator-pull-secrets',
          },
          subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'operator' }],
        },
      });
      assert.equal((await report('private', isDone)).report.vulnerabilities!.length, 4);
    },
  );
});

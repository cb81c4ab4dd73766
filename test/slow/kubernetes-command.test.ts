/** The command `k8s` against a real control plane with nodes of two platforms and real registries. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { defineResource, type KubernetesClient, type Pod, resources } from '#kubernetes';
import { pushImage, pushIndex } from '../e2e/kit/push.js';
import { pratique, type Ran } from '../e2e/kit/program.js';
import { alpineFindings, alpineImage, plainImage } from '../e2e/kit/images.js';
import { without } from '../e2e/kit/tools.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNode, makeNamespace, type PodLike, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const { cronJobs, deployments, pods, secrets } = resources;
const roles = defineResource('rbac.authorization.k8s.io/v1/roles', 'Role');
const roleBindings = defineResource('rbac.authorization.k8s.io/v1/rolebindings', 'RoleBinding');

interface Row {
  readonly Namespace?: string;
  readonly Kind: string;
  readonly Name: string;
  readonly Error?: string;
  readonly Results?: readonly {
    readonly Target: string;
    readonly Vulnerabilities?: readonly { readonly VulnerabilityID: string; readonly PkgName: string }[];
  }[];
  readonly Pratique?: {
    readonly Image?: string;
    readonly Digest?: string;
    readonly Platform?: string;
    readonly Containers?: string[];
  };
}

interface ClusterJson {
  readonly ClusterName: string;
  readonly Resources?: readonly Row[];
  readonly Findings?: readonly Row[];
  readonly Pratique: { readonly Diagnostics?: readonly { readonly Code: string }[] };
}

const plainFindings = alpineFindings.filter((line) => line.endsWith('made-parser'));

const found = (row: Row | undefined): string[] =>
  (row?.Results ?? [])
    .flatMap((result) => result.Vulnerabilities ?? [])
    .map((one) => `${one.VulnerabilityID} ${one.PkgName}`)
    .sort();

suite('k8s', { skip: noControlPlane || noRegistry || without('htpasswd'), timeout: 300_000 }, () => {
  const { at, cache } = workplace();
  const offline = ['--cache-dir', cache, '--skip-db-update', '--qps', '0'];
  let plane: ControlPlane;
  let client: KubernetesClient;
  let open: RealRegistry;
  let closed: RealRegistry;
  let digest: string;

  const k8s = async (...args: readonly string[]): Promise<Ran> =>
    pratique(['k8s', ...offline, '--kubeconfig', plane.kubeconfig, ...args]);
  const json = async (...args: readonly string[]): Promise<ClusterJson> => {
    const ran = await k8s('--format', 'json', '--quiet', ...args);
    assert.equal(ran.code, 0, ran.stderr);
    return JSON.parse(ran.stdout) as ClusterJson;
  };

  before(async () => {
    [plane, open] = await Promise.all([
      startControlPlane({
        controllers: true,
        kwok: true,
        users: ['viewer', 'nobody'],
        // Image volumes are off by default before 1.35, policies that change objects before 1.36.
        flags: [
          '--feature-gates=ImageVolume=true,MutatingAdmissionPolicy=true',
          '--runtime-config=admissionregistration.k8s.io/v1beta1=true',
        ],
      }),
      realRegistry(),
    ]);
    const account = ['mallory', 'correct-horse-battery'] as const;
    writeFileSync(at('users'), execFileSync('htpasswd', ['-Bbn', ...account], { encoding: 'utf8' }));
    closed = await realRegistry({ htpasswd: at('users'), user: account.join(':') });
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    await makeNode(client, 'arm-node', 'arm64');
    for (const name of ['shop', 'private']) await makeNamespace(client, name);
    ({ digest } = await pushImage(open, 'made/app', '1', { ...alpineImage(), gzip: true }));
    const arm = await pushImage(open, 'made/arm', 'arm', { ...plainImage, config: { architecture: 'arm64' } });
    await pushIndex(open, 'made/arm', '1', [{ descriptor: arm, architecture: 'arm64' }]);
    await pushImage(open, 'made/debug', '1', plainImage);
    await pushImage(closed, 'made/good', '1', alpineImage());
    await pushImage(closed, 'made/wrong', '1', plainImage);
    await fill();
    // Another image under the tag that runs: what runs counts.
    await pushImage(open, 'made/app', '1', plainImage);
  });
  after(async () => {
    client?.close();
    await Promise.all([plane?.stop(), open?.stop(), closed?.stop()]);
  });

  async function fill(): Promise<void> {
    const app = `${open.host}/made/app:1`;
    const deployment = (name: string, template: PodLike, replicas = 1) =>
      client.create(deployments, {
        metadata: { name, namespace: 'shop' },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, ...template },
        },
      } as never);
    await deployment('web', podTemplate(app, 'amd64'), 2);
    await deployment('missing', podTemplate(`${open.host}/made/nothing:1`, 'amd64'));
    await client.create(cronJobs, {
      metadata: { name: 'nightly', namespace: 'shop' },
      spec: {
        schedule: '0 0 1 1 *',
        jobTemplate: {
          spec: { template: { spec: { ...podTemplate(`${open.host}/made/debug:1`).spec, restartPolicy: 'Never' } } },
        },
      },
    } as never);
    await client.create(pods, {
      metadata: { name: 'arm', namespace: 'shop' },
      ...podTemplate(`${open.host}/made/arm:1`, 'arm64'),
    } as Pod);
    for (const [name, password] of [
      ['good', 'correct-horse-battery'],
      ['wrong', 'other'],
    ] as const) {
      const auths = { [closed.host]: { username: 'mallory', password } };
      const content = Buffer.from(JSON.stringify({ auths })).toString('base64');
      await client.create(secrets, {
        metadata: { name, namespace: 'private' },
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': content },
      });
      const template = podTemplate(`${closed.host}/made/${name}:1`, 'amd64');
      await client.create(pods, {
        metadata: { name, namespace: 'private' },
        spec: { ...template.spec, imagePullSecrets: [{ name }] },
      });
    }
    const running = await until('pods that run', async () => {
      const all: Pod[] = [];
      for await (const pod of client.list(pods, { namespace: 'shop' })) all.push(pod);
      const living = all.filter(({ status }) => status?.phase === 'Running');
      return living.length >= 4 ? living : undefined;
    });
    const web = running.filter(({ metadata }) => metadata.labels?.['app'] === 'web');
    for (const { metadata, status } of web) {
      const containerStatuses = status!.containerStatuses!.map((one) => ({
        ...one,
        imageID: `${open.host}/made/app@${digest}`,
      }));
      const options = { namespace: 'shop', subresource: 'status' };
      await client.patch(pods, metadata.name!, { type: 'merge', body: { status: { containerStatuses } } }, options);
    }
    const debug = { name: 'debug', image: `${open.host}/made/debug:1`, targetContainerName: 'main' };
    await client.patch(
      pods,
      web[0]!.metadata.name!,
      { type: 'strategic', body: { spec: { ephemeralContainers: [debug] } } },
      { namespace: 'shop', subresource: 'ephemeralcontainers' },
    );
  }

  test('--report all --format json: what runs, by digest and platform, each image of each workload', async () => {
    const report = await json('--report', 'all', '--include-namespaces', 'shop,private');
    assert.equal(report.ClusterName, 'test');
    const rows = report.Resources!.map(
      (row) => `${row.Namespace} ${row.Kind}/${row.Name} ${row.Pratique?.Image?.replace(/^[^/]*/, '')}`,
    );
    assert.deepEqual(rows, [
      'private Pod/good /made/good:1',
      'private Pod/wrong /made/wrong:1',
      'shop CronJob/nightly /made/debug:1',
      'shop Deployment/missing /made/nothing:1',
      'shop Deployment/web /made/app:1',
      'shop Deployment/web /made/debug:1',
      'shop Pod/arm /made/arm:1',
    ]);
    const [good, wrong, nightly, missing, web, debug, arm] = report.Resources!;
    assert.deepEqual(found(web), alpineFindings);
    assert.equal(web!.Pratique!.Digest, digest);
    assert.equal(web!.Pratique!.Platform, 'linux/amd64');
    assert.match(web!.Results![0]!.Target, new RegExp(`^${open.host}/made/app:1 \\(alpine `));
    assert.deepEqual(found(debug), plainFindings);
    assert.deepEqual(debug!.Pratique!.Containers, ['debug']);
    assert.deepEqual(found(arm), plainFindings);
    assert.equal(arm!.Pratique!.Platform, 'linux/arm64');
    assert.deepEqual(found(nightly), plainFindings);
    assert.deepEqual(found(good), alpineFindings);
    assert.match(wrong!.Error!, /asks for other credentials/);
    assert.match(missing!.Error!, /not found/);
    assert.deepEqual(
      report.Pratique.Diagnostics!.map(({ Code }) => Code),
      ['kubernetes/no-misconfig', 'kubernetes/no-rbac', 'kubernetes/no-components'],
    );
  });

  test('init containers, sidecars and image volumes, each image once', async () => {
    const [app, debug, other] = ['app', 'debug', 'other'].map((name) => `${open.host}/made/${name}:1`) as [
      string,
      ...string[],
    ];
    await pushImage(open, 'made/other', '1', plainImage);
    await makeNamespace(client, 'mixed');
    await client.create(pods, {
      metadata: { name: 'all', namespace: 'mixed' },
      spec: {
        nodeSelector: { 'kubernetes.io/arch': 'amd64' },
        containers: [{ name: 'main', image: app }],
        initContainers: [
          { name: 'setup', image: debug },
          { name: 'proxy', image: debug, restartPolicy: 'Always' },
        ],
        volumes: [{ name: 'data', image: { reference: other } }],
      },
    } as Pod);
    const ran = await k8s('--format', 'json', '--include-namespaces', 'mixed');
    const { Resources } = JSON.parse(ran.stdout) as ClusterJson;
    assert.deepEqual(
      Resources!.map(({ Pratique }) => [Pratique!.Image, Pratique!.Containers]),
      [
        [debug, ['setup', 'proxy']],
        [app, ['main']],
        [other, ['data']],
      ],
    );
    assert.ok(Resources!.every((row) => row.Error === undefined && found(row).length > 0));
    assert.match(ran.stderr, /Scanning the images of the cluster\s+images=3$/m);
  });

  test('a container that the cluster puts into pods counts, though no template has it', async () => {
    await makeNamespace(client, 'meshed');
    const group = 'admissionregistration.k8s.io/v1beta1';
    const policies = defineResource(`${group}/mutatingadmissionpolicies`, 'MutatingAdmissionPolicy', 'cluster');
    const bindings = defineResource(
      `${group}/mutatingadmissionpolicybindings`,
      'MutatingAdmissionPolicyBinding',
      'cluster',
    );
    const container = `Object.spec.containers{name: "injected", image: "${open.host}/made/debug:1"}`;
    await client.create(policies, {
      metadata: { name: 'mesh' },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'meshed' } },
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: { expression: `Object{spec: Object.spec{containers: [${container}]}}` },
          },
        ],
      },
    } as never);
    await client.create(bindings, { metadata: { name: 'mesh' }, spec: { policyName: 'mesh' } } as never);
    // Policies take a moment to be in force.
    await until('a pod that was changed', async () => {
      const spec = podTemplate(`${open.host}/made/app:1`, 'amd64').spec;
      const probe = { metadata: { generateName: 'probe-', namespace: 'meshed' }, spec } as Pod;
      return (await client.create(pods, probe, { dryRun: true })).spec!.containers!.length > 1 || undefined;
    });
    await client.create(deployments, {
      metadata: { name: 'app', namespace: 'meshed' },
      spec: {
        selector: { matchLabels: { app: 'app' } },
        template: { metadata: { labels: { app: 'app' } }, ...podTemplate(`${open.host}/made/app:1`, 'amd64') },
      },
    } as never);
    const { Resources } = await until('its pod', async () => {
      const report = await json('--include-namespaces', 'meshed');
      return report.Resources!.length > 1 ? report : undefined;
    });
    assert.deepEqual(
      Resources!.map(({ Kind, Name, Pratique }) => [`${Kind}/${Name}`, Pratique!.Containers]),
      [
        ['Deployment/app', ['main']],
        ['Deployment/app', ['injected']],
      ],
    );
  });

  test('--report summary: a row for each workload, with what failed', async () => {
    const ran = await k8s('--report', 'summary', '--exclude-namespaces', 'kube-*,default,mixed,meshed');
    assert.equal(ran.code, 0, ran.stderr);
    const lines = ran.stdout.split('\n').filter((line) => /│ (shop|private) /.test(line));
    const cells = lines.map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    assert.deepEqual(
      cells.map(([namespace, resource]) => `${namespace} ${resource}`),
      [
        'shop CronJob/nightly',
        'shop Deployment/missing (!)',
        'shop Deployment/web',
        'shop Pod/arm',
        'private Pod/good',
        'private Pod/wrong (!)',
      ],
    );
    assert.equal(cells[1]![2], '-');
    const counts = cells[2]!.slice(2, 7).map(Number);
    assert.equal(
      counts.reduce((a, b) => a + b),
      alpineFindings.length + plainFindings.length,
    );
    assert.match(ran.stdout, /shop\/Deployment\/missing: \S+: .*not found/);
    assert.match(ran.stdout, /misconfiguration checks are not available yet/);
    assert.match(ran.stderr, /RBAC checks are not available yet/);
  });

  test('the default for tables is the summary; all shows each finding', async () => {
    const summary = await k8s('--include-namespaces', 'shop');
    assert.match(summary.stdout, /Workload Assessment/);
    const all = await k8s('--include-namespaces', 'shop', '--report', 'all', '--scanners', 'vuln');
    assert.match(all.stdout, /namespace: shop, deployment: web/);
    assert.match(all.stdout, /CVE-2099-0001/);
    assert.doesNotMatch(all.stdout, /Summary/);
  });

  test('a policy in Rego', async () => {
    writeFileSync(at('zlib.rego'), 'package trivy\nignore { input.PkgName == "zlib" }');
    const only = ['--include-namespaces', 'shop', '--report', 'all', '--include-kinds', 'deploy'];
    const report = await json(...only, '--ignore-policy', at('zlib.rego'));
    const web = report.Resources!.find(({ Name, Pratique }) => Name === 'web' && Pratique?.Image?.endsWith('app:1'));
    assert.deepEqual(
      found(web),
      alpineFindings.filter((line) => !line.endsWith('zlib')),
    );
    writeFileSync(at('broken.rego'), 'package trivy\nignore {');
    const broken = await k8s(...only, '--format', 'json', '--ignore-policy', at('broken.rego'));
    assert.match(broken.stdout + broken.stderr, /broken\.rego: line 2, column 9: a term is expected/);
  });

  test('kinds, owned objects, skipped images, exit codes', async () => {
    const pods = await json('--include-namespaces', 'shop', '--include-kinds', 'po');
    assert.equal(pods.Resources!.filter(({ Kind }) => Kind !== 'Pod').length, 0);
    assert.equal(new Set(pods.Resources!.map(({ Name }) => Name)).size, 4);
    const free = await json('--include-namespaces', 'shop', '--include-kinds', 'pods', '--exclude-owned');
    assert.deepEqual(
      free.Resources!.map(({ Name }) => Name),
      ['arm'],
    );
    const skipped = await json('--include-namespaces', 'shop', '--skip-images');
    assert.ok(skipped.Resources!.every(({ Results, Error }) => !Results && !Error));
    assert.equal((await k8s('--include-namespaces', 'shop', '--exit-code', '7')).code, 7);
    assert.equal(
      (await k8s('--include-namespaces', 'shop', '--include-kinds', 'cj', '--incomplete-exit-code', '8')).code,
      0,
    );
    assert.equal((await k8s('--include-namespaces', 'shop', '--incomplete-exit-code', '8')).code, 8);
    const misspelt = await json('--include-namespaces', 'shop,shoop', '--include-kinds', 'cj');
    assert.deepEqual(
      misspelt.Resources!.filter(({ Error }) => Error).map(({ Name, Kind }) => `${Kind}/${Name}`),
      ['Namespace/shoop'],
    );
  });

  test('--format cyclonedx: the cluster as a bill of materials', async () => {
    const ran = await k8s('--format', 'cyclonedx', '--include-namespaces', 'shop');
    assert.equal(ran.code, 0, ran.stderr);
    const { metadata, components } = JSON.parse(ran.stdout) as {
      metadata: { component: { name: string; version: string } };
      components: { type: string; name: string; version?: string }[];
    };
    assert.equal(metadata.component.name, 'k8s.io/kubernetes');
    assert.match(metadata.component.version, /^1\./);
    const web = components.find(({ name }) => name === `${open.host}/made/app`);
    assert.deepEqual([web?.type, web?.version], ['container', digest]);
    assert.equal(components.filter(({ type, name }) => type === 'platform' && name.endsWith('-node')).length, 2);
  });

  test('what may not be seen is a row; seeing nothing is an error', async () => {
    const rule = { apiGroups: ['', 'apps', 'batch'], resources: ['*'], verbs: ['get', 'list'] };
    await client.create(roles, { metadata: { name: 'view', namespace: 'shop' }, rules: [rule] } as never);
    await client.create(roleBindings, {
      metadata: { name: 'view', namespace: 'shop' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'view' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'viewer' }],
    } as never);
    const report = await json('viewer', '--include-namespaces', 'shop,private', '--report', 'summary');
    const rows = report.Findings!;
    assert.deepEqual(found(rows.find(({ Name }) => Name === 'nightly')), plainFindings);
    assert.deepEqual(found(rows.find(({ Name }) => Name === 'arm')), plainFindings);
    const refused = rows.filter(({ Namespace }) => Namespace === 'private');
    assert.equal(refused.length, 8);
    assert.ok(refused.every(({ Name, Error }) => Name === '*' && /forbidden/.test(Error ?? '')));

    const nobody = await k8s('nobody', '--include-namespaces', 'shop');
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /forbidden/);
    const unknown = await k8s('no-such-context');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no context no-such-context \(there are: admin, viewer, nobody\)/);
  });
});

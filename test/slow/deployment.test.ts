/**
 * What clusters are given: the Helm chart, the static manifests and the Kustomize bases, rendered by helm and kubectl and
 * applied to a real API server, which knows the schema of each object.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { loadAll } from 'js-yaml';
import type { KubernetesObject, PodSpec } from '#kubernetes';
import { pratique } from '../e2e/kit/program.js';
import { workplace } from '../e2e/kit/workplace.js';
import { helm, kubectl, noHelm, noKubectl, projectRoot, type ToolRun } from '../fakes/cluster-tools.js';
import { until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';

interface Templated {
  readonly template: { readonly spec: PodSpec };
}

const chart = 'deploy/helm/pratique';
const models = join(projectRoot, '.cache/kubernetes-models/node_modules/@kubernetes-models');
const noModels = existsSync(models) ? false : 'the types of other operators are not in .cache/kubernetes-models';

/** Everything that can be switched on, and a value in every list. */
const everything = {
  labels: { team: 'security' },
  image: { registry: 'registry.example.org', repository: 'tools/pratique', digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'pull' }],
  namespace: { create: true },
  proxy: { https: 'http://proxy.example.org:3128', except: '10.0.0.0/8,.svc' },
  certificateAuthorities: { configMap: 'authorities' },
  registryCredentials: { secret: 'registries' },
  operator: {
    replicas: 2,
    options: {
      'scan-workers': 4,
      'leader-elect': true,
      severity: ['HIGH', 'CRITICAL'],
      'ignore-unfixed': true,
      'report-size': 1_000_000,
      'exclude-namespaces': ['kube-*', 'test'],
      'scan-timeout': '5m',
    },
    workers: {
      replicas: 3,
      serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/w' } },
    },
    pullSecrets: { namespaces: ['shop'] },
    service: { enabled: true },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true },
    podDisruptionBudget: { enabled: true },
    networkPolicy: {
      enabled: true,
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
    },
    cache: { size: '20Gi', persistence: { enabled: true, storageClass: 'fast', accessMode: 'ReadWriteMany' } },
    extraEnv: [{ name: 'PRATIQUE_USERNAME', valueFrom: { secretKeyRef: { name: 'account', key: 'user' } } }],
    envFrom: [{ secretRef: { name: 'account' } }],
    extraVolumes: [{ name: 'policy', configMap: { name: 'policy' } }],
    extraVolumeMounts: [{ name: 'policy', mountPath: '/etc/policy' }],
    serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/pull' } },
    podAnnotations: { 'prometheus.io/scrape': 'false' },
    podLabels: { 'app.kubernetes.io/part-of': 'platform' },
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
    priorityClassName: 'system-cluster-critical',
  },
  webhook: {
    enabled: true,
    options: { platforms: ['linux/amd64', 'linux/arm64'], 'ignore-reports': true, 'rescan-after': '6h' },
    policy: { mode: 'enforce', vulnerabilities: { severities: ['CRITICAL'] } },
    certificate: { from: 'cert-manager' },
    hostNetwork: true,
    serviceMonitor: { enabled: true },
    networkPolicy: { enabled: true },
    cache: { persistence: { enabled: true, accessMode: 'ReadWriteMany' } },
  },
};

suite('deployment', { skip: noControlPlane || noKubectl || noHelm, timeout: 300_000 }, () => {
  const { at } = workplace();
  let plane: ControlPlane;

  before(async () => {
    plane = await startControlPlane({ controllers: true, users: ['viewer'] });
    for (const name of ['trivy-system', 'pratique-system', 'shop', 'pay']) done(['create', 'namespace', name]);
  });
  after(() => plane?.stop());

  /** kubectl, when it has to work. */
  function done(args: readonly string[], input?: string): string {
    const ran = kubectl(plane, args, input);
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout;
  }
  const dryRun = (input: string, ...args: readonly string[]): string =>
    done(['apply', '--dry-run=server', '--server-side', '--validate=strict', ...args, '-f', '-'], input);

  function template(values: object, ...args: readonly string[]): ToolRun {
    const file = at('values.json');
    writeFileSync(file, JSON.stringify(values));
    const fixed = ['--namespace', 'trivy-system', '--kube-version', '1.34.0', '--values', file];
    return helm('template', 'pratique', chart, ...fixed, ...args);
  }
  function rendered(values: object): KubernetesObject[] {
    const { code, stdout, stderr } = template(values);
    assert.equal(code, 0, stderr);
    return loadAll(stdout).filter(Boolean) as KubernetesObject[];
  }
  const yaml = (objects: readonly KubernetesObject[]): string =>
    objects.map((one) => JSON.stringify(one)).join('\n---\n');
  const foreign = ({ apiVersion = '' }: KubernetesObject): boolean => /monitoring|cert-manager/.test(apiVersion);

  test('the chart has nothing to complain about', () => {
    const ran = helm('lint', '--strict', '--kube-version', '1.34.0', chart);
    assert.equal(ran.code, 0, ran.stdout);
    assert.doesNotMatch(ran.stdout, /WARNING|ERROR/);
  });

  for (const [what, values] of Object.entries({
    'its defaults': {},
    'everything switched on': everything,
    'named namespaces': { operator: { options: { 'include-namespaces': ['shop', 'pay'] } } },
    'the webhook with a Secret': {
      webhook: {
        enabled: true,
        certificate: { from: 'secret', secret: 'tls', authority: '-----BEGIN CERTIFICATE-----' },
      },
    },
    'no rights and accounts of its own': {
      rbac: { create: false },
      crds: { install: false },
      operator: { serviceAccount: { create: false, name: 'mine' } },
      webhook: { enabled: true, serviceAccount: { create: false } },
    },
  }))
    test(`the API server accepts the chart with ${what}`, () => {
      const objects = rendered(values);
      const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
      assert.equal(new Set(names).size, names.length, 'an object twice');
      const applied = dryRun(yaml(objects.filter((one) => !foreign(one))))
        .trim()
        .split('\n');
      assert.equal(applied.length, objects.filter((one) => !foreign(one)).length);
    });

  test('objects of other operators are what their types say', { skip: noModels }, async () => {
    const objects = rendered(everything).filter(foreign);
    assert.deepEqual(objects.map(({ kind }) => kind).sort(), [
      'Certificate',
      'Issuer',
      'PrometheusRule',
      'ServiceMonitor',
      'ServiceMonitor',
    ]);
    for (const object of objects) {
      const [group, version] = object.apiVersion!.split('/');
      const library = group === 'cert-manager.io' ? 'cert-manager' : 'prometheus-operator';
      const types = (await import(join(models, library, group!, version!, 'index.js'))) as Record<
        string,
        new (one: unknown) => { validate(): void }
      >;
      new types[object.kind!]!(object).validate();
    }
  });

  test('pods pass the restricted Pod Security Standard', () => {
    for (const [name, namespace] of [
      ['operator', 'trivy-system'],
      ['webhook', 'pratique-system'],
    ] as const) {
      done(['label', 'namespace', namespace, 'pod-security.kubernetes.io/warn=restricted']);
      const ran = kubectl(plane, ['apply', '--dry-run=server', '-f', `deploy/static/pratique-${name}.yaml`]);
      assert.equal(ran.code, 0, ran.stderr);
      assert.doesNotMatch(ran.stderr, /PodSecurity/);
      const other = ['create', 'deployment', 'other', '--image=x', '--dry-run=server', '--namespace', namespace];
      assert.match(kubectl(plane, other).stderr, /would violate PodSecurity/);
    }
  });

  test('the static manifests and the Kustomize bases are renderings of the chart', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['scripts/manifests.mjs', '--check'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout, /no helm/);
  });

  for (const base of ['', '/crds', '/operator', '/webhook'])
    test(`the Kustomize base deploy/kustomize${base} renders and is accepted`, () => {
      const built = done(['kustomize', `deploy/kustomize${base}`]);
      assert.ok(loadAll(built).length >= 3);
      dryRun(built);
    });

  test('a kustomization of both bases chooses namespace and image', () => {
    const folder = at('overlay');
    mkdirSync(folder);
    spawnSync('cp', ['-r', join(projectRoot, 'deploy/kustomize'), join(folder, 'bases')]);
    const kustomization = {
      namespace: 'shop',
      resources: ['bases/crds', 'bases/operator', 'bases/webhook'],
      images: [{ name: 'pratique', newName: 'registry.example.org/pratique', newTag: '9' }],
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    const built = done(['kustomize', folder]);
    dryRun(built);
    assert.doesNotMatch(built, /namespace: (?:trivy|pratique)-system|image: pratique:/);
    assert.equal(built.match(/image: registry\.example\.org\/pratique:9/g)?.length, 2);
  });

  test('values that do not exist or have another type are refused by name', () => {
    for (const [values, complaint] of [
      [{ operator: { replica: 2 } }, /replica/],
      [{ operator: { replicas: 'two' } }, /operator[./]replicas/],
      [{ operator: { options: { 'scan-worker': 2 } } }, /scan-worker/],
      [{ operator: { options: { severity: ['SEVERE'] } } }, /severity/],
      [{ operator: { options: { 'scan-timeout': '5 minutes' } } }, /scan-timeout/],
      [{ operator: { options: { password: 'x' } } }, /password/],
      [{ webhook: { options: { 'redis-password': 'x' } } }, /redis-password/],
      [{ image: { digest: 'sha256:12' } }, /image[./]digest/],
      [{ webhook: { enforce: { failurePolicy: 'fail' } } }, /failurePolicy/],
      [{ webhook: { watch: { timeoutSeconds: 31 } } }, /timeoutSeconds/],
      [{ webhook: { enabled: true, certificate: { from: 'secret' } } }, /webhook\.certificate\.secret must name/],
      [{ operator: { replicas: 2, options: { 'leader-elect': false } } }, /operator\.replicas: .*leader-elect/],
      [
        { operator: { replicas: 2, cache: { persistence: { enabled: true } } } },
        /operator\.cache\.persistence: .*Many/,
      ],
      [{ crd: {} }, /crd/],
    ] as const) {
      const { code, stderr } = template(values);
      assert.notEqual(code, 0, JSON.stringify(values));
      assert.match(stderr, complaint);
    }
  });

  test('the program knows the arguments that it is given', async () => {
    const seen = [];
    for (const values of [{}, { webhook: { enabled: true } }, everything])
      for (const { kind, spec } of rendered(values) as (KubernetesObject & { spec: Templated })[]) {
        if (kind !== 'Deployment') continue;
        const [{ args = [] } = {}] = spec.template.spec.containers as readonly { args?: readonly string[] }[];
        const none = ['--kubeconfig', at('none'), '--cacert='];
        const ran = await pratique([...args.filter((one) => !one.startsWith('--cacert=')), ...none]);
        assert.equal(ran.code, 1);
        assert.match(ran.stderr, /kubeconfig|No such file|no such file/i);
        assert.doesNotMatch(ran.stderr, /option|argument/);
        seen.push(args[0]);
      }
    assert.deepEqual(seen, ['operator', 'operator', 'webhook', 'operator', 'operator', 'webhook']);
  });

  test('rights: no Secret can be read but where it is said', () => {
    const may = (verb: string, what: string, namespace: string): boolean => {
      const account = '--as=system:serviceaccount:trivy-system:pratique-operator';
      return kubectl(plane, ['auth', 'can-i', verb, what, '-n', namespace, account]).stdout.trim() === 'yes';
    };
    done(['apply', '--server-side', '-f', '-'], yaml(rendered({})));
    assert.ok(may('list', 'pods', 'shop'));
    assert.ok(may('create', 'vulnerabilityreports.aquasecurity.github.io', 'shop'));
    for (const namespace of ['shop', 'trivy-system', 'kube-system']) {
      assert.ok(!may('get', 'secrets', namespace));
      assert.ok(!may('create', 'pods', namespace));
      assert.ok(!may('list', 'configmaps', namespace));
    }
    done(['delete', 'clusterrolebinding,clusterrole', '-l', 'app.kubernetes.io/instance=pratique']);
    const few = { operator: { options: { 'include-namespaces': ['shop'] }, pullSecrets: { namespaces: ['shop'] } } };
    done(['apply', '--server-side', '-f', '-'], yaml(rendered(few)));
    assert.ok(may('list', 'pods', 'shop'));
    assert.ok(may('get', 'secrets', 'shop'));
    for (const what of ['pods', 'secrets', 'vulnerabilityreports.aquasecurity.github.io'])
      assert.ok(!may('list', what, 'pay') && !may('get', what, 'pay'), what);
    assert.ok(may('list', 'nodes', 'pay'));
  });

  test('whoever may view a namespace may view its reports', async () => {
    done(['create', 'rolebinding', 'viewer', '-n', 'shop', '--clusterrole=view', '--user=viewer']);
    const may = (namespace: string, what = 'vulnerabilityreports'): boolean =>
      kubectl(plane, ['auth', 'can-i', 'list', what, '-n', namespace, '--as=viewer']).code === 0;
    await until('the right of viewers', async () => may('shop') || undefined);
    assert.ok(may('shop', 'sbomreports'));
    assert.ok(!may('shop', 'exposedsecretreports') && !may('pay'));
  });

  test('a release that is removed leaves the definitions, and with them the reports', () => {
    const definitions = rendered({}).filter(({ kind }) => kind === 'CustomResourceDefinition');
    assert.ok(definitions.length >= 3);
    for (const { metadata } of definitions) assert.equal(metadata.annotations?.['helm.sh/resource-policy'], 'keep');
    const kubeconfig = ['--kubeconfig', plane.kubeconfig, '--namespace', 'pay'];
    // A second one in the cluster, whose name gives other names to what belongs to no namespace.
    const install = helm('install', 'second', chart, ...kubeconfig, '--set', 'crds.install=false');
    assert.equal(install.code, 0, install.stderr);
    assert.match(install.stdout, /kubectl get vulnerabilityreports/);
    const more = ['--set', 'crds.install=false,webhook.enabled=true,webhook.watch.enabled=false'];
    const upgrade = helm('upgrade', 'second', chart, ...kubeconfig, ...more);
    assert.equal(upgrade.code, 0, upgrade.stderr);
    assert.match(done(['get', 'deployments', '-n', 'pay', '-o', 'name']), /second-pratique-webhook/);
    assert.equal(helm('uninstall', 'second', ...kubeconfig).code, 0);
    assert.equal(done(['get', 'deployments', '-n', 'pay', '-o', 'name']), '');
    done(['get', 'vulnerabilityreports', '-A']);
  });
});

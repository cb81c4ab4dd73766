// Writes what is made for Kubernetes: the values of the Helm chart from scripts/chart, and from the chart, by helm, the
// manifests in deploy/static and deploy/kustomize. Usage: node scripts/manifests.mjs [--check]
// With --check it writes nothing and fails when something is out of date. helm is that of the variable HELM, of
// .cache/helm or of PATH; without one, manifests are left as they are.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { optionValues } from './chart/options.mjs';
import { chartValues } from './chart/values.mjs';
import { chartReadme, valuesYaml } from './chart/write-values.mjs';
import { generated, root } from './generated.mjs';

const { write, finish } = generated('node scripts/manifests.mjs');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const chart = 'deploy/helm/pratique';
const made = '# Made by scripts/manifests.mjs; do not edit.\n';

const schema = chartValues(await optionValues());
const head = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Values of the chart pratique' };
// Helm hands every chart `global`.
const properties = { ...schema.properties, global: { type: 'object' } };
write(`${chart}/values.schema.json`, `${JSON.stringify({ ...head, ...schema, properties }, null, 2)}\n`);
write(`${chart}/values.yaml`, `${made}\n${valuesYaml(schema)}`);
write(`${chart}/README.md`, chartReadme(schema));
write(
  `${chart}/Chart.yaml`,
  made +
    dump({
      apiVersion: 'v2',
      name: 'pratique',
      description: 'Finds vulnerable images that run in a cluster, and keeps others from running',
      type: 'application',
      version,
      appVersion: version,
      kubeVersion: '>=1.25.0-0',
      keywords: ['security', 'vulnerabilities', 'admission'],
    }),
);

const crdMarker = '# ---- custom resource definitions ----\n';
const manifests = [
  {
    name: 'operator',
    namespace: 'trivy-system',
    values: [],
    about: `# The operator: keeps reports of each image that runs: vulnerabilities, secrets, bills of materials.
#   kubectl apply -f pratique-operator.yaml
#   kubectl wait --for=condition=Ready pod -l app.kubernetes.io/name=trivy-operator -n trivy-system
#   kubectl get vulnerabilityreports -A -o wide
# The image is the one that deploy/Containerfile makes: push it where your nodes can get it, and name it below.
# Private images: the operator may read no secrets. Where a namespace's pull secrets are needed, bind it the ClusterRole
# pratique-operator-pull-secrets there:
#   kubectl create rolebinding pratique-operator -n NAMESPACE --clusterrole pratique-operator-pull-secrets \\
#     --serviceaccount trivy-system:pratique-operator
`,
  },
  {
    name: 'webhook',
    namespace: 'pratique-system',
    values: ['operator.enabled=false', 'webhook.enabled=true'],
    about: `# The admission webhook: two replicas, least rights, a certificate of its own.
#   kubectl apply -f pratique-webhook.yaml
# Namespaces with the label pratique.dev/enforce=true are fail-closed: without an answer nothing is admitted there.
# All others are fail-open: without an answer everything is. kube-system and pratique-system are never asked for.
`,
  },
];

const helm = findHelm();
if (helm === undefined) console.log('no helm: deploy/static and deploy/kustomize are not compared with the chart');
for (const manifest of helm === undefined ? [] : manifests) {
  const { name, about } = manifest;
  const file = `deploy/static/pratique-${name}.yaml`;
  const [, definitions = ''] = readFileSync(join(root, file), 'utf8').split(crdMarker);
  write(file, `${made}${about}${render({ ...manifest, namespaced: true })}${crdMarker}${definitions}`);
  write(`deploy/kustomize/${name}/${name}.yaml`, made + render(manifest));
}
for (const { name, namespace } of manifests)
  write(
    `deploy/kustomize/${name}/kustomization.yaml`,
    `${made}# A base: choose namespace and image in your own kustomization, and take ../crds beside it.
${dump({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', namespace, resources: [`${name}.yaml`] })}`,
  );
const [{ namespace }] = manifests;
const labels = { 'app.kubernetes.io/part-of': 'pratique', 'pod-security.kubernetes.io/enforce': 'restricted' };
write(
  'deploy/kustomize/namespace.yaml',
  made + dump({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }),
);
write(
  'deploy/kustomize/kustomization.yaml',
  `${made}# The operator with all it needs: kubectl apply -k deploy/kustomize
${dump({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['namespace.yaml', 'crds', 'operator'] })}`,
);
finish();

/** The chart as plain manifests, without what tells of Helm. */
function render({ name, namespace, values, namespaced = false }) {
  const set = [...values, 'crds.install=false', `namespace.create=${namespaced}`].flatMap((one) => ['--set', one]);
  const args = [
    'template',
    'pratique',
    join(root, chart),
    '--namespace',
    namespace,
    '--kube-version',
    '1.34.0',
    ...set,
  ];
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`helm template of the ${name}: ${stderr}`);
  const ofHelm = /^(?:# Source: .*| +(?:helm\.sh\/chart|app\.kubernetes\.io\/(?:managed-by|version)): .*|\s*)\n/gm;
  // Helm 4 writes empty lines where Helm 3 writes none.
  return stdout.replace(ofHelm, '');
}

function findHelm() {
  if (process.env.HELM) return process.env.HELM;
  const own = join(root, '.cache/helm/helm');
  if (existsSync(own)) return own;
  return spawnSync('helm', ['version']).status === 0 ? 'helm' : undefined;
}

// Writes deploy/crds/*.yaml of the tables in src/kubernetes/reports/custom-resources.ts and src/kubernetes/definitions, and
// the same into the static manifests, the Helm chart and the Kustomize base. With --check it writes nothing and fails when
// something is out of date.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { webhookResources } from '../dist/kubernetes/definitions/webhook-resources.js';
import { customResources } from '../dist/kubernetes/reports/custom-resources.js';
import { generated, root } from './generated.mjs';

const { write, finish } = generated('node scripts/crds.mjs');
const note = '# Made by scripts/crds.mjs; do not edit.\n';

const definitions = [...customResources, ...webhookResources]
  .map(([name, resource]) => [`${name}.yaml`, note + dump(resource, { noRefs: true, lineWidth: 120 })])
  .sort(([a], [b]) => (a < b ? -1 : 1));
for (const [name, document] of definitions)
  for (const folder of ['deploy/crds', 'deploy/helm/pratique/files/crds', 'deploy/kustomize/crds'])
    write(`${folder}/${name}`, document);
const kustomization = {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: definitions.map(([name]) => name),
};
write('deploy/kustomize/crds/kustomization.yaml', note + dump(kustomization));

// scripts/manifests.mjs makes the manifests up to the marker, this script what follows.
const marker = '# ---- custom resource definitions ----\n';
for (const file of ['deploy/static/pratique-operator.yaml', 'deploy/static/pratique-webhook.yaml']) {
  const [own] = readFileSync(join(root, file), 'utf8').split(marker);
  write(file, own + marker + definitions.map(([, document]) => `---\n${document}`).join(''));
}
finish();

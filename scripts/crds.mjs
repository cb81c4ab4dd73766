// Writes deploy/crds/*.yaml of the tables in src/kubernetes/operator/custom-resources.ts, and all definitions of that folder
// into the static manifests, the Helm chart and the Kustomize base. With --check it writes nothing and fails when something
// is out of date.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { customResources } from '../dist/kubernetes/operator/custom-resources.js';
import { generated, root } from './generated.mjs';

const { write, finish } = generated('node scripts/crds.mjs');
const note = '# Made by scripts/crds.mjs from src/kubernetes/operator/custom-resources.ts; do not edit.\n';
const copied = '# Copied by scripts/crds.mjs from deploy/crds; do not edit.\n';

const definitions = new Map(
  readdirSync(join(root, 'deploy/crds')).map((name) => [name, readFileSync(join(root, 'deploy/crds', name), 'utf8')]),
);
for (const [name, resource] of customResources) {
  const document = note + dump(resource, { noRefs: true, lineWidth: 120 });
  definitions.set(`${name}.yaml`, document);
  write(`deploy/crds/${name}.yaml`, document);
}

const all = [...definitions].sort(([a], [b]) => (a < b ? -1 : 1));
for (const [name, document] of all) {
  const copy = document.startsWith(note) ? document : copied + document;
  write(`deploy/helm/pratique/files/crds/${name}`, copy);
  write(`deploy/kustomize/crds/${name}`, copy);
}
const kustomization = {
  apiVersion: 'kustomize.config.k8s.io/v1beta1',
  kind: 'Kustomization',
  resources: all.map(([name]) => name),
};
write('deploy/kustomize/crds/kustomization.yaml', copied + dump(kustomization));

// scripts/manifests.mjs makes the manifests up to the marker, this script what follows.
const marker = '# ---- custom resource definitions ----\n';
for (const file of ['deploy/static/pratique-operator.yaml', 'deploy/static/pratique-webhook.yaml']) {
  const [own] = readFileSync(join(root, file), 'utf8').split(marker);
  write(file, own + marker + all.map(([, document]) => `---\n${document}`).join(''));
}
finish();

// Writes deploy/crds/*.yaml and the same into deploy/static/pratique-operator.yaml, from the tables in
// src/kubernetes/operator/custom-resources.ts. With --check it writes nothing and fails when something is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { customResources } from '../dist/kubernetes/operator/custom-resources.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const note = '# Made by scripts/crds.mjs from src/kubernetes/operator/custom-resources.ts; do not edit.\n';
const stale = [];

function write(path, content) {
  const file = join(root, path);
  const former = read(file);
  if (former === content) return;
  if (check) return void stale.push(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

const documents = [...customResources].map(([name, resource]) => [
  name,
  dump(resource, { noRefs: true, lineWidth: 120 }),
]);
for (const [name, document] of documents) write(`deploy/crds/${name}.yaml`, note + document);

// The manifest is written by hand up to the marker, and by this script after it.
const manifest = 'deploy/static/pratique-operator.yaml';
const marker = '# ---- custom resource definitions ----\n';
const [own] = readFileSync(join(root, manifest), 'utf8').split(marker);
write(manifest, own + marker + documents.map(([, document]) => `---\n${note}${document}`).join(''));

if (stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}; run node scripts/crds.mjs`);
  process.exitCode = 1;
}

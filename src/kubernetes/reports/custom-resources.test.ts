import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { webhookResources } from '../definitions/webhook-resources.js';
import { customResources } from './custom-resources.js';

test('deploy/crds and the static manifest hold what the tables say', async () => {
  const { load, loadAll } = await import('js-yaml');
  const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const inManifest = loadAll(read('deploy/static/pratique-operator.yaml')) as readonly { readonly kind: string }[];
  const files = readdirSync(new URL('../../../deploy/crds', import.meta.url));
  assert.equal(inManifest.filter(({ kind }) => kind === 'CustomResourceDefinition').length, files.length);
  for (const [name, resource] of [...customResources, ...webhookResources]) {
    const plain: unknown = JSON.parse(JSON.stringify(resource));
    assert.deepEqual(load(read(`deploy/crds/${name}.yaml`)), plain);
    assert.ok(
      inManifest.some((one) => JSON.stringify(one) === JSON.stringify(plain)),
      name,
    );
  }
});

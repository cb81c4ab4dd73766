import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { reportAnnotations, reportLabels, reportName } from './report-name.js';

const owner = { kind: 'ReplicaSet', namespace: 'shop', name: 'web-5d8f' };

test('kind, name and container; a hash for what is too long', () => {
  assert.equal(reportName(owner, 'main'), 'replicaset-web-5d8f-main');
  const long = reportName({ ...owner, name: 'w'.repeat(60) }, 'main');
  assert.match(long, /^replicaset-[0-9a-f]{16}$/);
  assert.notEqual(long, reportName({ ...owner, name: 'w'.repeat(60) }, 'side'));
});

test('the labels; a name that no label can hold is hashed there and whole in an annotation', () => {
  assert.deepEqual(reportLabels(owner, 'main', 'abc'), {
    'app.kubernetes.io/managed-by': 'trivy-operator',
    'trivy-operator.resource.kind': 'ReplicaSet',
    'trivy-operator.resource.name': 'web-5d8f',
    'trivy-operator.resource.namespace': 'shop',
    'trivy-operator.container.name': 'main',
    'resource-spec-hash': 'abc',
  });
  assert.deepEqual(reportAnnotations(owner), {});
  const name = 'w'.repeat(100);
  const labels = reportLabels({ ...owner, name }, 'main', 'abc');
  assert.equal(labels['trivy-operator.resource.name'], undefined);
  assert.match(labels['trivy-operator.resource.name-hash']!, /^[0-9a-f]{16}$/);
  assert.deepEqual(reportAnnotations({ ...owner, name }), { 'trivy-operator.resource.name': name });
});

test('every name is one that API servers take', () => {
  const part = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/);
  fc.assert(
    fc.property(part, part, (name, container) => {
      const made = reportName({ ...owner, name }, container);
      assert.ok(made.length <= 253);
      assert.match(made, /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
      for (const value of Object.values(reportLabels({ ...owner, name }, 'main', 'x'))) assert.ok(value.length <= 63);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorEnvironment } from './operator-environment.js';

const kinds = ['vulnerability', 'exposed-secret', 'sbom', 'cluster-sbom', 'cluster-vulnerability'];
const read = (env: Record<string, string>, ...explicit: readonly string[]) =>
  operatorEnvironment(env, new Set(explicit as never[]), kinds);

test('variables of manifests written for the reference', () => {
  assert.deepEqual(read({}), {});
  assert.deepEqual(
    read({
      OPERATOR_TARGET_NAMESPACES: 'shop,payments',
      OPERATOR_EXCLUDE_NAMESPACES: '',
      OPERATOR_SCANNER_REPORT_TTL: '24h',
      OPERATOR_CONCURRENT_SCAN_JOBS_LIMIT: '3',
      OPERATOR_LEADER_ELECTION_ENABLED: 'true',
    }),
    {
      'include-namespaces': ['shop', 'payments'],
      'report-ttl': 86_400_000,
      'scan-workers': 3,
      'leader-elect': true,
    },
  );
});

test('switches of kinds; what was set in our own way goes first', () => {
  const env = { OPERATOR_SBOM_GENERATION_ENABLED: 'false', OPERATOR_EXPOSED_SECRET_SCANNER_ENABLED: 'true' };
  assert.deepEqual(read(env), { 'report-kinds': ['vulnerability', 'exposed-secret', 'cluster-vulnerability'] });
  assert.deepEqual(read(env, 'report-kinds'), {});
  assert.deepEqual(read({ OPERATOR_SCAN_JOB_TIMEOUT: '5m' }, 'scan-timeout'), {});
});

test('a value that cannot be read is an error that names the variable', () => {
  assert.throws(() => read({ OPERATOR_SBOM_GENERATION_ENABLED: 'maybe' }), /OPERATOR_SBOM_GENERATION_ENABLED/);
  assert.throws(() => read({ OPERATOR_SCAN_JOB_TIMEOUT: 'soon' }), /OPERATOR_SCAN_JOB_TIMEOUT/);
});

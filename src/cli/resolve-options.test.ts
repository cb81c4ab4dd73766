import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { ConfiguredValue } from './configuration.js';
import type { OptionSpec } from './option.js';
import type { OptionValue } from './option-value.js';
import { optionTable, type OptionName } from './option-table.js';
import { resolveOptions, variablesOf, type OptionSources } from './resolve-options.js';

interface Given {
  readonly given?: Readonly<Record<string, readonly string[]>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly configuration?: Readonly<Record<string, ConfiguredValue>>;
  readonly defaults?: OptionSources['defaults'];
}

function resolve(name: OptionName, from: Given): readonly [OptionValue | undefined, boolean] {
  const { values, explicit } = resolveOptions([name], {
    given: new Map(Object.entries(from.given ?? {})),
    env: from.env ?? {},
    configuration: new Map(Object.entries(from.configuration ?? {})),
    configurationPath: 'x.yaml',
    defaults: from.defaults ?? {},
  });
  return [values[name], explicit.has(name)];
}

test('precedence: line, PRATIQUE_, TRIVY_, file, default of the command, default', () => {
  const configuration = { severity: ['LOW'] };
  const trivy = { TRIVY_SEVERITY: 'MEDIUM' };
  const ours = { ...trivy, PRATIQUE_SEVERITY: 'HIGH' };
  const given = { severity: ['CRITICAL'] };
  const cases: readonly (readonly [Given, readonly string[], boolean])[] = [
    [{ given, env: ours, configuration }, ['CRITICAL'], true],
    [{ env: ours, configuration }, ['HIGH'], true],
    [{ env: trivy, configuration }, ['MEDIUM'], true],
    [{ configuration }, ['LOW'], true],
    [{ defaults: { severity: ['UNKNOWN'] } }, ['UNKNOWN'], false],
    [{}, optionTable.severity.default, false],
    // An empty variable is none.
    [{ env: { TRIVY_SEVERITY: '' }, configuration }, ['LOW'], true],
  ];
  for (const [from, value, explicit] of cases)
    assert.deepEqual(resolve('severity', from), [value, explicit], JSON.stringify(from));
});

test('lists and scalars of the file', () => {
  const cases: readonly (readonly [OptionName, ConfiguredValue, OptionValue])[] = [
    ['severity', 'HIGH,LOW', ['HIGH', 'LOW']],
    ['severity', ['high', 'LOW'], ['HIGH', 'LOW']],
    ['skip-dirs', ['{a,b}/**', 'c'], ['{a,b}/**', 'c']],
    ['skip-dirs', [], []],
    ['timeout', '1m', 60_000],
    ['exit-code', '3', 3],
    ['ignore-unfixed', 'true', true],
  ];
  for (const [name, value, wanted] of cases) {
    const key = (optionTable[name] as OptionSpec).key!;
    assert.deepEqual(resolve(name, { configuration: { [key]: value } }), [wanted, true], name);
  }
});

test('mistakes name where they were made', () => {
  const cases: readonly (readonly [OptionName, Given, RegExp])[] = [
    ['severity', { given: { severity: ['NOPE'] } }, /^--severity is "NOPE"/],
    ['severity', { env: { TRIVY_SEVERITY: 'NOPE' } }, /^TRIVY_SEVERITY is "NOPE"/],
    ['scanners', { env: { TRIVY_SECURITY_CHECKS: 'nope' } }, /^TRIVY_SECURITY_CHECKS is "nope"/],
    ['severity', { configuration: { severity: ['NOPE'] } }, /^severity in x\.yaml:1 is "NOPE"/],
    ['timeout', { configuration: { timeout: ['1m', '2m'] } }, /^x\.yaml: line 1: timeout must be a single value$/],
  ];
  for (const [name, from, message] of cases) assert.throws(() => resolve(name, from), { message }, String(message));
});

test('mirrors of registries come from the file alone', () => {
  const configuration = {
    'registry.mirrors.docker.io': ['a', 'b'],
    'registry.mirrors.ghcr.io': 'c, d',
    'registry.x': 'e',
  };
  assert.deepEqual(resolve('mirrors', { configuration }), [{ 'docker.io': ['a', 'b'], 'ghcr.io': ['c', 'd'] }, true]);
  assert.deepEqual(resolve('mirrors', { env: { TRIVY_MIRRORS: 'x' } }), [{}, false]);
  const hostile = resolve('mirrors', { configuration: { 'registry.mirrors.__proto__': ['x'] } })[0];
  assert.deepEqual(Object.entries(hostile as object), [['__proto__', ['x']]]);
});

test('TRIVY_NON_SSL, whatever it holds', () => {
  for (const value of ['1', 'true', 'false', 'x'])
    assert.deepEqual(resolve('insecure', { env: { TRIVY_NON_SSL: value } }), [true, true]);
  assert.deepEqual(resolve('insecure', { env: { TRIVY_NON_SSL: '' } }), [false, false]);
  assert.deepEqual(resolve('insecure', { env: { TRIVY_NON_SSL: '1', TRIVY_INSECURE: 'false' } }), [false, true]);
});

test('variables', () => {
  assert.deepEqual(variablesOf('skip-db-update', optionTable['skip-db-update']), [
    'PRATIQUE_SKIP_DB_UPDATE',
    'PRATIQUE_SKIP_UPDATE',
    'TRIVY_SKIP_DB_UPDATE',
    'TRIVY_SKIP_UPDATE',
  ]);
});

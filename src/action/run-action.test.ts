import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeServer, fakeWorld } from '#platform/fakes';
import { commandLine, ignoreFiles, inputsOf } from './inputs.js';
import { runAction } from './run-action.js';

const root = mkdtempSync(join(tmpdir(), 'action-'));
after(() => rmSync(root, { recursive: true, force: true }));
const inputs = (given: Readonly<Record<string, string>>) =>
  inputsOf(Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])));

for (const [title, given, expected] of [
  ['an image', { 'image-ref': 'app:1' }, ['image', '--format', 'table', '--', 'app:1']],
  ['a directory by default', { 'scan-type': 'fs' }, ['fs', '--format', 'table', '--', '.']],
  ['an archive', { input: 'a b.tar' }, ['image', '--format', 'table', '--input=a b.tar']],
  ['severity', { 'image-ref': 'a', severity: 'HIGH' }, ['image', '--format', 'table', '--severity=HIGH', '--', 'a']],
  [
    'all severities in SARIF',
    { 'image-ref': 'a', severity: 'HIGH', format: 'sarif' },
    ['image', '--format', 'sarif', '--', 'a'],
  ],
  [
    'limited severities in SARIF',
    { 'image-ref': 'a', severity: 'HIGH', format: 'sarif', 'limit-severities-for-sarif': 'true' },
    ['image', '--format', 'sarif', '--severity=HIGH', '--', 'a'],
  ],
  [
    'the older names',
    { 'image-ref': 'a', 'vuln-type': 'os', 'ignore-unfixed': 'true', 'hide-progress': 'false' },
    ['image', '--format', 'table', '--pkg-types=os', '--ignore-unfixed=true', '--quiet=false', '--', 'a'],
  ],
  [
    'hostile values, one argument each',
    { 'image-ref': '--help; $(rm -rf /)' },
    ['image', '--format', 'table', '--', '--help; $(rm -rf /)'],
  ],
] as const) {
  test(`command line of ${title}`, () => {
    const args = commandLine(inputs(given), { cacheDir: '/cache' });
    assert.deepEqual(args.slice(0, 3), [expected[0], '--cache-dir', '/cache']);
    assert.deepEqual([args[0], ...args.slice(3)], expected);
  });
}

test('a scan type that does not exist is refused', () => {
  assert.throws(() => commandLine(inputs({ 'scan-type': 'rm' }), { cacheDir: '' }), /scan-type is "rm"/);
});

test('several ignore files are plain ones', () => {
  assert.deepEqual(ignoreFiles(inputs({ trivyignores: ' a b, c\nd ' })), ['a b', 'c', 'd']);
  assert.throws(() => ignoreFiles(inputs({ trivyignores: 'a,b.yaml' })), /one YAML file/);
});

function workspace(name: string): { readonly directory: string; readonly env: Record<string, string> } {
  const directory = join(root, name);
  mkdirSync(join(directory, 'src'), { recursive: true });
  writeFileSync(join(directory, 'src/requirements.txt'), 'django==1.0\n');
  writeFileSync(join(directory, 'output'), '');
  const env = {
    GITHUB_WORKSPACE: directory,
    RUNNER_TEMP: directory,
    GITHUB_OUTPUT: join(directory, 'output'),
    GITHUB_STEP_SUMMARY: join(directory, 'summary.md'),
    PRATIQUE_OFFLINE_DEFAULT: 'true',
  };
  return { directory, env };
}

test('a scan writes its report, outputs and the job summary', async () => {
  const { directory, env } = workspace('scan');
  const world = fakeWorld({
    cwd: directory,
    env: {
      ...env,
      'INPUT_SCAN-TYPE': 'fs',
      'INPUT_SCAN-REF': join(directory, 'src'),
      INPUT_FORMAT: 'json',
      INPUT_OUTPUT: 'report.json',
      'INPUT_EXIT-CODE': '3',
      INPUT_SCANNERS: 'vuln',
    },
  });
  assert.equal(await runAction(world), 3, world.written.stdout + world.written.stderr);
  const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as { Results: { Type: string }[] };
  assert.equal(report.Results[0]?.Type, 'pip');
  const outputs = readFileSync(env['GITHUB_OUTPUT']!, 'utf8');
  assert.match(outputs, /^exit-code<<END\n3\nEND\n/);
  assert.match(outputs, /report<<END\nreport\.json\nEND/);
  const declared = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8').split(/^outputs:$/m)[1]!;
  assert.deepEqual(
    [...outputs.matchAll(/^(.+)<<END$/gm)].map(([, name]) => name).sort(),
    [...declared.split(/^runs:$/m)[0]!.matchAll(/^ {2}(\S+):$/gm)].map(([, name]) => name).sort(),
  );
  assert.match(readFileSync(env['GITHUB_STEP_SUMMARY']!, 'utf8'), /django/i);
});

test('an error is one annotation, with no line break in it', async () => {
  const { directory, env } = workspace('error');
  const world = fakeWorld({ cwd: directory, env: { ...env, 'INPUT_SCAN-TYPE': 'x\n::error::y' } });
  assert.equal(await runAction(world), 1);
  assert.equal(world.written.stdout.trim().split('\n').length, 1);
});

test('a snapshot is submitted with the token, also when findings fail the step', async () => {
  const { directory, env } = workspace('snapshot');
  const server = await fakeServer(() => ({ status: 201, body: '{}' }));
  const world = fakeWorld({
    cwd: directory,
    env: {
      ...env,
      GITHUB_API_URL: server.origin,
      GITHUB_REPOSITORY: 'o/r',
      'INPUT_SCAN-TYPE': 'fs',
      'INPUT_SCAN-REF': join(directory, 'src'),
      INPUT_FORMAT: 'github',
      INPUT_OUTPUT: 'snapshot.json',
      'INPUT_EXIT-CODE': '1',
      'INPUT_GITHUB-PAT': 'token-of-the-test',
      INPUT_SCANNERS: 'vuln',
      INPUT_SUMMARY: 'false',
    },
  });
  try {
    assert.equal(await runAction(world), 1);
    const [request] = server.requests;
    assert.equal(request?.path, '/repos/o/r/dependency-graph/snapshots');
    assert.equal(request?.headers['authorization'], 'Bearer token-of-the-test');
    assert.doesNotMatch(world.written.stdout + world.written.stderr + world.written.log, /token-of-the-test/);
  } finally {
    await server.close();
  }
});

/** What the program prints and where, and what it says by its exit code. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeDockerArchive } from '#artifact/fakes';
import { assertFails } from './kit/failure.js';
import { alpineFindings, alpineImage, plainImage } from './kit/images.js';
import { environment, pratique, program } from './kit/program.js';
import { findingsOf, reportOf } from './kit/report.js';
import { without } from './kit/tools.js';
import { workplace } from './kit/workplace.js';

const { at, cache, folder, offline } = workplace();
writeFileSync(at('image.tar'), makeDockerArchive(alpineImage()));
writeFileSync(at('old.tar'), makeDockerArchive(alpineImage('3.9')));
writeFileSync(at('plain.tar'), makeDockerArchive(plainImage));
const image = ['image', '--input', at('image.tar')];
const quiet = ['--cache-dir', cache, '--skip-db-update', '--quiet'];

test('the table shows targets, findings and a summary', async () => {
  const { code, stdout } = await pratique([...image, ...quiet]);
  assert.equal(code, 0);
  for (const text of ['image.tar (alpine 3.23.0)', 'Node.js', 'zlib', 'HIGH', '1.3.0-r0', '1.3.1-r0', 'CVE-2099-0003'])
    assert.ok(stdout.includes(text), `${text} is not in\n${stdout}`);
  assert.match(stdout, /Total: 2 \(UNKNOWN: 0, LOW: 1, MEDIUM: 0, HIGH: 1, CRITICAL: 0\)/);
  assert.doesNotMatch(stdout, /\u001b/, 'no colors outside of a terminal');
});

const severities: readonly (readonly [string, readonly string[]])[] = [
  ['HIGH,CRITICAL', ['CVE-2099-0001 zlib', 'CVE-2099-0003 made-parser']],
  ['CRITICAL', ['CVE-2099-0003 made-parser']],
  ['LOW', ['CVE-2099-0002 busybox']],
  ['UNKNOWN', []],
];
for (const [wanted, findings] of severities) {
  test(`--severity ${wanted}`, async () => {
    const ran = await pratique([...image, ...offline, '--severity', wanted]);
    assert.deepEqual(findingsOf(ran), findings);
  });
}

test('--ignore-unfixed', async () => {
  const ran = await pratique([...image, ...offline, '--ignore-unfixed']);
  assert.deepEqual(findingsOf(ran), ['CVE-2099-0001 zlib', 'CVE-2099-0003 made-parser']);
});

const codes: readonly (readonly [string, string, readonly string[], number])[] = [
  ['findings, not asked for', 'image.tar', [], 0],
  ['findings', 'image.tar', ['--exit-code', '7'], 7],
  ['findings of that severity', 'image.tar', ['--exit-code', '1', '--severity', 'CRITICAL'], 1],
  ['no finding of that severity', 'image.tar', ['--exit-code', '1', '--severity', 'UNKNOWN'], 0],
  ['an old system', 'old.tar', ['--exit-on-eol', '9'], 9],
  ['an old system before findings', 'old.tar', ['--exit-code', '1', '--exit-on-eol', '9'], 9],
  ['no system', 'plain.tar', ['--exit-on-eol', '9'], 0],
];
for (const [what, name, options, expected] of codes) {
  test(`the exit code says: ${what}`, async () => {
    const ran = await pratique(['image', '--input', at(name), ...offline, ...options]);
    assert.equal(ran.code, expected, ran.stderr);
    assert.ok(reportOf(ran).SchemaVersion, 'the report is written in any case');
  });
}

test('with --quiet, there is only JSON on stdout and nothing on stderr', async () => {
  const ran = await pratique([...image, ...offline]);
  assert.ok(ran.stdout.startsWith('{') && ran.stdout.endsWith('}\n'));
  assert.equal(ran.stderr, '');
});

test('without it, the log goes to stderr and the report to stdout', async () => {
  const ran = await pratique([...image, '--debug', '--cache-dir', cache, '--skip-db-update', '--format', 'json']);
  assert.deepEqual(findingsOf(ran), alpineFindings);
  assert.match(ran.stderr, /DEBUG/);
});

test('every result can be counted by jq', { skip: without('jq') }, async () => {
  const ran = await pratique([...image, ...offline, '--severity', 'CRITICAL']);
  const filter = '.Results[].Vulnerabilities | length // 0';
  const counts = execFileSync('jq', [filter], { input: ran.stdout, encoding: 'utf8' }).trim().split('\n').map(Number);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1,
  );
});

test('--output writes the file as a whole and nothing to stdout', async () => {
  const ran = await pratique([...image, ...offline, '--output', 'report.json'], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal(ran.stdout, '');
  assert.deepEqual(findingsOf({ ...ran, stdout: readFileSync(at('report.json'), 'utf8') }), alpineFindings);
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('.report')), 'no temporary file is left');
});

test('--output to a place that cannot be', async () => {
  const ran = await pratique([...image, ...offline, '--output', at('image.tar/report.json')]);
  assertFails(ran, /image\.tar/);
});

test('two scans give the same report but for time and id', async () => {
  const texts = [];
  for (let i = 0; i < 2; i++) {
    const { stdout } = await pratique([...image, ...offline]);
    texts.push(stdout.replace(/"(?:CreatedAt|ReportID)": "[^"]*"/g, ''));
  }
  assert.equal(texts[0], texts[1]);
});

test('nobody reads on', () => {
  const line = [...program, ...image, ...offline].map((word) => `'${word}'`).join(' ');
  const ran = spawnSync('sh', ['-c', `{ ${line}; echo "code $?" >&2; } | head -1`], {
    env: environment(),
    encoding: 'utf8',
  });
  assert.equal(ran.stdout, '{\n');
  assert.match(ran.stderr, /^code (?:0|141)\n$/);
});

test('version, in words and as JSON', async () => {
  const words = await pratique(['version', '--cache-dir', cache]);
  assert.match(words.stdout, /^Version: \S+/);
  for (const args of [
    ['version', '-f', 'json'],
    ['--version', '--format', 'json'],
  ]) {
    const { code, stdout } = await pratique([...args, '--cache-dir', cache]);
    assert.equal(code, 0);
    const found = JSON.parse(stdout) as { Version: string; VulnerabilityDB: { Version: number; UpdatedAt: string } };
    assert.equal(found.VulnerabilityDB.Version, 2);
    assert.ok(Date.parse(found.VulnerabilityDB.UpdatedAt));
  }
});

test('help, of the program and of each command', async () => {
  for (const args of [['--help'], ['help'], []]) assert.match((await pratique(args)).stdout, /Scanning commands/);
  for (const command of ['image', 'fs', 'rootfs', 'clean', 'version']) {
    const { code, stdout } = await pratique([command, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /Usage\n {2}pratique/);
  }
});

const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
  [['imagee'], /no command imagee; did you mean image\?/],
  [['image', '--sevrity', 'HIGH', 'x'], /sevrity/],
  [['image', '--severity', 'HUGE', 'x'], /HUGE/],
  [['image', '--format', 'jsom', 'x'], /jsom/],
  [['image', '--exit-code', 'one', 'x'], /exit-code/],
  [['image'], /name of an image, or --input/],
  [['image', 'a', 'b'], /one image at a time/],
  [['image', 'Not A Name'], /Not A Name/],
  [['image', '--config', 'nowhere.yaml', 'x'], /nowhere\.yaml/],
  [['clean'], /at least one of/],
];
for (const [args, message] of mistakes) {
  test(`a mistake: ${args.join(' ')}`, async () => {
    assertFails(await pratique([...args, '--cache-dir', cache]), message);
  });
}

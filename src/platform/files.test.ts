import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PratiqueError } from '#base';
import { writeAtomically } from './atomic-write.js';
import { cacheDirectory } from './cache-directory.js';
import { fileError } from './file-error.js';
import { makeDirectory } from './make-directory.js';
import { readIfPresent } from './read-file.js';
import { runProgram } from './run-program.js';
import { tempDirectory } from './temp-directory.js';
import { writeOutput } from './write-output.js';

const scratch = await tempDirectory();
after(() => scratch.remove());
const code = (expected: string) => (error: unknown) => error instanceof PratiqueError && error.code === expected;

async function* broken(): AsyncGenerator<string> {
  yield 'half';
  throw new Error('producer failed');
}
async function* parts(): AsyncGenerator<string | Uint8Array> {
  yield 'new ';
  yield Buffer.from('content');
}
const on = (platform: string, env: Record<string, string>): string => cacheDirectory({ platform, env });
const sh = (script: string, more: object = {}) => runProgram('/bin/sh', ['-c', script], { timeout: 2000, ...more });

test('a file is written whole or not at all', async () => {
  const path = join(scratch.path, 'made/on/the/way/report.json');
  await writeAtomically(path, 'old');
  await assert.rejects(writeAtomically(path, broken()), /producer failed/);
  assert.equal(readFileSync(path, 'utf8'), 'old');
  await writeAtomically(path, parts(), 0o600);
  assert.equal(readFileSync(path, 'utf8'), 'new content');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(path, '..')), ['report.json']);
});

test('what cannot be written says why', async () => {
  mkdirSync(join(scratch.path, 'taken'));
  await assert.rejects(writeAtomically(join(scratch.path, 'taken'), 'x'), code('file/unwritable'));
  writeFileSync(join(scratch.path, 'file'), '');
  await assert.rejects(writeAtomically(join(scratch.path, 'file/below'), 'x'), code('file/unwritable'));
  assert.deepEqual(
    readdirSync(scratch.path).filter((name) => name.startsWith('.')),
    [],
  );
  if (process.getuid?.() !== 0) {
    mkdirSync(join(scratch.path, 'closed'));
    chmodSync(join(scratch.path, 'closed'), 0o500);
    await assert.rejects(writeAtomically(join(scratch.path, 'closed/file'), 'x'), /permission denied/);
  }
});

test('output replaces files, goes into pipes and devices, and through links', async () => {
  const at = (name: string): string => join(scratch.path, name);
  await writeOutput(at('plain'), 'one');
  symlinkSync('plain', at('link'));
  await writeOutput(at('link'), parts());
  assert.equal(readFileSync(at('plain'), 'utf8'), 'new content');
  assert.ok(lstatSync(at('link')).isSymbolicLink());
  execFileSync('mkfifo', [at('pipe')]);
  const reader = runProgram('/bin/cat', [at('pipe')], { timeout: 2000 });
  await writeOutput(at('pipe'), parts());
  assert.equal((await reader).stdout, 'new content');
  assert.ok(lstatSync(at('pipe')).isFIFO());
  await writeOutput('/dev/null', 'x');
  assert.ok(lstatSync('/dev/null').isCharacterDevice());
  await assert.rejects(writeOutput(at('taken'), 'x'), code('file/unwritable'));
});

test('system errors and their codes', () => {
  const cases = {
    ENOSPC: 'file/no-space',
    EDQUOT: 'file/no-space',
    EROFS: 'file/read-only',
    EACCES: 'file/unwritable',
  };
  for (const [errno, expected] of Object.entries(cases)) {
    const error = fileError('/cache/db', Object.assign(new Error('x'), { code: errno }), 'write');
    assert.equal(error.code, expected);
    assert.match(error.message, /^\/cache\/db: /);
  }
  assert.equal(fileError('/x', Object.assign(new Error('x'), { code: 'ENOENT' }), 'read').code, 'file/not-found');
  assert.equal(fileError('/x', Object.assign(new Error('x'), { code: 'EACCES' }), 'read').code, 'file/unreadable');
});

test('the cache directory', () => {
  assert.equal(on('linux', { HOME: '/home/u' }), '/home/u/.cache/trivy');
  assert.equal(on('linux', { HOME: '/home/u', XDG_CACHE_HOME: '/xdg' }), '/xdg/trivy');
  assert.match(on('linux', { HOME: '/home/u', XDG_CACHE_HOME: 'relative' }), /^\/.*\/trivy$/);
  assert.match(on('linux', {}), /^\/.*\/trivy$/);
  assert.equal(on('darwin', { HOME: '/Users/u' }), '/Users/u/Library/Caches/trivy');
  assert.equal(on('win32', { LocalAppData: 'C:\\Users\\u\\AppData\\Local' }), 'C:\\Users\\u\\AppData\\Local\\trivy');
});

test('temporary directories go away with the process', async () => {
  const module = new URL('./temp-directory.js', import.meta.url).href;
  const program = `const { tempDirectory } = await import(${JSON.stringify(module)});
    console.log((await tempDirectory()).path); process.exit(3);`;
  const path = join(scratch.path, 'program.mjs');
  writeFileSync(path, program);
  const { stdout, exitCode } = await runProgram(process.execPath, [path], { timeout: 5000 });
  assert.equal(exitCode, 3);
  assert.match(stdout, /pratique-/);
  assert.equal(existsSync(stdout.trim()), false);
});

test('small files are read within a limit', async () => {
  const path = join(scratch.path, 'small');
  writeFileSync(path, '12345');
  assert.equal(Buffer.from((await readIfPresent(path, 5)) ?? []).toString(), '12345');
  await assert.rejects(readIfPresent(path, 4), { name: 'LimitError' });
  assert.equal(await readIfPresent(`${path}/below`, 4), undefined);
  await assert.rejects(readIfPresent(scratch.path, 4), code('file/unreadable'));
});

test(
  'programs: input, exit codes, time and output limits, absence',
  { skip: process.platform === 'win32' },
  async () => {
    assert.equal((await sh('cat', { input: 'héllo' })).stdout, 'héllo');
    const ended = await sh('echo no >&2; exit 4');
    assert.deepEqual([ended.outcome, ended.exitCode, ended.stderr], ['ended', 4, 'no\n']);
    assert.match((await sh('exec sleep 5', { timeout: 50 })).reason ?? '', /longer than 0.05 s/);
    assert.match((await sh('yes', { maxOutput: 1000 })).reason ?? '', /too much/);
    assert.match((await sh('kill -9 $$')).reason ?? '', /SIGKILL/);
    assert.equal((await runProgram('/no/such/program', [], { timeout: 100 })).outcome, 'not-found');
    const reason = new Error('stop');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 30);
    await assert.rejects(sh('exec sleep 5', { signal: controller.signal }), (error) => error === reason);
  },
);

test(
  'a directory that cannot be made there ends the attempt',
  { skip: !existsSync('/proc/self') && 'no /proc' },
  async () => {
    await assert.rejects(makeDirectory('/proc/pratique/below'), code('file/unwritable'));
  },
);

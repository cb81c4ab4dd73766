import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PratiqueError } from '#base';
import { tempDirectory, type TempDirectory, type World } from '#platform';
import { fakeServer, fakeWorld } from '#platform/fakes';
import { commands, findCommand } from './commands/registry.js';
import { laterCommands } from './later-options.js';
import { main } from './main.js';

let place: TempDirectory;
let project: string;
before(async () => {
  place = await tempDirectory();
  project = join(place.path, 'project');
  listing += project;
  mkdirSync(project);
  const packages = { '': { name: 'p' }, 'node_modules/a': { version: '1.0.0' } };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
});
after(() => place.remove());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(line: string | readonly string[], parts: Partial<World> = {}): Promise<Ran> {
  const env = { XDG_CACHE_HOME: join(place.path, 'cache'), ...parts.env };
  const world = fakeWorld({ cwd: place.path, ...parts, env });
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const code = await main(argv, world);
  return { code, stdout: world.written.stdout, stderr: world.written.stderr };
}

/** A bill of materials needs no database. */
let listing = 'fs --format cyclonedx --quiet ';

test('help and version are on standard output, and no failure', async () => {
  for (const line of ['', '--help', '-h', 'help']) {
    const { code, stdout, stderr } = await run(line);
    assert.deepEqual([code, stderr], [0, ''], line);
    assert.match(stdout, /^pratique [\d.]+: .*\n\nUsage\n/, line);
  }
  for (const line of [
    'help image',
    'image --help',
    '--help image',
    'image -h --no-such-thing=1'.slice(0, 8),
    'i --help',
  ])
    assert.match((await run(line)).stdout, /^Scan a container image\n/, line);
  for (const line of ['db --help', 'help db', 'db build -h'])
    assert.match((await run(line)).stdout, /^Build a vulnerability database from downloaded feeds\n/, line);
  for (const line of ['--version', '-v', 'version', '--version --quiet']) {
    const { code, stdout } = await run(line);
    assert.equal(code, 0, line);
    assert.match(stdout, /^Version: [\d.]+ \(compatible with [\d.]+\)\n/, line);
  }
  for (const line of ['version --format json', '--version -f json', '-f json --version'])
    assert.ok('Version' in JSON.parse((await run(line)).stdout), line);
});

test('usage mistakes: one line on standard error, nothing on standard output, exit code 1', async () => {
  const cases: Readonly<Record<string, RegExp>> = {
    'imgae x': /pratique has no command imgae; did you mean image\?/,
    'nothing-like-it': /pratique has no command nothing-like-it \(/,
    'later cluster': /pratique has no command later/,
    db: /db is the first word of a command: db build/,
    'fs --exit-code 256 .': /--exit-code must be from 0 to 255/,
    'rootfs --exit-on-eol -1 .': /--exit-on-eol must be from 0 to 255/,
    image: /image needs the name of an image/,
    'image a b': /one image at a time/,
    fs: /fs needs a path/,
    'repo a b': /repo takes one repository at a time/,
    repo: /repo needs a path or a URL/,
    'fs --no-such-option .': /pratique filesystem has no option --no-such-option/,
    'fs --severity NOPE .': /--severity is "NOPE"/,
    'fs --timeout 5 .': /--timeout is "5"/,
    'fs --clear-cache .': /--clear-cache is no more: use the command clean/,
    'fs --config none.yaml .': /none\.yaml: no such file or directory/,
    'fs none': /none: no such file or directory/,
    'repo ./none': /none: no such file or directory/,
    'repo --offline-default ext::x': /no such file or directory/,
    'completion tcsh': /completion needs the name of a shell: bash, zsh, fish, powershell/,
    clean: /clean needs at least one of --all/,
    'version --format sarif': /version knows the formats table and json/,
  };
  for (const [line, message] of Object.entries(cases)) {
    const extra = /^(?:fs|repo) .*none$/.test(line) ? ' --format cyclonedx' : '';
    const { code, stdout, stderr } = await run(line + extra);
    assert.deepEqual([code, stdout], [1, ''], line);
    assert.match(stderr, message, line);
    assert.match(stderr, /^[^\n]*\tERROR\t[^\n]*\n$/, line);
  }
});

const found = (line: string) => {
  const { rest, word } = findCommand(line.split(' '));
  return [word, rest.join(' ')];
};

test('commands of the reference that are not there yet', async () => {
  const there = new Set(commands.flatMap(({ name, aliases }) => [...name.split(' '), ...aliases]));
  for (const word of laterCommands.filter((name) => !there.has(name)))
    assert.match((await run(`${word} x`)).stderr, new RegExp(`${word} is not available yet`));
});

test('options before the command, and of its parts', async () => {
  assert.deepEqual(found('--quiet fs .'), ['fs', '--quiet .']);
  assert.deepEqual(found('--config x.yaml fs .'), ['fs', '--config x.yaml .']);
  assert.deepEqual(found('--config=x.yaml fs .'), ['fs', '--config=x.yaml .']);
  assert.deepEqual(found('-c x.yaml --timeout 1m i fs'), ['i', '-c x.yaml --timeout 1m fs']);
  assert.deepEqual(found('db build --from x'), ['db', '--from x']);
  const names = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
  assert.equal(new Set(names).size, names.length);
});

test('a report is all that standard output gets; the log is quiet when told', async () => {
  const { code, stdout, stderr } = await run(listing);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(JSON.parse(stdout).bomFormat, 'CycloneDX');
  const debugged = await run(listing.replace('--quiet', '--debug'));
  assert.equal(JSON.parse(debugged.stdout).bomFormat, 'CycloneDX');
  assert.ok(!existsSync(join(place.path, 'cache/trivy/db')));
});

test('environment and configuration reach the command', async () => {
  const env = { TRIVY_FORMAT: 'cyclonedx', TRIVY_OUTPUT: join(place.path, 'out.json') };
  assert.deepEqual(await run(`fs --quiet ${project}`, { env }), { code: 0, stdout: '', stderr: '' });
  assert.equal(JSON.parse(readFileSync(join(place.path, 'out.json'), 'utf8')).bomFormat, 'CycloneDX');
  writeFileSync(join(place.path, 'my.yaml'), 'format: cyclonedx\nquiet: true\n');
  assert.equal(JSON.parse((await run(`fs --config my.yaml ${project}`)).stdout).bomFormat, 'CycloneDX');
  assert.equal(
    JSON.parse((await run(`fs ${project}`, { env: { TRIVY_CONFIG: 'my.yaml' } })).stdout).bomFormat,
    'CycloneDX',
  );
  writeFileSync(join(place.path, 'odd.yaml'), 'format: cyclonedx\nseverty: HIGH\n');
  const { code, stderr } = await run(`fs --config odd.yaml ${project}`);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /\tWARN\tunknown key in the configuration; did you mean severity\?\tpath=odd\.yaml key=severty line=2\n/,
  );
});

test('--generate-default-config needs no target', async () => {
  const cwd = join(place.path, 'defaults');
  mkdirSync(cwd);
  assert.deepEqual(await run('fs --generate-default-config --quiet', { cwd }), { code: 0, stdout: '', stderr: '' });
  assert.match(readFileSync(join(cwd, 'trivy-default.yaml'), 'utf8'), /^timeout: "5m0s"$/m);
  const again = await run('fs --generate-default-config', { cwd });
  assert.equal(again.code, 1);
  assert.match(again.stderr, /exists already/);
});

test('completion', async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { code, stdout, stderr } = await run(`completion ${shell}`);
    assert.deepEqual([code, stderr], [0, ''], shell);
    assert.match(stdout, /repository/, shell);
  }
});

const closed = (code: string): Partial<World> => ({
  stdout: {
    isTTY: false,
    write: () =>
      Promise.reject(
        new PratiqueError(
          'file/unwritable',
          { path: 'standard output', reason: code },
          Object.assign(new Error(code), { code }),
        ),
      ),
  },
});

test('a reader that goes away is no failure, a full disk is', async () => {
  for (const line of [listing, '--help', 'version', 'completion bash'])
    assert.deepEqual(await run(line, closed('EPIPE')), { code: 0, stdout: '', stderr: '' }, line);
  const full = await run(listing, closed('ENOSPC'));
  assert.equal(full.code, 1);
  assert.match(full.stderr, /standard output: ENOSPC/);
});

test('a closed standard error changes nothing', async () => {
  const stderr = { isTTY: true, write: () => Promise.reject(new Error('EPIPE')) };
  assert.equal((await run(listing.replace('--quiet', '--debug'), { stderr })).code, 0);
  assert.equal((await run('fs', { stderr })).code, 1);
});

/** What a terminal gets to see. */
async function shown(line: string, env: Record<string, string>): Promise<string> {
  let text = '';
  const stderr = {
    isTTY: true,
    write(chunk: string | Uint8Array) {
      text += String(chunk);
      return Promise.resolve();
    },
  };
  await run(line, { stderr, env });
  return text;
}

test('colors only on a terminal that wants them', async () => {
  assert.match(await shown('fs', {}), /\u001b\[31mERROR\u001b\[0m/);
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) assert.doesNotMatch(await shown('fs', env), /\u001b/);
  assert.match(await shown('fs', { NO_COLOR: '' }), /\u001b/);
  assert.doesNotMatch((await run('fs')).stderr, /\u001b/);
});

test('progress only on a terminal, and not when unwanted', async () => {
  const { makeDockerArchive } = await import('#artifact/fakes');
  const archive = join(place.path, 'image.tar');
  writeFileSync(archive, makeDockerArchive({ layers: [[{ name: 'a', content: 'x' }]] }));
  const line = `image --format cyclonedx --input ${archive}`;
  const cleared = '\r\u001b[K';
  const usual = await shown(line, {});
  assert.ok(
    usual.includes(`${cleared}layers 0/1`) && usual.trimEnd().endsWith(cleared.trimEnd()),
    JSON.stringify(usual),
  );
  const without: readonly (readonly [string, Record<string, string>])[] = [
    [`${line} --quiet`, {}],
    [`${line} --no-progress`, {}],
    [line, { CI: 'true' }],
    [line, { TERM: 'dumb' }],
  ];
  for (const [words, env] of without) assert.ok(!(await shown(words, env)).includes('\u001b[K'), words);
  assert.ok(!(await run(line)).stderr.includes('\u001b'));
});

test('--timeout ends what takes longer, and an interruption at once', async () => {
  const server = await fakeServer(() => ({ delay: 30_000 }));
  const line = ['image', '--insecure', '--image-src', 'remote', '--format', 'cyclonedx', `${server.host}/a:1`];
  try {
    const late = await run([...line, '--timeout', '50ms']);
    assert.equal(late.code, 1);
    assert.match(late.stderr, /the scan took longer than 0\.05s \(raise --timeout\)/);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new PratiqueError('scan/interrupted')), 50);
    const ended = await run(line, { signal: controller.signal });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /interrupted/);
  } finally {
    await server.close();
  }
});

test('a bug says so, and where when debugging', async () => {
  const stdout = {
    isTTY: false,
    write: () => Promise.reject(new TypeError('made \u001b[2J up')),
  };
  const usual = await run('--help', { stdout });
  assert.equal(usual.code, 1);
  assert.match(usual.stderr, /\ta bug in pratique: made \\x1b\[2J up \(run again with --debug for where\)\n$/);
  for (const [line, env] of [
    ['version --debug', {}],
    ['version', { TRIVY_DEBUG: 'true' }],
  ] as const) {
    const debugged = await run(line, { stdout, env });
    assert.match(debugged.stderr, /\tDEBUG\t.*main\.test\.js/, line);
  }
});

test('mirrors of the configuration are asked before the registry', async () => {
  const mirror = await fakeServer(() => ({ status: 404 }));
  writeFileSync(join(place.path, 'mirrors.yaml'), `registry:\n  mirrors:\n    127.0.0.1:1:\n      - ${mirror.host}\n`);
  const line = 'image --insecure --image-src remote --format cyclonedx --config mirrors.yaml 127.0.0.1:1/a:1';
  assert.equal((await run(line)).code, 1);
  assert.ok(
    mirror.requests.some(({ path }) => path.startsWith('/v2/')),
    JSON.stringify(mirror.requests),
  );
  await mirror.close();
});

test('standard input is not opened by those who do not read it', async () => {
  const world = fakeWorld({ cwd: place.path });
  Object.defineProperty(world, 'stdin', {
    enumerable: true,
    get() {
      throw new Error('opened');
    },
  });
  assert.equal(await main(listing.split(' '), world), 0);
});

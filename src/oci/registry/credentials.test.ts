import { strict as assert } from 'node:assert';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { tempDirectory } from '#platform';
import { type FakeWorld, fakeWorld } from '#platform/fakes';
import { parseReference } from '../reference.js';
import { createCredentialChain, credentialAdvice, type CredentialOptions } from './credential-chain.js';
import { type Credential, secretsOf } from './credential.js';

const scratch = await tempDirectory();
after(() => scratch.remove());
let made = 0;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A directory with these files; keys are paths. */
function place(files: Readonly<Record<string, unknown>>): string {
  const root = join(scratch.path, String(made++));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    if (path.startsWith('bin/')) chmodSync(join(root, path), 0o755);
  }
  return root;
}

async function chainOf(image: string, world: FakeWorld, options: CredentialOptions = {}): Promise<string[]> {
  const shown: string[] = [];
  const chain = createCredentialChain(options, world);
  for await (const one of chain(parseReference(image), world.signal)) shown.push(show(one));
  return shown.slice(0, -1);
}
function show(credential: Credential): string {
  if (credential.kind === 'anonymous') return 'anonymous';
  if (credential.kind === 'password') return `${credential.username}:${credential.password}`;
  return `${credential.kind}:${credential.token}`;
}

test('entries of Docker’s configuration, most specific first', async () => {
  const auths = {
    'https://index.docker.io/v1/': { auth: base64('hub:1') },
    'ghcr.io': { auth: base64('wide:2\0\0') },
    'ghcr.io/team': { auth: base64('team:with:colon') },
    'https://quay.io/v2/': { username: 'q', password: 'p' },
    'refresh.example': { identitytoken: 'r', auth: base64('x:y') },
    'token.example:5000': { registrytoken: 't' },
    'empty.example': {},
    'broken.example': { auth: 5 },
    ['__proto__']: { auth: base64('bad:bad') },
  };
  const world = fakeWorld({ env: { DOCKER_CONFIG: place({ 'config.json': { auths } }) } });
  const cases: Readonly<Record<string, string[]>> = {
    alpine: ['hub:1'],
    'docker.io/grafana/grafana': ['hub:1'],
    'ghcr.io/other/a': ['wide:2'],
    'ghcr.io/team/a': ['team:with:colon'],
    'ghcr.io/teams/a': ['wide:2'],
    'quay.io/a/b': ['q:p'],
    'refresh.example/a': ['identity:r'],
    'token.example:5000/a': ['bearer:t'],
    'token.example/a': [],
    'empty.example/a': [],
    'broken.example/a': [],
    'constructor.example/a': [],
  };
  for (const [image, expected] of Object.entries(cases)) assert.deepEqual(await chainOf(image, world), expected, image);
});

const file = (user: string): object => ({ auths: { 'a.example': { auth: base64(`${user}:p`) } } });

test('where the configuration is looked for', async () => {
  const home = place({ '.docker/config.json': file('home') });
  const runtime = place({ 'containers/auth.json': file('podman'), 'auth.json': file('named') });
  const cases: readonly [Record<string, string>, string[]][] = [
    [{}, []],
    [{ HOME: home }, ['home:p']],
    [{ HOME: home, XDG_RUNTIME_DIR: runtime }, ['home:p']],
    [{ HOME: runtime, XDG_RUNTIME_DIR: runtime }, ['podman:p']],
    [{ REGISTRY_AUTH_FILE: join(runtime, 'auth.json'), XDG_RUNTIME_DIR: runtime }, ['named:p']],
    [{ HOME: home, DOCKER_AUTH_CONFIG: JSON.stringify(file('inline')) }, ['inline:p', 'home:p']],
  ];
  for (const [env, expected] of cases) assert.deepEqual(await chainOf('a.example/x', fakeWorld({ env })), expected);
});

test('a damaged configuration is warned of, without its content', async () => {
  for (const content of ['{"auths": {"a": {"auth": "c2VjcmV0', '[]', '"text"', 'x'.repeat(2e6)]) {
    const world = fakeWorld({ env: { DOCKER_CONFIG: place({ 'config.json': content }) } });
    assert.deepEqual(await chainOf('a.example/x', world), []);
    assert.match(world.written.log, /WARN\tRegistry credentials cannot be read/);
    assert.doesNotMatch(world.written.log, /c2VjcmV0|xxxx/);
  }
});

test('credential helpers', { skip: process.platform === 'win32' }, async () => {
  const root = place({
    'bin/docker-credential-good': `#!/bin/sh\nread -r server\necho "$server" >> "$LOG"\necho '{"Username":"u","Secret":"s"}'\n`,
    'bin/docker-credential-token': `#!/bin/sh\necho '{"Username":"<token>","Secret":"refresh"}'\n`,
    'bin/docker-credential-none': `#!/bin/sh\necho 'credentials not found in native keychain'\nexit 1\n`,
    'bin/docker-credential-sad': `#!/bin/sh\necho 'locked' >&2\nexit 1\n`,
    'bin/docker-credential-odd': `#!/bin/sh\necho nonsense\n`,
    'config.json': {
      credsStore: 'good',
      credHelpers: {
        'token.example': 'token',
        'none.example': 'none',
        'sad.example': 'sad',
        'odd.example': 'odd',
        'gone.example': 'gone',
        'path.example': '../../bin/sh',
      },
      auths: { 'none.example': { auth: base64('file:f') } },
    },
  });
  const log = join(root, 'log');
  const env = { PATH: `${root}/bin:/usr/bin:/bin`, DOCKER_CONFIG: root, LOG: log };
  const cases: readonly [string, string[], RegExp][] = [
    ['alpine', ['u:s'], /^$/],
    ['any.example:5000/a', ['u:s'], /^$/],
    ['token.example/a', ['identity:refresh'], /^$/],
    ['none.example/a', ['file:f'], /^$/],
    ['sad.example/a', [], /WARN.*docker-credential-sad.*locked/],
    ['odd.example/a', [], /WARN.*not understood/],
    ['gone.example/a', [], /WARN.*not found/],
    ['path.example/a', [], /WARN.*not valid/],
  ];
  for (const [image, expected, message] of cases) {
    const world = fakeWorld({ env });
    assert.deepEqual(await chainOf(image, world), expected, image);
    assert.match(world.written.log, message);
  }
  assert.equal(readFileSync(log, 'utf8'), 'https://index.docker.io/v1/\nany.example:5000\n');
});

test('order: command line, configuration, GITHUB_TOKEN for ghcr.io; a registry token replaces all', async () => {
  const DOCKER_CONFIG = place({ 'config.json': { auths: { 'ghcr.io': { auth: base64('c:d') } } } });
  const world = fakeWorld({ env: { DOCKER_CONFIG, GITHUB_TOKEN: 'gh' } });
  const credentials = [
    { username: 'a', password: '1' },
    { username: 'b', password: '2' },
  ];
  assert.deepEqual(await chainOf('ghcr.io/x/y', world, { credentials }), ['a:1', 'b:2', 'c:d', 'token:gh']);
  assert.deepEqual(await chainOf('quay.io/x/y', world, { credentials }), ['a:1', 'b:2']);
  const only = createCredentialChain({ credentials, registryToken: 't' }, world)(parseReference('a'), world.signal);
  const all: string[] = [];
  for await (const one of only) all.push(show(one));
  assert.deepEqual(all, ['bearer:t']);
});

test('helpers are not asked before their turn', { skip: process.platform === 'win32' }, async () => {
  const root = place({ 'bin/docker-credential-x': '#!/bin/sh\ntouch "$LOG"\n', 'config.json': { credsStore: 'x' } });
  const world = fakeWorld({ env: { PATH: `${root}/bin:/usr/bin:/bin`, DOCKER_CONFIG: root, LOG: join(root, 'log') } });
  const chain = createCredentialChain({ credentials: [{ username: 'a', password: '1' }] }, world);
  for await (const first of chain(parseReference('a'), world.signal)) {
    assert.equal(show(first), 'a:1');
    break;
  }
  assert.equal(existsSync(join(root, 'log')), false);
});

test('what to do, by registry', () => {
  const cases: Readonly<Record<string, RegExp>> = {
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a': /docker-credential-ecr-login/,
    '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a': /ecr-login/,
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a': /ecr-login/,
    'eu.gcr.io/p/a': /docker-credential-gcloud/,
    'europe-docker.pkg.dev/p/r/a': /gcloud/,
    'mirror.gcr.io/a': /docker login mirror\.gcr\.io/,
    'team.azurecr.io/a': /docker-credential-acr-env/,
    'ghcr.io/a/b': /GITHUB_TOKEN/,
    'quay.io/a/b': /docker login quay\.io/,
    alpine: /run "docker login"/,
    'dkr.ecr.evil.example/a': /docker login dkr/,
  };
  for (const [image, expected] of Object.entries(cases))
    assert.match(credentialAdvice(parseReference(image), []), expected, image);
  assert.match(credentialAdvice(parseReference('a'), ['x', 'x', 'y']), /^refused: credentials of x, y; /);
});

test('what must not be shown', () => {
  const password: Credential = { kind: 'password', username: 'u', password: 'p', source: '' };
  assert.deepEqual(secretsOf(password), ['p', base64('u:p')]);
  assert.deepEqual(secretsOf({ kind: 'bearer', token: 't', source: '' }), ['t']);
});

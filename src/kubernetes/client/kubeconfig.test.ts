import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { PratiqueError } from '#base';
import { tempDirectory, type TempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { inClusterConnection } from './in-cluster.js';
import { kubeconfigConnection } from './kubeconfig.js';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const encoded = Buffer.from(PEM).toString('base64');

const file = (user: string, cluster = 'server: https://one:6443/'): string => `
apiVersion: v1
kind: Config
current-context: here
clusters:
- name: c
  cluster:
    ${cluster.replaceAll('\n', '\n    ')}
contexts:
- {name: here, context: {cluster: c, user: u, namespace: shop}}
- {name: bare, context: {cluster: c}}
users:
- name: u
  user:
    ${user.replaceAll('\n', '\n    ')}
`;
suite('kubeconfig', () => {
  let folder: TempDirectory;
  const at = (name: string): string => join(folder.path, name);
  before(async () => (folder = await tempDirectory()));
  after(() => folder.remove());

  const load = (text: string, context?: string) => {
    writeFileSync(at('config'), text);
    return kubeconfigConnection({ path: at('config'), context }, fakeWorld());
  };

  test('a token, the current context and its namespace', async () => {
    assert.deepEqual(await load(file('token: abc')), {
      server: 'https://one:6443',
      context: 'here',
      cluster: 'c',
      namespace: 'shop',
      user: { kind: 'token', token: 'abc' },
    });
  });

  test('a named context; without a user, nobody', async () => {
    const { user, namespace } = (await load(file('token: abc'), 'bare'))!;
    assert.deepEqual([user, namespace], [{ kind: 'anonymous' }, 'default']);
  });

  test('authorities, server name, proxy, certificate from data and from files beside the kubeconfig', async () => {
    const place = `server: https://one
certificate-authority-data: ${encoded}
tls-server-name: inside
proxy-url: http://proxy:3128`;
    writeFileSync(at('cert.pem'), PEM);
    const found = (await load(file(`client-certificate: cert.pem\nclient-key-data: ${encoded}`, place)))!;
    assert.equal(found.ca, PEM);
    assert.equal(found.serverName, 'inside');
    assert.equal(found.proxyUrl, 'http://proxy:3128');
    assert.deepEqual(found.user, { kind: 'certificate', cert: PEM, key: PEM });
  });

  test('a token file is relative to the kubeconfig, and goes before a token', async () => {
    const { user } = (await load(file('tokenFile: sub/token\ntoken: abc')))!;
    assert.deepEqual(user, { kind: 'token-file', path: at('sub/token') });
  });

  test('exec plugins and whom to impersonate', async () => {
    const { user, impersonate } = (await load(
      file(`exec:
  apiVersion: client.authentication.k8s.io/v1
  command: ./bin/plugin
  args: [get, --now]
  env:
  - {name: A, value: '1'}
  installHint: get it there
  provideClusterInfo: true
as: anna
as-groups: [shop]
as-user-extra: {Reason: [why]}`),
    ))!;
    assert.deepEqual(user, {
      kind: 'exec',
      plugin: {
        command: at('bin/plugin'),
        args: ['get', '--now'],
        env: { A: '1' },
        apiVersion: 'client.authentication.k8s.io/v1',
        installHint: 'get it there',
        cluster: { server: 'https://one:6443' },
      },
    });
    assert.deepEqual(impersonate, { user: 'anna', groups: ['shop'], extra: new Map([['Reason', 'why']]) });
  });

  const refused: readonly (readonly [string, string, (string | undefined)?, string?])[] = [
    ['auth-provider: {name: gcp}', 'the auth-provider gcp was removed'],
    ['username: a\npassword: b', 'user name and password were removed'],
    [`client-certificate-data: ${encoded}`, 'only one of client certificate and client key'],
    ['client-certificate-data: AAAA', 'client-certificate-data is not PEM'],
    ['client-certificate: nowhere.pem', 'nowhere.pem, which is not there'],
    ['exec: {apiVersion: client.authentication.k8s.io/v1}', 'names no command'],
    ['exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1}', 'which is not supported'],
    ['exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}', 'needs a terminal'],
    ['as: a\nas-groups: [b, c]', 'more than one as-groups'],
    ['token: abc', 'names no server', 'insecure-skip-tls-verify: true'],
    ['token: abc', 'not an http or https URL', 'server: ftp://one'],
    ['token: abc', 'not an http or https URL', 'server: https://user:secret@one'],
    ['token: abc', 'proxy-url must be', 'server: https://one\nproxy-url: socks5://one'],
    [
      'token: abc',
      'exclude each other',
      `server: one\ninsecure-skip-tls-verify: true\ncertificate-authority-data: ${encoded}`,
    ],
    ['token: abc', 'no context there', undefined, 'there'],
    ['}', 'not YAML'],
  ];
  for (const [user, message, cluster, context] of refused) {
    test(`refused: ${message} (${user.split(':')[0]})`, async () => {
      await assert.rejects(load(file(user, cluster), context), (error) => {
        assert.ok(error instanceof PratiqueError);
        assert.match(error.message, new RegExp(message));
        assert.doesNotMatch(error.message, /secret|AAAA/);
        return true;
      });
    });
  }

  test('KUBECONFIG names several files: the first to define a name wins', async () => {
    writeFileSync(at('one'), file('token: one').replace('current-context: here', ''));
    writeFileSync(at('two'), file('token: two').replace(/clusters:[\s\S]*contexts:/, 'contexts:'));
    const env = { KUBECONFIG: `${at('none')}:${at('one')}:${at('two')}` };
    const { user, context } = (await kubeconfigConnection({}, fakeWorld({ env })))!;
    assert.deepEqual([user, context], [{ kind: 'token', token: 'one' }, 'here']);
  });

  test('the usual place may be empty, a named file not', async () => {
    assert.equal(await kubeconfigConnection({}, fakeWorld({ env: { HOME: at('home') } })), undefined);
    await assert.rejects(kubeconfigConnection({ path: at('none') }, fakeWorld()), { code: 'file/not-found' });
  });

  test('inside a cluster', async () => {
    mkdirSync(at('sa'));
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    await assert.rejects(inClusterConnection({ env }, at('sa')), { code: 'kubernetes/no-cluster' });
    for (const [name, text] of [
      ['token', 'abc\n'],
      ['ca.crt', PEM],
      ['namespace', 'here'],
    ] as const)
      writeFileSync(join(at('sa'), name), text);
    assert.deepEqual(await inClusterConnection({ env }, at('sa')), {
      server: 'https://[fd00::1]:6443',
      context: 'in-cluster',
      cluster: 'in-cluster',
      namespace: 'here',
      ca: PEM.trim(),
      user: { kind: 'token-file', path: join(at('sa'), 'token') },
    });
    assert.equal(await inClusterConnection({ env: {} }, at('sa')), undefined);
  });
});

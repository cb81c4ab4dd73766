import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { credentialsFor } from './token.js';
import { looksRemote, parseGitUrl } from './url.js';

test('addresses of repositories', () => {
  const cases: Readonly<Record<string, string>> = {
    'https://example.org/a/b': 'https://example.org/a/b',
    'example.org/a/b': 'https://example.org/a/b',
    'example.org:8443/a/b.git': 'https://example.org:8443/a/b.git',
    'localhost:3000/a': 'https://localhost:3000/a',
    'http://example.org/a': 'http://example.org/a',
    'HTTPS://Example.ORG/a': 'https://example.org/a',
    'https://user:secret@example.org/a': 'https://example.org/a',
    'ssh://git@example.org:22/a': 'ssh://git@example.org:22/a',
    'ssh://git:secret@example.org/a': 'ssh://git@example.org/a',
    'git@example.org:a/b.git': 'ssh://git@example.org/a/b.git',
    'git://example.org/a': 'git://example.org/a',
    'https://[::1]:8080/a': 'https://[::1]:8080/a',
  };
  for (const [given, text] of Object.entries(cases)) assert.equal(parseGitUrl(given).text, text, given);
  assert.deepEqual(parseGitUrl('https://a%40b:c%3Ad@h/x').credentials, { username: 'a@b', password: 'c:d' });
});

test('what git could take for something else is refused', () => {
  const refused = [
    '',
    '-x',
    'file:///etc',
    'ext::sh -c touch% x',
    'ext://example.org/x',
    'ftp://example.org/x',
    'https://example.org',
    'https://example.org/',
    'https:///x',
    'ssh://-oProxyCommand=touch/x',
    'ssh://-oProxyCommand=touch@example.org/x',
    '-oProxyCommand=touch@example.org:x',
    'https://example.org/a\nb',
    'https://example.org/a b',
    'https://exa mple.org/a',
  ];
  for (const given of refused) assert.throws(() => parseGitUrl(given), { code: 'git/invalid-url' }, given);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `ssh://${text}`),
      ),
      (given) => {
        try {
          const { text, host, scheme } = parseGitUrl(given);
          assert.match(text, /^(?:https?|ssh|git):\/\/[^-]/);
          assert.doesNotMatch(text, /[\u0000-\u0020]/);
          assert.ok(host.length > 0 && text.startsWith(scheme));
        } catch (error) {
          assert.ok(error instanceof PratiqueError && error.code === 'git/invalid-url', String(error));
        }
      },
    ),
  );
});

test('what may be a remote repository rather than a missing directory', () => {
  const cases: Readonly<Record<string, boolean>> = {
    'https://example.org/a': true,
    'example.org/a': true,
    'git@example.org:a': true,
    'localhost:3000/a': true,
    './a': false,
    '../a/b': false,
    '/a/b': false,
    a: false,
    'a/b': false,
    'example.org': false,
    'C:\\a': false,
  };
  for (const [given, remote] of Object.entries(cases)) assert.equal(looksRemote(given), remote, given);
});

test('each token for its host', () => {
  const tokens = { GITHUB_TOKEN: 'gh', GITLAB_TOKEN: 'gl', CI_JOB_TOKEN: 'job' };
  type Case = readonly [
    url: string,
    env: Readonly<Record<string, string>>,
    insecure: boolean,
    password: string | undefined,
  ];
  const cases: readonly Case[] = [
    ['https://github.com/a/b', {}, false, 'gh'],
    ['https://GitHub.com:443/a/b', {}, false, 'gh'],
    ['https://gitlab.com/a/b', {}, false, 'gl'],
    ['https://example.org/a/b', {}, false, undefined],
    ['https://github.com.example.org/a/b', {}, false, undefined],
    ['https://sub.github.com/a/b', {}, false, undefined],
    ['https://github.com:8443/a/b', {}, false, undefined],
    ['http://github.com/a/b', {}, false, undefined],
    ['http://github.com/a/b', {}, true, 'gh'],
    ['ssh://git@github.com/a/b', {}, true, undefined],
    ['git://github.com/a/b', {}, true, undefined],
    ['https://u:own@github.com/a/b', {}, false, 'own'],
    ['https://ghes.example.org/a', { GITHUB_SERVER_URL: 'https://ghes.example.org' }, false, 'gh'],
    ['https://github.com/a/b', { GITHUB_SERVER_URL: 'https://ghes.example.org' }, false, undefined],
    ['https://lab.example.org/a', { GITLAB_HOST: 'lab.example.org' }, false, 'gl'],
    ['https://lab.example.org/a', { GITLAB_HOST: 'https://lab.example.org/' }, false, 'gl'],
    ['https://gitlab.com/a/b', { GITLAB_HOST: 'lab.example.org' }, false, undefined],
    ['https://ci.example.org/a', { CI_SERVER_HOST: 'ci.example.org' }, false, 'gl'],
    ['https://ci.example.org/a', { CI_SERVER_HOST: 'ci.example.org', GITLAB_TOKEN: '' }, false, 'job'],
    ['https://ci.example.org:8443/a', { CI_SERVER_HOST: 'ci.example.org', CI_SERVER_PORT: '8443' }, false, 'gl'],
    ['https://ci.example.org/a', { CI_SERVER_HOST: 'ci.example.org', CI_SERVER_PORT: '8443' }, false, undefined],
    ['https://github.com/a/b', { GITHUB_TOKEN: 'with\nnewline' }, false, undefined],
    ['https://github.com/a/b', { GITHUB_TOKEN: ' padded \n' }, false, 'padded'],
    ['https://gitlab.com/a/b', { GITLAB_HOST: 'not a host' }, false, undefined],
  ];
  for (const [url, env, insecure, password] of cases) {
    const found = credentialsFor(parseGitUrl(url), { ...tokens, ...env }, insecure);
    assert.equal(found?.password, password, `${url} ${JSON.stringify(env)}`);
  }
});

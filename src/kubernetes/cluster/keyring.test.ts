import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { parseReference } from '#oci';
import { credentialsOf, keyringOf } from './keyring.js';

const secret = (auths: unknown, type = 'kubernetes.io/dockerconfigjson') => ({
  metadata: { name: 's', namespace: 'x' },
  type,
  data:
    type === 'kubernetes.io/dockercfg'
      ? { '.dockercfg': Buffer.from(JSON.stringify(auths)).toString('base64') }
      : { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
});
const account = { username: 'u', password: 'p' };
const opens = (key: string, image: string): boolean =>
  keyringOf(credentialsOf(secret({ [key]: account })))(parseReference(image)).length > 0;

const vectors: readonly (readonly [string, string, boolean])[] = [
  ['r.example.org', 'r.example.org/a/b:1', true],
  ['https://r.example.org', 'r.example.org/a/b:1', true],
  ['https://r.example.org/v2/', 'r.example.org/a/b:1', true],
  ['R.Example.org', 'r.example.org/a/b:1', true],
  ['r.example.org', 's.example.org/a/b:1', false],
  ['r.example.org:5000', 'r.example.org/a/b:1', false],
  ['r.example.org', 'r.example.org:5000/a/b:1', false],
  ['r.example.org:5000', 'r.example.org:5000/a/b:1', true],
  ['*.example.org', 'r.example.org/a', true],
  ['*.example.org', 'example.org/a', false],
  ['*.example.org', 'a.b.example.org/a', false],
  ['*.*.example.org', 'a.b.example.org/a', true],
  ['r*.example.org', 'r1.example.org/a', true],
  ['r?.example.org', 'r12.example.org/a', false],
  ['*', 'example.org/a', false],
  ['r.example.org/a', 'r.example.org/a/b', true],
  ['r.example.org/a/b', 'r.example.org/a', false],
  ['r.example.org/other', 'r.example.org/a', false],
  ['https://index.docker.io/v1/', 'nginx', true],
  ['docker.io', 'nginx', true],
  ['registry-1.docker.io', 'docker.io/a/b', true],
  ['docker.io/a', 'nginx', false],
  ['quay.io', 'nginx', false],
];
for (const [key, image, expected] of vectors) {
  test(`${key} ${expected ? 'opens' : 'does not open'} ${image}`, () => assert.equal(opens(key, image), expected));
}

test('the most specific goes first, each pair once', () => {
  const auths = {
    '*.example.org': { username: 'wild', password: '1' },
    'r.example.org': { username: 'host', password: '1' },
    'r.example.org/a': { auth: Buffer.from('path:with:colons').toString('base64') },
    'https://r.example.org/v1/': { username: 'host', password: '1' },
  };
  const found = keyringOf(credentialsOf(secret(auths)))(parseReference('r.example.org/a/b'));
  assert.deepEqual(
    found.map(({ username, password }) => [username, password]),
    [
      ['path', 'with:colons'],
      ['host', '1'],
      ['wild', '1'],
    ],
  );
  assert.equal(found[0]!.source, 'secret x/s');
});

test('old secrets, refresh tokens, entries without anything', () => {
  const [old] = credentialsOf(secret({ 'a.org': account }, 'kubernetes.io/dockercfg'));
  assert.equal(old?.username, 'u');
  const [token] = credentialsOf(secret({ 'a.org': { identitytoken: 't' } }));
  assert.deepEqual([token?.username, token?.password], ['<token>', 't']);
  assert.deepEqual(credentialsOf(secret({ 'a.org': {}, 'b.org': null, 'c.org': { auth: '####' } })), []);
});

test('a damaged secret is a FormatError that does not show it', () => {
  const damaged = [{}, { '.dockerconfigjson': Buffer.from('{"auths": hunter2').toString('base64') }];
  for (const data of damaged) {
    assert.throws(
      () => credentialsOf({ metadata: { name: 's', namespace: 'x' }, data }),
      (error) => error instanceof FormatError && !error.message.includes('hunter2'),
    );
  }
  fc.assert(
    fc.property(fc.json(), fc.string(), (text, key) => {
      credentialsOf(secret(JSON.parse(text)));
      opens(key, 'a.b.c/d');
    }),
  );
});

test('a pattern with many stars ends soon', () => {
  const began = performance.now();
  assert.equal(opens(`${'*a'.repeat(5000)}b.org`, `${'a'.repeat(200)}.org/x`), false);
  assert.ok(performance.now() - began < 200);
});

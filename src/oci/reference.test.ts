import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { atMirror, parseReference } from './reference.js';

const D = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('full names', () => {
  const cases: Readonly<Record<string, string>> = {
    alpine: 'index.docker.io/library/alpine:latest',
    'alpine:3.20': 'index.docker.io/library/alpine:3.20',
    'grafana/grafana': 'index.docker.io/grafana/grafana:latest',
    'docker.io/alpine': 'index.docker.io/library/alpine:latest',
    'docker.io/library/alpine:3': 'index.docker.io/library/alpine:3',
    'index.docker.io/alpine': 'index.docker.io/library/alpine:latest',
    'ghcr.io/a/b/c:v1.2-rc_1': 'ghcr.io/a/b/c:v1.2-rc_1',
    'localhost/app': 'localhost/app:latest',
    'localhost:5000/app': 'localhost:5000/app:latest',
    'registry.example:8443/team/app:1': 'registry.example:8443/team/app:1',
    '127.0.0.1/app': '127.0.0.1/app:latest',
    '[::1]:5000/app': '[::1]:5000/app:latest',
    'Example.com/app': 'Example.com/app:latest',
    [`alpine@${D}`]: `index.docker.io/library/alpine@${D}`,
    [`alpine:3.20@${D}`]: `index.docker.io/library/alpine@${D}`,
    [`localhost:5000/app@${D}`]: `localhost:5000/app@${D}`,
    'a__b/c-d--e.f': 'index.docker.io/a__b/c-d--e.f:latest',
  };
  for (const [text, name] of Object.entries(cases)) assert.equal(parseReference(text).name, name, text);
});

test('parts', () => {
  const both = parseReference(`alpine:3.20@${D}`);
  assert.deepEqual([both.tag, both.digest, both.identifier], ['3.20', D, D]);
  const plain = parseReference('quay.io/a/b');
  assert.deepEqual(
    [plain.registry, plain.repository, plain.tag, plain.digest],
    ['quay.io', 'a/b', 'latest', undefined],
  );
  assert.equal(parseReference('ghcr.io/a/db', { defaultTag: '2' }).name, 'ghcr.io/a/db:2');
  assert.equal(parseReference('ghcr.io/a/db:9', { defaultTag: '2' }).name, 'ghcr.io/a/db:9');
});

test('what is no reference is refused', () => {
  const cases = [
    '',
    ':',
    '@',
    '/',
    '/a',
    'a/',
    'a//b',
    'UPPER',
    'a:b:c',
    'a:',
    'a:-b',
    `a:${'t'.repeat(129)}`,
    'a@sha256:12',
    `a@${D}@${D}`,
  ]
    .concat([
      'https://ghcr.io/a',
      'a b',
      'a\nb',
      '../a',
      'a/../b',
      'ghcr.io/a/..',
      '-a',
      'a-',
      'host.x:99999/a',
      'host.x:/a',
      'ex_ample.com/a',
    ])
    .concat(['a?b', 'a#b', 'ghcr.io/', `${'a'.repeat(256)}`, 'é', '[::1/a', 'user@host.example/a']);
  for (const text of cases) {
    assert.throws(() => parseReference(text), { code: 'reference/invalid' }, JSON.stringify(text));
  }
});

test('any text: a reference that is stable under its own name, or an error', () => {
  const letters = fc.constantFrom(...'abzAZ09._-/:@[]', ' ', 'sha256:', 'localhost', '.io', 'é');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(letters, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const { name, registry } = parseReference(given);
        assert.equal(parseReference(name).name, name);
        assert.equal(new URL(`https://${registry}/`).pathname, '/');
      } catch (error) {
        assert.ok(error instanceof PratiqueError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('mirrors', () => {
  const cases: readonly [string, string, string][] = [
    ['alpine:3', 'mirror.gcr.io', 'mirror.gcr.io/library/alpine:3'],
    ['alpine:3', 'https://mirror.gcr.io/', 'mirror.gcr.io/library/alpine:3'],
    [`ghcr.io/a/b@${D}`, 'harbor.local:8443/proxy/ghcr', `harbor.local:8443/proxy/ghcr/a/b@${D}`],
    ['quay.io/a/b', 'docker.io', 'index.docker.io/a/b:latest'],
  ];
  for (const [text, mirror, name] of cases) assert.equal(atMirror(parseReference(text), mirror).name, name);
  assert.throws(() => atMirror(parseReference('a'), 'no host/x'), { code: 'reference/invalid' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { decodePurl, encodePurl, type PackageUrl } from './purl.js';

const both: readonly (readonly [string, PackageUrl])[] = [
  ['pkg:npm/%40scope/name@1.2.3', { type: 'npm', namespace: '@scope', name: 'name', version: '1.2.3' }],
  ['pkg:maven/org.example/tool@1.0', { type: 'maven', namespace: 'org.example', name: 'tool', version: '1.0' }],
  [
    'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14',
    { type: 'deb', namespace: 'debian', name: 'libstdc++6', version: '12.2.0-14' },
  ],
  ['pkg:pypi/one@1!0.9', { type: 'pypi', name: 'one', version: '1!0.9' }],
  ['pkg:cocoapods/Pod@1#Core/Sub', { type: 'cocoapods', name: 'Pod', version: '1', subpath: 'Core/Sub' }],
  [
    'pkg:rpm/redhat/tool@1~rc%5E2-1.el9?arch=x86_64&distro=redhat-9.4&epoch=2&modularitylabel=nodejs:18:9030:abc',
    {
      type: 'rpm',
      namespace: 'redhat',
      name: 'tool',
      version: '1~rc^2-1.el9',
      qualifiers: new Map([
        ['arch', 'x86_64'],
        ['distro', 'redhat-9.4'],
        ['epoch', '2'],
        ['modularitylabel', 'nodejs:18:9030:abc'],
      ]),
    },
  ],
  [
    'pkg:deb/debian/a@1?distro=x%20%28y%29%2Fz',
    { type: 'deb', namespace: 'debian', name: 'a', version: '1', qualifiers: new Map([['distro', 'x (y)/z']]) },
  ],
];

for (const [text, purl] of both)
  test(`${text} encodes and decodes`, () => {
    assert.equal(encodePurl(purl), text);
    assert.deepEqual(decodePurl(text), purl);
  });

const decodedTo: readonly (readonly [string, string])[] = [
  ['pkg://NPM/@scope/name@1', 'pkg:npm/%40scope/name@1'],
  ['pkg:npm//a///b@1?', 'pkg:npm/a/b@1'],
  ['pkg:golang/GitHub.com/A/B@v1', 'pkg:golang/github.com/a/b@v1'],
  ['pkg:pypi/A_b.C@1', 'pkg:pypi/a-b.c@1'],
  ['pkg:generic/a@b@1', 'pkg:generic/a%40b@1'],
  ['pkg:generic/a?z=1&B=%20&c=', 'pkg:generic/a?b=%20&z=1'],
  ['pkg:npm/@scope/name', 'pkg:npm/%40scope/name'],
];

for (const [text, canonical] of decodedTo)
  test(`${text} means ${canonical}`, () => assert.equal(encodePurl(decodePurl(text)), canonical));

for (const text of [
  '',
  'npm/a',
  'pkg:',
  'pkg:npm',
  'pkg:npm/',
  'pkg:/a',
  'pkg:npm/a%zz',
  'pkg:npm/a#../b',
  'pkg:n m/a',
])
  test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => decodePurl(text), FormatError));

for (const text of ['pkg:npm/a?k=1&K=2', 'pkg:npm/a?=x', `pkg:npm/${'a'.repeat(9000)}`])
  test(`${text.slice(0, 30)} is refused`, () => assert.throws(() => decodePurl(text), FormatError));

test('a qualifier named like an object member is only a qualifier', () => {
  const purl = decodePurl('pkg:npm/a?__proto__=x');
  assert.deepEqual([...purl.qualifiers!], [['__proto__', 'x']]);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});

const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/^[./]*$|\//.test(text));

test('any name, namespace, version and qualifier come back', () =>
  fc.assert(
    fc.property(word, word, word, word, (namespace, name, version, value) => {
      const purl = { type: 'generic', namespace, name, version, qualifiers: new Map([['k', value]]) };
      assert.deepEqual(decodePurl(encodePurl(purl)), purl);
    }),
  ));

test('any text decodes or is refused', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((tail) => `pkg:npm/${tail}`),
      ),
      (text) => {
        try {
          encodePurl(decodePurl(text));
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      },
    ),
  ));

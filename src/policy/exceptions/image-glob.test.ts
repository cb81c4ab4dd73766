import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileImageGlob } from './image-glob.js';

test('globs of images', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['ghcr.io/acme/app', 'ghcr.io/acme/app', true],
    ['ghcr.io/acme/app', 'ghcr.io/acme/apps', false],
    ['ghcr.io/acme/*', 'ghcr.io/acme/app', true],
    ['ghcr.io/acme/*', 'ghcr.io/acme/team/app', false],
    ['ghcr.io/acme/**', 'ghcr.io/acme/team/app', true],
    ['ghcr.io/*/app', 'ghcr.io/acme/app', true],
    ['ghcr.io/*/app', 'ghcr.io/app', false],
    ['**', 'anything/at/all', true],
    ['**/app', 'ghcr.io/acme/app', true],
    ['*.io/**', 'ghcr.io/x', true],
    ['app-?', 'app-1', true],
    ['app-?', 'app-', false],
    ['app-?', 'app-/', false],
    ['a.b', 'axb', false],
    ['ghcr.io/acme/app@sha256:ab*', 'ghcr.io/acme/app@sha256:abcd', true],
    ['*', '', true],
  ];
  for (const [glob, text, expected] of cases)
    assert.equal(compileImageGlob(glob).test(text), expected, `${glob} ${text}`);
  for (const glob of ['{a,b}', '[ab]', 'a\\*']) assert.throws(() => compileImageGlob(glob), /\* and \?|\?/);
});

test('the same as a regular expression, on texts that it can take', () => {
  const glob = fc
    .array(fc.constantFrom('*', '**', '?', 'a', 'b', '/', '.'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 10 }).map((parts) => parts.join(''));
  const expression = (source: string): RegExp =>
    new RegExp(
      `^${source.replace(/\*{2,}|\*|\?|\./g, (part) => (part === '?' ? '[^/]' : part === '.' ? '\\.' : part === '*' ? '[^/]*' : '.*'))}$`,
      's',
    );
  fc.assert(fc.property(glob, text, (one, other) => compileImageGlob(one).test(other) === expression(one).test(other)));
});

test('a hostile glob takes no longer than others', () => {
  const glob = compileImageGlob(`${'*a'.repeat(499)}b`);
  const began = performance.now();
  for (let i = 0; i < 10; i++) assert.equal(glob.test('a'.repeat(400)), false);
  assert.ok(performance.now() - began < 2000);
});

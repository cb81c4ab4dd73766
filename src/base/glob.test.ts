import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileGlob } from './glob.js';

test('globs of paths', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['a/**', 'a', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'ab', false],
    ['**', 'a/b', true],
    ['**/b', 'b', true],
    ['**/b', 'a/x/b', true],
    ['**/b', 'a/xb', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/*', 'a/b/c', false],
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a/a.txt', false],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['{a,b/c}/d', 'b/c/d', true],
    ['a\\*', 'a*', true],
    ['a.b', 'axb', false],
  ];
  for (const [glob, path, matches] of cases) assert.equal(compileGlob(glob).test(path), matches, `${glob} ${path}`);
});

test('a glob is an expression or a SyntaxError', () => {
  for (const glob of ['[', 'a{b', '[z-a]']) assert.throws(() => compileGlob(glob), SyntaxError);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('*', '**', '/', '?', '[', ']', '{', '}', ',', '!', '\\', 'a', '-', '(', '$'), {
        maxLength: 10,
      }),
      (parts) => {
        try {
          compileGlob(parts.join('')).test('a/b');
        } catch (error) {
          assert.ok(error instanceof SyntaxError);
        }
      },
    ),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pep440, pep440Local } from './pep440.js';
import { assertOrder, testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  pep440,
  '3.0.dev1 3.0.dev2 3.0a0.dev1 3.0a=3.0alpha0=3.0-A_0 3.0a1 3.0b1=3.0.beta.1 3.0rc1=3.0c1=3.0preview1=3.0-pre-1 3.0rc1.post1.dev2 3.0rc1.post1 3.0rc2.dev1 3.0rc2 3=3.0=v3.0.0 3.0+a 3.0+a.b 3.0+a.1 3.0+1=3.0+01 3.0+1.1=3.0+1-1=3.0+1_1 3.0+2 3.0-0=3.0.post=3.0.rev0=3.0-r-0 3.0.post1.dev1 3.0.post1=3.0-1 3.0.1 3.1 3.10',
  '99 1!0.1 1!0.2',
  '1.20240131120000123455 1.20240131120000123456',
);
testValid(
  pep440,
  [' 1.0 ', '1.0a.', '1.0a-.post1', '1.0a--1', '1.0dev-', '1.0post-1-dev', '1.0A1', 'V1'],
  [
    '',
    'v',
    '1.',
    '1.0-',
    '1.0arc',
    '1.0+',
    '1.0+a..b',
    '1.0+a-',
    '1.0.x',
    '1!',
    '!1',
    '1!!2',
    '1.0.dev1.post1',
    '0.9-final',
    '2013-01-21T20:33:09+0100',
  ],
);
testSatisfies(pep440, [
  // Pre-releases count, local labels do not.
  ['<2.0', '1.9 2.0rc1 2.0.dev1', '2.0 2.0+x'],
  ['<=2.0', '2.0+x', '2.0.post1'],
  ['>2.0', '2.0.1 2.1.dev1', '2.0 2.0+x 2.0.post1'],
  ['>2.0.post1', '2.0.post2', '2.0.post1'],
  ['>=2.0rc1', '2.0rc1 2.0', '2.0b9'],
  ['==2.0', '2.0 2 2.0.0+x', '2.0.1 2.0rc1'],
  ['2.0 || = 3.0', '2.0 3.0.0', '2.1'],
  ['==2.0+x', '2.0+x', '2.0 2.0+y'],
  ['!=2.0', '2.1', '2.0+x'],
  ['!=2.0+x', '2.0', '2.0+x'],
  ['==2.*', '2 2.0 2.9.1 2.0rc1 2.1+x', '3.0 1!2.0 20.1'],
  ['!=2.1.*', '2.2', '2.1 2.1.5'],
  ['==2.0a1.*', '2.0a1 2.0a1.post1', '2.0 2.0a2 2.0b1 2.1a1'],
  ['==2.0.post1.*', '2.0.post1 2.0.post1.dev1', '2.0 2.0.post2 2.0a1.post1'],
  ['~=2.2.1', '2.2.1 2.2.9+x', '2.3 2.2.0'],
  ['~=2.2', '2.2 2.9', '3.0 2.1'],
  ['~=2.2.post3', '2.2.post3 2.9', '3.0 2.2'],
  ['===2.0-RC1', '2.0-rc1', '2.0rc1'],
  ['*', '0 1.0', '0.0.dev1'],
  ['>=1.0,<1.5 || >=1!0', '1.4 1!0.1', '1.5'],
  ['>=1.0!=1.2', '1.1', '1.2'],
]);
testUndecidable(pep440, '1.0', [
  '',
  '>=',
  '<2.0+x',
  '~=2',
  '~=2.*',
  '>=2.*',
  '==2.dev1.*',
  '==2+a.*',
  '^1.0',
  '<2.0 || =foo',
]);

test('pep440: long words in specifiers are undecided where the reference reads them otherwise', () => {
  for (const [version, constraint, expected] of [
    ['1.9', '<2.0.0-beta.1', undefined],
    ['2.0.0', '<2.0.0-beta.1', false],
    ['1.9', '<2.0.0beta', true],
    ['1.9', '<2.0.0b1', true],
    ['2.1', '>=2.0alpha1', undefined],
    ['1', '<2.0preview1', true],
    ['5', '=1.0beta6.1', false],
    ['1.2', '<1.3 || =1.0beta6.1', true],
  ] as const)
    assert.equal(pep440.satisfies(version, constraint), expected, `${version} in ${constraint}`);
});

testSatisfies(pep440Local, [
  ['>=1.2+sp1, <1.2+sp999', '1.2+sp1 1.2+sp2', '1.2 1.2+sp999 1.3'],
  ['==1.2', '1.2', '1.2+sp1'],
  ['>1.2', '1.2+sp1', '1.2 1.2.post1'],
  ['~=1.2+sp1', '1.2+sp1 1.9', '1.2 2.0'],
]);
test('pep440-local: order', () => assertOrder(pep440Local, '1.0+sp1', -1, '1.0+sp2'));

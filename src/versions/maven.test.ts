import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maven } from './maven.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  maven,
  '5-alpha 5-alpha-2=5-a2 5-beta-2=5.0-b2 5-milestone-3=5-m3 5-rc-1=5-cr1=5-RC1 5-rc-2 5-SNAPSHOT 5=5.0=5.0.0=5-ga=5-Final=5.0.RELEASE=5-0=5. 5-sp 5-sp-1 5-jre 5-zeta 5-1 5-2 5-10 5.0.1 5.1-rc 5.1 5.10',
  '1.0.0.RC1 1.0.0.RC2 1.0.0.RELEASE 1.0.1.RC1',
  '3.2.1-alpha 3.2.1.Final 3.2.1.Final-redhat-1 3.2.1.Final-redhat-2',
  '31.1-android 31.1-jre 32.0-android',
  '1.a1 1.alpha2 1.a 1.b',
  '1.20240131120000123455 1.20240131120000123456',
  '0-1 1',
  '1x 1x1 1x2 1y',
);
testValid(maven, ['', '1', '-', '..', 'é', '1.0_x+y', '$(version)'], []);
testSatisfies(maven, [
  ['< 2.15.0', '2.14.9 2.15.0-rc1 2.15.0-SNAPSHOT', '2.15.0 2.15.0-jre 2.15'],
  ['>= 1.0, < 1.2 || = 3.0', '1.0.0 1.1 3', '1.2 3.1'],
  ['>=5.0.0.RELEASE,<=5.3.17', '5.0.0 5.3.17.RELEASE', '5.3.18'],
  ['1.0', '1.0.0', '1.1'],
  ['!=1.0~x', '1.0', '1.0~X'],
  ['[1.0,2.0)', '1.0 1.9 2.0-rc', '2.0 0.9'],
  ['(,1.5]', '0.1 1.5', '1.6'],
  ['[1.2.3-RC2]', '1.2.3-rc2', '1.2.3-rc'],
  ['(,1.0],[1.2,)', '1.0 1.2 3', '1.1'],
  ['[ 1.0 , 1.1 ] ', '1.0 1.1', '1.2'],
]);
testUndecidable(maven, '1.0', [
  '',
  '<',
  '~1.0',
  '^1.0',
  '[',
  '[1.0',
  '[1,2,3]',
  '[]',
  '1.0]',
  '<1.0$',
  '<1.0 || [1.0]',
]);

test('maven: deep nesting neither overflows the stack nor slows down', () => {
  const deep = '1-'.repeat(50_000);
  assert.ok(maven.compare(`${deep}1`, `${deep}2`)! < 0);
  assert.ok(maven.compare(deep, `${deep}alpha`)! > 0);
  assert.equal(maven.compare(deep.replaceAll('1', '0'), '0'), 0);
});

import { packagist } from './packagist.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  packagist,
  '8.2-foo 8.2-dev 8.2-alpha=8.2a=8.2_a 8.2-alpha1=8.2.a.1 8.2-alpha.2 8.2-beta=8.2b 8.2-RC=8.2rc 8.2-rc1 8.2=v8.2=V8.02 8.2.0 8.2.0.1 8.2.1 8.2-p=8.2pl=8.2-patch 8.2-p1=8.2-post1',
  // Forms are known in their usual case only.
  '1.0-Beta=1.0-BETA=1.0-x 1.0-dev',
  '9 10',
);
testValid(packagist, ['1', 'v1.0', '1.0.x-dev', '1.0@dev'], ['', 'dev-main', 'v', '.1', 'x1']);
testSatisfies(packagist, [
  ['>=1.0,<1.5.0-beta2', '1.0.0 1.5.0-beta1', '1.5.0 1.5.0-RC1'],
  ['<1.0 || =2.0-p1', '0.9 2.0pl1', '2.0 1.0'],
]);
testUndecidable(packagist, '1.0', ['', '^1.0', 'dev-main', '<']);

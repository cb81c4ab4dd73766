import { semver } from './semver.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  semver,
  '6.0.0-a 6.0.0-a.1 6.0.0-a.b 6.0.0-b.2 6.0.0-b.11 6.0.0=v6=6.0.0+x 6.0.0.1 6.0.1 6.1.0',
  '9.0 10.0',
);
testValid(semver, ['1', 'v1.2.3', '1.2.3-01', '1.2.3+b'], ['', 'v', '1.2a', '1.2.3-', '1.2.3-a..b', 'x', '1.2.3 ']);
testSatisfies(semver, [
  ['>=1.0.0, <1.2.0', '1.0.0 1.1.9 1.2.0-rc', '1.2.0 1.0.0-rc'],
  ['<0.5 || =0.7.0', '0.4.9 0.7', '0.5.0'],
]);
testUndecidable(semver, '1.0.0', ['', '^1.0.0', '<main', '1.x']);

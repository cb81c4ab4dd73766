import { rpm } from './rpm.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  rpm,
  '5.1~ 5.1~rc1 5.1~rc2 5.1=5_1=5.01=0:5.1 5.1^ 5.1^git1 5.1^git2 5.1a 5.1a1 5.1b 5.1.0 5.1.1 5.2 5.10',
  // An absent release is the lowest.
  '3.0 3.0-1.el8 3.0-1.el8_4.1 3.0-1.el8_6.1 3.0-1.el9 3.0-2.el8 3.0-10.el8',
  '9-1 1:0-1 1:1-1 2:0',
  'a b 1',
  'A a aa b',
  '1.20240131120000123455 1.20240131120000123456',
  // Without digits before it a colon is a separator.
  'x:1 x:2',
  '2.0-1.el8~bootstrap 2.0-1.el8',
);
testValid(rpm, ['', '1', ':', '-', '1:2-3', 'é', '~^'], []);
testSatisfies(rpm, [
  ['<1:1.2-3.el8', '1.9 1:1.2-2.el9 1:1.2', '1:1.2-3.el8 1:1.3'],
  ['>=1.0^git1, !=1.2', '1.0^git2 1.1', '1.0 1.2 1.0~rc1'],
  ['=1.2-3', '1.2-3', '1.2'],
]);
testUndecidable(rpm, '1.0', ['', '<', '<el8', '<1.0*']);

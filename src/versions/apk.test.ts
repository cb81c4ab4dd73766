import { apk } from './apk.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  apk,
  // Suffixes around the release, with numbers, and the revision last.
  '3.4_alpha 3.4_alpha1 3.4_alpha2 3.4_beta 3.4_pre 3.4_pre7 3.4_rc 3.4_rc1 3.4_rc1-r0 3.4 3.4-r0 3.4-r1 3.4-r10',
  '3.4-r9 3.4_cvs 3.4_svn 3.4_git 3.4_git20240301 3.4_hg 3.4_p 3.4_p1 3.4_p2-r3 3.4a 3.4b 3.4b1 3.4.0 3.4.1 3.10',
  // After the first dot, leading zeros make fractions.
  '1.0001 1.00 1.001 1.002 1.0 1.01 1.1 1.2 1.10',
  '7=007 8',
  '99999999999999999998 99999999999999999999 100000000000000000000-r1',
  '1.2_rc1_p1 1.2_rc1_p2 1.2_rc2',
);
testValid(
  apk,
  ['0', '1.2.3', '1.2.3b', '2_p1_git4', '1-r1', '1..2', '3.1-5', '1.2-r1-r2', '20240101-r0'],
  ['', '1.2.3B', '1-r1_p1', '1_unknown', '1.2-', '1.2 ', '1:2', '1.2ab', '~1', 'é'],
);
testSatisfies(apk, [
  ['<1.2.3-r4', '1.2.3-r3 1.2.3_rc1-r9 1.2.3', '1.2.3-r4 1.2.4'],
  ['>=1.2.3-r0, <1.3', '1.2.3-r0 1.2.9_p3-r1 1.3_beta', '1.2.3 1.3 1.4'],
  ['>=1.0 <2.0', '1.5', '2.0 0.9'],
  ['=1.0-r1 || !=1.0-r2', '1.0-r1 1.0-r3', '1.0-r2'],
]);
testUndecidable(apk, '1.0', ['', '>', '>=', '<beta', '<1.2-', '>1 ||', '~>1.0']);

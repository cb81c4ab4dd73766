import { pub } from './pub.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

// Build metadata count, from none upwards.
testAscending(pub, '2.0.0-a 2.0.0-a+1 2.0.0 2.0.0+1 2.0.0+2 2.0.0+10 2.0.0+a 2.0.0+a.1 2.0.1');
testValid(pub, ['1.2.3+4', 'v1.2.3'], ['', 'any', '1.2.3-']);
testSatisfies(pub, [
  ['^1.2.3', '1.2.3 1.2.3+1 1.9.9', '2.0.0 1.2.2'],
  ['^0.2.3', '0.2.3 0.2.9', '0.3.0'],
  ['>=1.0.0 <1.0.0+2', '1.0.0+1', '1.0.0+2'],
]);
testUndecidable(pub, '1.0.0', ['any', '', '~1.0.0']);

import { nuget } from './nuget.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(
  nuget,
  '4.5-alpha=4.5.0-ALPHA 4.5-Beta 4.5-beta.2 4.5-beta.10 4.5=4.5.0.0=4.05+x=v4.5 4.5.0.1-rc 4.5.0.1 4.5.1',
);
testValid(nuget, ['1', '1.2.3.4-x+y', ' 1.0 '], ['', '1.2.3.4.5', '1.2.3-', 'latest', '1.*']);
testSatisfies(nuget, [
  ['[1.0,2.0)', '1.0 1.9 2.0-rc', '2.0 0.9'],
  ['(1.0, 2.0]', '1.0.1 2.0', '1.0'],
  ['(,1.5]', '0.1 1.5', '1.6'],
  ['[1.5,)', '1.5 9', '1.4'],
  ['[1.2.3]', '1.2.3.0', '1.2.4'],
  ['[1.0,1.1), [2.0,2.1)', '1.0.5 2.0.5', '1.5'],
  ['>= 1.0, < 2.0', '1.5', '2.0'],
]);
testUndecidable(nuget, '1.0', ['', '[', '[]', '[1.0', '(1.0,2.0,3.0)', '[x,2.0)', '[1.0,y)', '[1.0,2.0) 3', '^1.0']);

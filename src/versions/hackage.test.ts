import { hackage } from './hackage.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(hackage, '0.9 0.10 0.10.0=0.010.0 0.10.0.1 0.11 1 1.0');
testValid(hackage, ['0', '1.2.3.4.5'], ['', '1.', '.1', '1..2', '1-2', 'v1', '1.a']);
testSatisfies(hackage, [['>=1.0,<1.0.3', '1.0 1.0.2.9', '1.0.3 0.9']]);
testUndecidable(hackage, '1.0', ['', '==1.*', '^>=1.0']);

import { cran } from './cran.js';
import { testAscending, testSatisfies, testUndecidable, testValid } from './tables.test.js';

testAscending(cran, '0.9-2 0.9-10=0.9.10 0.9.10-1 0.10 1.0 1.0-0=1.0.0 1.0-1');
testValid(cran, ['0.1', '1-2-3'], ['', '1-', '-1', '1--2', '1.0a', '1_2']);
testSatisfies(cran, [['<1.2-3', '1.2-2 1.2', '1.2.3']]);
testUndecidable(cran, '1.0', ['', '~1.0', '<x']);

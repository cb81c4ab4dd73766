/** How reports call this program, and where it lives. */
export const programName = 'pratique';
export const programUrl = 'https://www.npmjs.com/package/pratique';

export { checkLicenses } from './licenses/check-licenses.js';

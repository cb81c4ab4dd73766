export type { Format, FormatOptions } from './format.js';
export { readReport } from './read-report.js';
export { billFormats, findFormat, formatIds } from './registry.js';
export { findingJson, referenceVersion } from './report-json.js';

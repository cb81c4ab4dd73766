export type { Format, FormatOptions } from './format.js';
export { findFormat, formatIds } from './registry.js';
export { referenceVersion } from './report-json.js';

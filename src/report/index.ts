export type { Node as BillNode } from './bom-components.js';
export type { Format, FormatOptions } from './format.js';
export { readReport } from './read-report.js';
export { billFormats, findFormat, formatIds } from './registry.js';
export { reproducibleReport } from './reproducible-report.js';
export { findingJson, type JsonOptions, referenceVersion, reportHead, resultJson } from './report-json.js';
export { writeBill } from './write-bill.js';

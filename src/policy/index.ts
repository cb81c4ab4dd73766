export { acceptFindings } from './exceptions/accept-findings.js';
export {
  canonicalRegistry,
  type FindingException,
  parseException,
  readImageGlob,
  readPolicyException,
} from './exceptions/finding-exception.js';
export type { ImageGlob } from './exceptions/image-glob.js';
export { type ExceptionFile, exceptionName, loadExceptions } from './exceptions/load-exceptions.js';
export { acceptedBy, exceptionsFor } from './exceptions/match-exception.js';
export { filterResult, type FindingFilter, type FindingPolicy } from './filter-findings.js';
export {
  filterReport,
  openFilter,
  type FilterContext,
  type FilterOptions,
  type ReportFilter,
} from './filter-report.js';
export type { IgnoreFileChoice } from './load-ignore-files.js';
export { TableReader } from './table-reader.js';

/** Loaded by the commands that manage VEX repositories. */
export const vexRepositoryTools = () => import('./vex/vex-repository-tools.js');

export { filterResult, type FindingFilter, type FindingPolicy } from './filter-findings.js';
export {
  filterReport,
  openFilter,
  type FilterContext,
  type FilterOptions,
  type ReportFilter,
} from './filter-report.js';
export type { IgnoreFileChoice } from './load-ignore-files.js';

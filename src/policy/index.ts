export { filterResult, type FindingFilter } from './filter-findings.js';

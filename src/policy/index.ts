export { compareVulnerabilities, filterResult, type FindingFilter } from './filter-findings.js';

export * from './extractor.js';
export { extractors } from './registry.js';

export { applyLayers, type ApplyOptions } from './apply-layers.js';
export { createCollector, type Collector } from './collector.js';
export * from './extractor.js';
export { openJavaDatabase } from './java/java-database.js';
export { planExtraction, type ExtractionPlan, type PlanOptions } from './plan.js';
export { extractors } from './registry.js';
export { sbomRecord, type SbomRecord } from './sbom/sbom-record.js';

export { schemes, scheme, type SchemeId } from './registry.js';
export { defineScheme, type Range, type Scheme, type SchemeDefinition } from './scheme.js';

import type { Extractor } from './extractor.js';

/** Every extractor, alphabetical by id. */
export const extractors: readonly Extractor[] = [];

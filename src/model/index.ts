export * from './advisory.js';
export type * from './diagnostic.js';
export * from './file.js';
export type * from './finding.js';
export type * from './image.js';
export type * from './layer.js';
export type * from './os.js';
export type * from './package.js';
export type * from './report.js';

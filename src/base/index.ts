export * from './compact.js';
export * from './errors.js';
export * from './glob.js';
export * from './hash.js';
export * from './limits.js';
export * from './linear-regex.js';
export * from './zlib.js';

export * from './make-zip.js';
export * from './purl.js';
export * from './toml.js';
export * from './untyped.js';
export * from './zip.js';

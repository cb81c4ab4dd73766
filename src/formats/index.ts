export * from './located-json.js';
export * from './make-zip.js';
export * from './purl.js';
export * from './toml.js';
export * from './untyped.js';
export * from './xml.js';
export * from './yaml.js';
export * from './zip.js';

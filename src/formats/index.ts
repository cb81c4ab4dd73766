export * from './toml.js';
export * from './untyped.js';

export * from './descriptor.js';
export * from './digest.js';
export * from './layout.js';
export * from './manifest.js';
export * from './media-types.js';
export * from './platform.js';
export * from './reference.js';
export * from './registry/client.js';
export type { RegistryOptions } from './registry/options.js';

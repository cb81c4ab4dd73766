export * from './fake-lookup.js';
export * from './fake-system.js';

export * from './distribution.js';
export * from './distributions.js';
export * from './ecosystem.js';
export * from './languages.js';
export * from './package-url.js';
export * from './support.js';

export * from './embedded/embedded-files.js';
export * from './embedded/open-embedded-database.js';
export * from './store/advisory-store.js';
export * from './store/database-metadata.js';
export * from './store/update-decision.js';
export * from './store/write-bolt.js';

export * from './make-executable.js';
export * from './make-rpm-database.js';
export * from './make-sqlite.js';
export * from './make-tar.js';
export * from './make-zip.js';

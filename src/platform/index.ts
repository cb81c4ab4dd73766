export * from './append-text.js';
export * from './atomic-write.js';
export * from './backoff.js';
export * from './cache-directory.js';
export * from './clock.js';
export * from './collect-garbage.js';
export * from './confined-file-system.js';
export * from './directory-listing.js';
export * from './file-error.js';
export * from './grpc.js';
export * from './http.js';
export * from './log.js';
export * from './make-directory.js';
export * from './network-error.js';
export * from './progress.js';
export {
  openRandomAccess,
  type OpenOptions,
  type RandomAccess,
  randomAccessOf,
  sliceOf,
} from './random-access-file.js';
export * from './read-file.js';
export * from './real-world.js';
export * from './record-store.js';
export * from './remove-directory.js';
export * from './remove-old-files.js';
export * from './replace-directory.js';
export * from './run-program.js';
export * from './spool-file.js';
export * from './temp-directory.js';
export { trustedRoots } from './tls-roots.js';
export type * from './world.js';
export * from './write-output.js';

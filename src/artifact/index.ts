export * from './make-image.js';
export { type ArchiveOptions, openArchive } from './open-archive.js';
export { type ImageOptions, type ImageSource, imageSources, openImage } from './open-image.js';
export { createPathFilter, everyPath, type PathFilter, type PathFilterOptions } from './path-filter.js';
export { openSbom, type OpenedSbom } from './sbom.js';
export { walkArchive, type WalkOptions } from './walk-archive.js';
export { walkDirectory } from './walk-directory.js';

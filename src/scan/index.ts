export type { Report, Result, Vulnerability, Package, Diagnostic, DatabaseInfo } from '#model';
export { PratiqueError } from '#base';
export { type DatabaseVersion, databaseVersions } from './database-versions.js';
export { type OpenedDatabase, openDatabase, updateDatabase } from './database.js';
export { applyFilter, type FilterChoice, openScanFilter } from './filter.js';
export { layerCacheDirectory } from './layer-cache.js';
export type { DatabaseOptions, ImageOptions, Scanner, ScanOptions, ScanTarget } from './options.js';
export { scan } from './scan.js';

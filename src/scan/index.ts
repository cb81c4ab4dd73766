export type { Report, Result, Vulnerability, Package, Diagnostic, DatabaseInfo } from '#model';
export { PratiqueError } from '#base';
export { type OpenedDatabase, openDatabase, updateDatabase } from './database.js';
export { layerCacheDirectory } from './layer-cache.js';
export type { DatabaseOptions, ImageOptions, RegistryAccess, ScanOptions, ScanTarget } from './options.js';
export { scan } from './scan.js';

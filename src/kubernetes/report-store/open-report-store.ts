/** The report store that an address names. */
import type { RegistryOptions } from '#oci';
import type { World } from '#platform';
import type { ReportStore } from './report-store.js';

/**
 * `address`: a directory, `file:///…`, `s3://bucket/prefix?endpoint=…&region=…`, or `oci://registry/repository`.
 * Throws `usage/invalid`.
 */
export async function openReportStore(address: string, registry: RegistryOptions, world: World): Promise<ReportStore> {
  if (address.startsWith('s3://')) return (await import('./s3-store.js')).s3Store(address, registry, world);
  if (address.startsWith('oci://')) return (await import('./oci-store.js')).ociStore(address, registry, world);
  return (await import('./directory-store.js')).directoryStore(address, world);
}

/**
 * VEX that the scanned CycloneDX document points to, by external references of the type `exploitability-statement`.
 * Limits  20 documents of 64 MiB; http and https only, no credentials are sent, none may stand in the address.
 * Errors  none: the address comes from what is scanned, so what cannot be had is a diagnostic, and findings stay.
 * Source  https://cyclonedx.org/docs/1.7/json/#externalReferences_items_type
 */
import { compact, FormatError, LimitError } from '#base';
import { decodeVex } from '#formats';
import type { Diagnostic } from '#model';
import type { RegistryOptions } from '#oci';
import { createHttpClient, type HttpClient, NetworkError, type World } from '#platform';
import { cycloneDxSource, type BomIdentity } from './cyclonedx-source.js';
import { documentSource, problemDiagnostics } from './document-source.js';
import { isWebAddress } from './vex-repository-list.js';
import { firstVerdict, type VexSource } from './vex-source.js';

const maxDocuments = 20;
const maxBytes = 64 * 1024 * 1024;

export async function referencedVex(
  bom: BomIdentity,
  { insecure = false, caFile }: Pick<RegistryOptions, 'insecure' | 'caFile'>,
  world: World,
): Promise<{ readonly source: VexSource; readonly diagnostics: readonly Diagnostic[] }> {
  const urls = [...new Set(bom.vexReferences ?? [])];
  const diagnostics: Diagnostic[] = [];
  const warn = (code: string, message: string, path: string): void =>
    void diagnostics.push({ code: `vex/${code}`, severity: 'warning', message, path });
  if (urls.length === 0) warn('no-reference', 'the document refers to no VEX (exploitability-statement)', 'sbom-ref');
  const [beyond] = urls.slice(maxDocuments);
  if (beyond !== undefined) warn('left-out', `only the first ${maxDocuments} references to VEX count`, beyond);
  const http = createHttpClient({ insecure, ...compact({ caFile }) }, world);
  const sources: VexSource[] = [];
  try {
    for (const url of urls.slice(0, maxDocuments)) {
      try {
        const document = decodeVex(await fetchText(url, http, world));
        diagnostics.push(...problemDiagnostics(document.problems, url));
        sources.push(document.kind === 'cyclonedx' ? cycloneDxSource(document, bom) : documentSource(document, url));
      } catch (error) {
        if (!(error instanceof FormatError || error instanceof LimitError || error instanceof NetworkError))
          throw error;
        warn('unreadable-document', error.message, url);
      }
    }
  } finally {
    http.close();
  }
  return { source: firstVerdict(sources), diagnostics };
}

async function fetchText(url: string, http: HttpClient, world: World): Promise<string> {
  if (!isWebAddress(url)) throw new FormatError('not a web address');
  const { username, password, host } = new URL(url);
  if (username || password) throw new FormatError('an address with credentials is not followed');
  const response = await http.request({ url, signal: world.signal });
  if (response.status === 200) return response.text(maxBytes);
  await response.discard();
  throw new FormatError(`${host} answered with ${response.status}`);
}

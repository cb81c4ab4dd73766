/**
 * The bill of materials that a transparency log keeps for an image: attestations found by the image's digest.
 * Limits  64 MiB an answer, 50 entries.
 * Errors  `registry/bad-answer` for answers of another shape, `registry/unavailable` for other status codes.
 * Source  https://github.com/sigstore/rekor/blob/main/openapi.yaml
 */
import { PratiqueError } from '#base';
import { entriesOf, textOf } from '#formats';
import type { RegistryOptions } from '#oci';
import { createHttpClient, type HttpClient, NetworkError, type World } from '#platform';
import { isReadProblem, openSbomBytes, type OpenedSbom } from './sbom.js';

const maxBytes = 64 * 1024 * 1024;
const maxEntries = 50;
/** Entries asked for at a time: the log refuses more. */
const pageSize = 10;

export async function sbomOfRekor(
  digest: string,
  url: string,
  { insecure, caFile }: RegistryOptions,
  world: World,
): Promise<OpenedSbom | undefined> {
  const http = createHttpClient({ insecure: insecure ?? false, ...(caFile !== undefined && { caFile }) }, world);
  const log = { http, url: url.replace(/\/+$/, ''), world };
  try {
    const ids = await ask(log, 'index/retrieve', { hash: digest });
    if (!Array.isArray(ids)) throw badAnswer(log, 'a list of entries is expected');
    const wanted = ids.filter((id) => typeof id === 'string').slice(0, maxEntries);
    for (let i = 0; i < wanted.length; i += pageSize) {
      const page = await ask(log, 'log/entries/retrieve', { entryUUIDs: wanted.slice(i, i + pageSize) });
      const found = await firstSbom(page, world);
      if (found) return found;
    }
    return undefined;
  } finally {
    http.close();
  }
}

interface Log {
  readonly http: HttpClient;
  readonly url: string;
  readonly world: World;
}

async function ask({ http, url, world }: Log, path: string, body: object): Promise<unknown> {
  try {
    const response = await http.request({
      url: `${url}/api/v1/${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: world.signal,
    });
    if (response.status === 200) return await response.json(maxBytes);
    await response.discard();
    throw new PratiqueError('registry/unavailable', { registry: url, reason: `it answered with ${response.status}` });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new PratiqueError('registry/unavailable', { registry: url, reason: error.message }, error);
  }
}

const badAnswer = ({ url }: Log, reason: string): PratiqueError =>
  new PratiqueError('registry/bad-answer', { registry: url, reason });

/** Each element of the list maps the id of an entry to the entry. */
async function firstSbom(page: unknown, world: World): Promise<OpenedSbom | undefined> {
  for (const element of Array.isArray(page) ? page : []) {
    for (const [id, entry] of entriesOf(element)) {
      const data = textOf(entry, 'attestation', 'data');
      if (data === undefined) continue;
      try {
        return await openSbomBytes(Buffer.from(data, 'base64'));
      } catch (error) {
        if (!isReadProblem(error)) throw error;
        world.log.debug('the entry holds no bill of materials', { id, reason: error.message });
      }
    }
  }
  return undefined;
}

/**
 * Brings a VEX repository up to date: `vex/repositories/<name>/` holds its manifest, `cache.json` (when it was asked
 * last, and the entity tags of its archives), and the data of one version of the specification.
 * Manifest  on github.com at the top of the main branch, elsewhere at `/.well-known/vex-repository.json`.
 * Limits    8 MiB a manifest, 64 MiB an archive; unpacked ones by `unpack-repository.ts`.
 * Errors    `vex/unavailable` when there is no data and none can be had; with data, the old one serves, with a warning.
 * Credentials go to the repository's own host only (for github.com also to where it serves files), by https.
 * Source    https://github.com/aquasecurity/vex-repo-spec
 */
import { compact, FormatError, LimitError, limits, PratiqueError } from '#base';
import { fieldOf, textOf } from '#formats';
import type { RegistryOptions } from '#oci';
import {
  createHttpClient,
  type HttpClient,
  type HttpResponse,
  makeDirectory,
  NetworkError,
  readIfPresent,
  replaceDirectory,
  tempDirectory,
  type World,
  writeAtomically,
} from '#platform';
import { unpackRepository } from './unpack-repository.js';
import { parseVexManifest, specVersion, type VexLocation, type VexManifest } from './vex-manifest.js';
import type { ListedRepository } from './vex-repository-list.js';

export interface UpdateOptions {
  readonly cacheDir: string;
  /** Ask also before the interval of the repository is over. */
  readonly force?: boolean;
  readonly registry?: Pick<RegistryOptions, 'insecure' | 'caFile'>;
}

/** As it lies in the cache. */
export const repositoryDirectory = (cacheDir: string, name: string): string => `${cacheDir}/vex/repositories/${name}`;

const maxArchive = 64 * 1024 * 1024;

export async function updateRepository(
  repository: ListedRepository,
  options: UpdateOptions,
  world: World,
): Promise<'current' | 'updated'> {
  const directory = repositoryDirectory(options.cacheDir, repository.name);
  const state = await readState(directory, repository.url);
  const now = world.clock.now().getTime();
  if (!options.force && state.manifest && now < state.updatedAt + state.manifest.updateInterval) return 'current';
  const { insecure = false, caFile } = options.registry ?? {};
  const http = createHttpClient({ insecure, ...compact({ caFile }) }, world);
  try {
    world.log.info('updating the VEX repository', { name: repository.name, url: repository.url });
    return await update({ repository, directory, state, http, insecure, world });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    // Whoever asks for the download wants to know; a scan goes on with what is there.
    if (state.manifest && !options.force) {
      world.log.warn('the VEX repository could not be updated; the copy in the cache is used', {
        name: repository.name,
        reason,
      });
      return 'current';
    }
    throw new PratiqueError(
      'vex/unavailable',
      {
        source: 'repo',
        reason: `${repository.name}: ${reason}`,
        advice: `check its url (${repository.url}), or copy the repository to ${directory} and use --skip-vex-repo-update`,
      },
      error,
    );
  } finally {
    http.close();
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof NetworkError || error instanceof FormatError || error instanceof LimitError)
    return error.message;
  if (error instanceof PratiqueError) return error.code.startsWith('file/') ? error.message : undefined;
  return error instanceof RefusedAnswer ? error.message : undefined;
}

/** An answer of another status than was asked for. */
class RefusedAnswer extends Error {}

interface State {
  /** Of the data at hand; absent when there is none, or it came from elsewhere. */
  readonly manifest?: VexManifest;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

async function readState(directory: string, url: string): Promise<State> {
  const [cache, manifest, index] = await Promise.all(
    ['cache.json', 'vex-repository.json', `${specVersion}/index.json`].map((name) =>
      readIfPresent(`${directory}/${name}`, limits.textFile),
    ),
  );
  const none = { updatedAt: 0, tags: {} };
  if (!cache || !manifest || !index) return none;
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(cache));
    // The reference leaves no address; another one is another repository under the same name.
    if ((textOf(content, 'URL') ?? url) !== url) return none;
    return {
      manifest: parseVexManifest(new TextDecoder().decode(manifest), url),
      updatedAt: Date.parse(textOf(content, 'UpdatedAt') ?? '') || 0,
      tags: (fieldOf(content, 'ETags') ?? {}) as Record<string, string>,
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof FormatError) return none;
    throw error;
  }
}

interface Update {
  readonly repository: ListedRepository;
  readonly directory: string;
  readonly state: State;
  readonly http: HttpClient;
  readonly insecure: boolean;
  readonly world: World;
}

async function update(context: Update): Promise<'current' | 'updated'> {
  const { repository, directory, state, world } = context;
  const address = manifestAddress(repository.url);
  const text = await (await get(address, context)).text(limits.manifest);
  const manifest = parseVexManifest(text, address);
  let failure: unknown;
  for (const location of manifest.locations) {
    try {
      const tag = await fetchLocation(location, context);
      await writeAtomically(`${directory}/vex-repository.json`, text);
      const cache = {
        URL: repository.url,
        UpdatedAt: world.clock.now().toISOString(),
        ETags: tag.value ? { [location.url]: tag.value } : {},
      };
      await writeAtomically(`${directory}/cache.json`, JSON.stringify(cache));
      return tag.changed || !state.manifest ? 'updated' : 'current';
    } catch (error) {
      if (reasonOf(error) === undefined) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

function manifestAddress(url: string): string {
  const { hostname, pathname, origin } = new URL(url);
  if (hostname !== 'github.com') return `${origin}/.well-known/vex-repository.json`;
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  return `https://raw.githubusercontent.com${path}/main/vex-repository.json`;
}

/** Fetches and unpacks an archive, unless it is the one at hand. */
async function fetchLocation(
  location: VexLocation,
  context: Update,
): Promise<{ readonly changed: boolean; readonly value?: string }> {
  const { directory, state } = context;
  const known = state.manifest && Object.hasOwn(state.tags, location.url) ? state.tags[location.url] : undefined;
  const response = await get(location.url, context, known);
  if (response.status === 304) {
    await response.discard();
    return { changed: false, ...compact({ value: known }) };
  }
  const bytes = await response.bytes(maxArchive);
  await makeDirectory(directory);
  // Beside its place: a directory is renamed within one file system only.
  const work = await tempDirectory(directory, '.new-');
  try {
    const unpacked = `${work.path}/data`;
    await makeDirectory(unpacked);
    const place = await unpackRepository(bytes, location.directory, unpacked);
    await replaceDirectory(place ? `${unpacked}/${place}` : unpacked, `${directory}/${specVersion}`);
  } finally {
    await work.remove();
  }
  return { changed: true, ...compact({ value: response.header('etag') }) };
}

async function get(url: string, context: Update, tag?: string): Promise<HttpResponse> {
  const { http, world } = context;
  const headers = { ...authorization(url, context), ...(typeof tag === 'string' && { 'if-none-match': tag }) };
  const response = await http.request({ url, headers, signal: world.signal });
  if (response.status === 200 || (response.status === 304 && tag !== undefined)) return response;
  await response.discard();
  throw new RefusedAnswer(`${hostOf(url)} answered with ${response.status} for ${new URL(url).pathname}`);
}

const hostOf = (url: string): string => new URL(url).host;

function authorization(url: string, { repository, insecure }: Update): Readonly<Record<string, string>> {
  const { credentials } = repository;
  if (!credentials) return {};
  const own = hostOf(repository.url);
  const trusted = own === 'github.com' ? [own, 'raw.githubusercontent.com'] : [own];
  if (!trusted.includes(hostOf(url)) || (new URL(url).protocol !== 'https:' && !insecure)) return {};
  const { username, password, token } = credentials;
  if (token) return { authorization: `Bearer ${token}` };
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/**
 * Clones over http(s) where no git is installed: a library fetches the history into a directory that it cannot leave,
 * and the work tree is written by us.
 * Limits  512 MiB of history, which the library holds in memory; those of `git-work-tree.ts`.
 * Source  https://isomorphic-git.org/docs/en/fetch
 */
import { compact, FormatError, LimitError, PratiqueError } from '#base';
import { confinedFileSystem, createHttpClient, type HttpClient, NetworkError, type World } from '#platform';
import { cloneFailed, type CloneRequest, noSuchRevision } from './clone-request.js';
import { isSafeReference } from './refs.js';
import { writeWorkTree } from './work-tree.js';

const MAX_HISTORY = 512 * 1024 * 1024;

export async function cloneWithLibrary(request: CloneRequest, world: World): Promise<void> {
  const { url, insecure, caFile } = request;
  if (url.scheme !== 'https' && url.scheme !== 'http')
    throw cloneFailed(request, `git is not installed, and without it ${url.scheme} is not spoken`, world);
  const client = createHttpClient(compact({ insecure, caFile }), world);
  try {
    await writeWorkTree(request.tree, await fetchCommit(request, client, world), world.signal);
  } catch (error) {
    throw failure(error, request, world);
  } finally {
    client.close();
  }
}

/** Resolves with the id of the commit that HEAD then is at. */
async function fetchCommit(request: CloneRequest, client: HttpClient, world: World): Promise<string> {
  const { url, credentials, tree: dir, commit } = request;
  const git = (await import('isomorphic-git')).default;
  const remote = {
    url: url.text,
    http: { request: (wanted: LibraryRequest) => answer(wanted, client, world.signal) },
    // Asked for when the server wants them, and once.
    onAuth: () => credentials ?? { cancel: true },
    onAuthFailure: () => ({ cancel: true }),
  };
  const offered = await git.listServerRefs({ ...remote, symrefs: true, peelTags: true });
  const wanted = choose(offered, request);
  const fs = confinedFileSystem(dir);
  await fs.promises.mkdir(dir);
  await git.init({ fs, dir });
  await git.addRemote({ fs, dir, remote: 'origin', url: url.text });
  const depth = commit === undefined ? { depth: 1, singleBranch: true, tags: false } : { tags: true };
  await git.fetch({ ...remote, fs, dir, remote: 'origin', ref: wanted.ref, ...depth });
  const id = commit === undefined ? (wanted.peeled ?? wanted.oid) : await expand(git, { fs, dir }, request, commit);
  for (const { ref, oid } of offered.filter((o) => o.oid === id && o.ref.startsWith('refs/tags/')))
    if (isSafeReference(ref)) await git.writeRef({ fs, dir, ref, value: oid, force: true });
  const branch = commit === undefined && wanted.ref.startsWith('refs/heads/') ? wanted.ref : undefined;
  if (branch !== undefined) await git.writeRef({ fs, dir, ref: branch, value: id, force: true });
  await git.writeRef({ fs, dir, ref: 'HEAD', value: branch ?? id, symbolic: branch !== undefined, force: true });
  return id;
}

interface Offered {
  readonly ref: string;
  readonly oid: string;
  /** What HEAD stands for. */
  readonly target?: string | undefined;
  /** The commit of an annotated tag. */
  readonly peeled?: string | undefined;
}

function choose(offered: readonly Offered[], { url, branch, tag }: CloneRequest): Offered {
  const of = (name: string | undefined): Offered | undefined => offered.find(({ ref }) => ref === name);
  const named =
    tag !== undefined ? of(`refs/tags/${tag}`) : branch !== undefined ? of(`refs/heads/${branch}`) : of('HEAD');
  const found = named?.ref === 'HEAD' ? (of(named.target) ?? named) : named;
  if (found && (found.ref === 'HEAD' || isSafeReference(found.ref))) return found;
  throw noSuchRevision(url, tag !== undefined ? 'tag' : 'branch', tag ?? branch ?? 'HEAD');
}

type Library = typeof import('isomorphic-git').default;

async function expand(
  git: Library,
  place: { readonly fs: ReturnType<typeof confinedFileSystem>; readonly dir: string },
  { url }: CloneRequest,
  commit: string,
): Promise<string> {
  try {
    return await git.expandOid({ ...place, oid: commit.toLowerCase() });
  } catch (error) {
    if (error instanceof PratiqueError) throw error;
    throw noSuchRevision(url, 'commit', commit);
  }
}

interface LibraryRequest {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined;
}

/** The library's idea of http, over our own client. */
async function answer({ url, method, headers = {}, body }: LibraryRequest, client: HttpClient, signal: AbortSignal) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  const response = await client.request({
    url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    signal,
    ...compact({ method, body: chunks.length > 0 ? Buffer.concat(chunks) : undefined }),
  });
  const type = response.header('content-type');
  return {
    url: response.url,
    statusCode: response.status,
    statusMessage: String(response.status),
    headers: type === undefined ? {} : { 'content-type': type },
    body: limited(response.body),
  };
}

async function* limited(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  for await (const chunk of body) {
    if ((size += chunk.length) > MAX_HISTORY) throw new LimitError('the history of the repository', MAX_HISTORY);
    yield chunk;
  }
}

function failure(error: unknown, request: CloneRequest, world: World): unknown {
  if (world.signal.aborted) return world.signal.reason;
  if (error instanceof PratiqueError) return error;
  const known = error instanceof NetworkError || error instanceof FormatError || error instanceof LimitError;
  const { code, message, data } = error as Error & { code?: string; data?: { statusCode?: number } };
  // Errors of the library carry a code; without one it is a bug.
  if (!known && code === undefined) return error;
  const status = data?.statusCode;
  const denied = code === 'UserCanceledError' || [401, 403, 404].includes(status ?? 0);
  const reason =
    code === 'UserCanceledError' ? 'the server wants credentials' : status ? `HTTP status ${status}` : message;
  return cloneFailed(request, reason, world, denied, error);
}

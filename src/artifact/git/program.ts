/**
 * Clones with the git of the system. It is run without a shell and asks no questions; what a repository brings (hooks,
 * monitors, filters, submodules) is not run, and its names are never options.
 * Credentials reach git through a credential program that prints two variables of its environment, and that git asks for
 * the one host only; they are in no argument, no URL and no file.
 * Source  https://git-scm.com/docs/git-clone, https://git-scm.com/docs/gitcredentials,
 *         https://git-scm.com/docs/git#_environment_variables
 */
import { join } from 'node:path';
import { compact, limits, PratiqueError } from '#base';
import {
  type Environment,
  fileFacts,
  listDirectory,
  type ProgramResult,
  runProgram,
  trustedRoots,
  type World,
  writeAtomically,
} from '#platform';
import { cloneFailed, cloneLimits, type CloneRequest, noSuchRevision } from './clone-request.js';
import { findGitDirectory } from './directory.js';
import { readHead } from './refs.js';

const DAY = 86_400_000;

/** `false` when there is no git. */
export async function cloneWithProgram(request: CloneRequest, world: World): Promise<boolean> {
  const { branch, tag, commit, tree, url } = request;
  const environment = await environmentFor(request, world);
  const settings = settingsFor(request);
  const git = (args: readonly string[], maxOutput?: number, signal = world.signal): Promise<ProgramResult> =>
    runProgram('git', [...settings, ...args], compact({ env: environment, timeout: DAY, signal, maxOutput }));

  const name = tag ?? branch;
  const depth = commit === undefined ? ['--depth', '1'] : [];
  const only = name === undefined ? [] : ['--branch', name];
  const cloned = await watched(request, world, (signal) =>
    git(
      ['clone', '--quiet', '--no-checkout', '--template=', ...depth, ...only, '--', url.text, tree],
      undefined,
      signal,
    ),
  );
  if (cloned.outcome === 'not-found') return false;
  check(cloned, request, world);
  if (tag !== undefined && commit === undefined) await insistOnTag(request, tag, git, world);
  const inTree = ['-C', tree];
  const revision = commit ?? 'HEAD';
  const listed = await git([...inTree, 'ls-tree', '-r', '-l', '-z', '--full-tree', revision], MAX_LISTING);
  if (commit !== undefined && listed.exitCode > 0) throw noSuchRevision(url, 'commit', commit);
  check(listed, request, world);
  checkTree(listed.stdout, request);
  const detach = commit === undefined ? [] : ['--detach'];
  check(await git([...inTree, 'checkout', '--quiet', '--force', ...detach, revision, '--']), request, world);
  return true;
}

/** Git takes a branch first where both have the name. */
async function insistOnTag(
  request: CloneRequest,
  tag: string,
  git: (args: readonly string[]) => Promise<ProgramResult>,
  world: World,
): Promise<void> {
  const repository = findGitDirectory(request.tree);
  if (!repository || readHead(repository)?.branch === undefined) return;
  const inTree = ['-C', request.tree];
  const reference = `refs/tags/${tag}`;
  const fetched = await git([...inTree, 'fetch', '--quiet', '--depth', '1', 'origin', `${reference}:${reference}`]);
  if (fetched.exitCode > 0) throw noSuchRevision(request.url, 'tag', tag);
  check(fetched, request, world);
  check(await git([...inTree, 'update-ref', '--no-deref', 'HEAD', `${reference}^{commit}`]), request, world);
}

const MAX_LISTING = 256 * 1024 * 1024;

/** Each line: mode, type, id, size, tab, path. */
function checkTree(listing: string, { url }: CloneRequest): void {
  let [size, count] = [0, 0];
  for (let start = 0; start < listing.length; count++) {
    const end = listing.indexOf('\0', start);
    const line = listing.slice(start, Math.min(end < 0 ? listing.length : end, start + 128));
    size += Number(/^\d+ blob [0-9a-f]+ +(\d+)\t/.exec(line)?.[1] ?? 0);
    if (end < 0) break;
    start = end + 1;
  }
  if (size > cloneLimits.tree) throw tooLarge(`the work tree of ${url.text}`, `${cloneLimits.tree} bytes`);
  if (count > limits.entries) throw tooLarge(`the number of files of ${url.text}`, String(limits.entries));
}

const tooLarge = (what: string, limit: string): PratiqueError => new PratiqueError('limit/exceeded', { what, limit });

/** Git has no limit of its own: what it has written is looked at while it runs. */
async function watched(
  { tree, url }: CloneRequest,
  world: World,
  work: (signal: AbortSignal) => Promise<ProgramResult>,
): Promise<ProgramResult> {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (sizeOf(join(tree, '.git', 'objects', 'pack')) > cloneLimits.history)
      controller.abort(tooLarge(`the history of ${url.text}`, `${cloneLimits.history} bytes`));
  }, 500);
  try {
    return await work(AbortSignal.any([world.signal, controller.signal]));
  } finally {
    clearInterval(timer);
  }
}

function sizeOf(directory: string): number {
  try {
    return listDirectory(directory).reduce((sum, { name }) => sum + fileFacts(join(directory, name)).size, 0);
  } catch (error) {
    // Not there yet, or a file was renamed between two looks.
    if (error instanceof PratiqueError) return 0;
    throw error;
  }
}

function check(result: ProgramResult, request: CloneRequest, world: World): void {
  if (result.outcome === 'ended' && result.exitCode === 0) return;
  const { url, tag, branch } = request;
  const missing = /Remote branch .+ not found/.exec(result.stderr);
  if (missing) throw noSuchRevision(url, tag === undefined ? 'branch' : 'tag', tag ?? branch ?? '');
  const lines = result.stderr.split('\n').map((line) => line.trim());
  const fatal = lines.findLast((line) => /^(?:fatal|error): /.test(line))?.replace(/^[a-z]+: /, '');
  const denied =
    /Authentication failed|could not read (?:Username|Password)|not found|does not (?:exist|appear)|Permission denied|error: 40[134]/i;
  const reason = result.reason ?? fatal ?? `git ended with ${result.exitCode}`;
  throw cloneFailed(request, reason, world, denied.test(result.stderr));
}

/** What counts over the configuration of the user and of the system. */
function settingsFor({ url, credentials, scratch }: CloneRequest): string[] {
  const settings: (readonly [string, string])[] = [
    ['core.hooksPath', join(scratch, 'no-hooks')],
    ['core.fsmonitor', 'false'],
    ['submodule.recurse', 'false'],
    ['fetch.recurseSubmodules', 'false'],
    ['filter.lfs.smudge', ''],
    ['filter.lfs.process', ''],
    ['filter.lfs.required', 'false'],
    ['maintenance.auto', 'false'],
    ['gc.auto', '0'],
    ['advice.detachedHead', 'false'],
    ['http.lowSpeedLimit', '100'],
    ['http.lowSpeedTime', '60'],
  ];
  if (credentials) {
    const key = `credential.${url.scheme}://${url.host}.helper`;
    // The empty one takes other programs out of the list: they would be asked to keep the credentials.
    settings.push([key, ''], [key, credentialProgram]);
  }
  return settings.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

const credentialProgram = `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$PRATIQUE_GIT_USERNAME" "$PRATIQUE_GIT_PASSWORD"; }; f`;

/** Of git's own variables, those that say how to connect; those that name repositories or programs stay behind. */
const kept = /^GIT_(?:CONFIG_|SSH|SSL_|PROXY_SSL_|HTTP_|EXEC_PATH$)/;

async function environmentFor(request: CloneRequest, world: World): Promise<Environment> {
  const { url, credentials, insecure, caFile, scratch } = request;
  const own = Object.entries(world.env).filter(([name]) => !name.startsWith('GIT_') || kept.test(name));
  const roots = join(scratch, 'roots.pem');
  if (caFile !== undefined && url.scheme === 'https') {
    await writeAtomically(roots, ((await trustedRoots(world.env, caFile)) ?? []).join('\n'));
  }
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GCM_INTERACTIVE: 'never',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_OPTIONAL_LOCKS: '0',
    // Where a redirect may lead, too.
    GIT_ALLOW_PROTOCOL: url.scheme === 'https' && insecure ? 'https:http' : url.scheme,
    ...(insecure && { GIT_SSL_NO_VERIFY: 'true' }),
    ...(caFile !== undefined && url.scheme === 'https' && { GIT_SSL_CAINFO: roots }),
    ...(credentials && {
      PRATIQUE_GIT_USERNAME: credentials.username,
      PRATIQUE_GIT_PASSWORD: credentials.password,
    }),
  };
}

/**
 * The directory that a scan of a tree walks, and what the report calls it: as named, or a repository cloned for the
 * scan. A tree with a git repository of its own is reported as that repository.
 */
import { resolve } from 'node:path';
import { cloneRepository, looksRemote, readGitMetadata, withoutCredentials } from '#artifact';
import { compact, createHash, FormatError, LimitError, PratiqueError } from '#base';
import type { GitMetadata, Report } from '#model';
import { fileFacts, type World } from '#platform';
import { treeArtifactName } from './artifact-identity.js';
import type { ScanOptions, ScanTarget } from './options.js';

export type TreeTarget = Extract<ScanTarget, { kind: 'rootfs' | 'filesystem' | 'repository' }>;

export interface Tree {
  readonly path: string;
  identify(): Promise<Pick<Report, 'artifactName' | 'artifactType' | 'artifactId' | 'metadata'>>;
  close(): Promise<void>;
}

export async function openTree(target: TreeTarget, options: ScanOptions, world: World): Promise<Tree> {
  const { path } = target;
  const remote = target.kind === 'repository' && !isLocal(path);
  if (!remote) {
    if (target.kind === 'repository' && (target.branch || target.tag || target.commit))
      world.log.warn('branch, tag and commit count for remote repositories only', { path });
    return {
      path,
      identify: async () => identity(path, await treeArtifactName(path, world), target.kind, world),
      close: () => Promise.resolve(),
    };
  }
  const { insecure, caFile } = options.registry ?? {};
  const { branch, tag, commit } = target;
  const clone = await cloneRepository(path, compact({ insecure, caFile, branch, tag, commit }), world);
  const name = withoutCredentials(path);
  return { ...clone, identify: () => Promise.resolve(identity(clone.path, name, target.kind, world)) };
}

function isLocal(path: string): boolean {
  try {
    fileFacts(path);
    return true;
  } catch (error) {
    if (!(error instanceof PratiqueError)) throw error;
    // What cannot be a host was meant as a directory, and is missing.
    if (error.code === 'file/not-found' && looksRemote(path)) return false;
    throw error;
  }
}

function identity(
  path: string,
  name: string,
  kind: TreeTarget['kind'],
  world: World,
): Awaited<ReturnType<Tree['identify']>> {
  const git = gitMetadata(resolve(world.cwd, path), world);
  return {
    artifactName: name,
    artifactType: git || kind === 'repository' ? 'repository' : 'filesystem',
    ...(git && { artifactId: repositoryId(git, path) }),
    metadata: compact({ git }),
  };
}

/** Of where the repository comes from and its commit; of the path, when it comes from nowhere. */
function repositoryId({ repoUrl, commit }: GitMetadata, path: string): string {
  return `sha256:${createHash('sha256')
    .update(`${repoUrl ?? path}@${commit}`)
    .digest('hex')}`;
}

/** A damaged repository costs its metadata, not the scan. */
function gitMetadata(path: string, world: World): GitMetadata | undefined {
  try {
    return readGitMetadata(path);
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof LimitError || error instanceof PratiqueError)) throw error;
    world.log.warn('the git repository cannot be read: the report goes without its commit', { reason: error.message });
    return undefined;
  }
}

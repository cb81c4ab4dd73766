/**
 * VEX repositories as they lie in the cache directory, brought up to date before: `vex/repositories/<name>/0.1/index.json`
 * and the documents it lists. Which repositories count, and in what order, `vex-repository-list.ts` says.
 * Yields  a source per run; the first repository that has an entry for a package decides, whatever its document says.
 * Limits  256 MiB an index or document; locations stay inside the repository.
 * Errors  `vex/unavailable` when a repository is not in the cache; `vex/invalid` for a damaged configuration or index;
 *         a damaged document is a diagnostic, and its package stays as found.
 * Source  https://github.com/aquasecurity/vex-repo-spec
 */
import { FormatError, limits, PratiqueError } from '#base';
import { decodePurl, decodeVex, encodePurl, fieldOf, listOf, textOf, type PackageUrl } from '#formats';
import type { Diagnostic } from '#model';
import { readIfPresent, type World } from '#platform';
import { documentSource, problemDiagnostics } from './document-source.js';
import { specVersion } from './vex-manifest.js';
import { listRepositories } from './vex-repository-list.js';
import { repositoryDirectory, updateRepository, type UpdateOptions } from './vex-repository-update.js';
import type { VexSource } from './vex-source.js';

interface Repository {
  readonly name: string;
  readonly url: string;
  readonly directory: string;
  /** Location of the document by package. */
  readonly packages: ReadonlyMap<string, string>;
}

export interface RepositorySource {
  readonly source: VexSource;
  /** Documents are read before judging, which is synchronous. */
  prepare(purls: Iterable<PackageUrl>): Promise<readonly Diagnostic[]>;
}

export async function vexRepositories(
  options: UpdateOptions & { readonly skipUpdate?: boolean },
  world: World,
): Promise<RepositorySource> {
  const repositories: Repository[] = [];
  for (const listed of await listRepositories(world)) {
    if (!listed.enabled) continue;
    if (!options.skipUpdate && listed.url !== '') await updateRepository(listed, options, world);
    repositories.push(await openRepository(listed.name, listed.url, options.cacheDir));
  }
  const documents = new Map<string, VexSource | undefined>();
  return {
    async prepare(purls) {
      const diagnostics: Diagnostic[] = [];
      for (const purl of purls) {
        const id = packageId(purl);
        if (documents.has(id)) continue;
        const repository = repositories.find(({ packages }) => packages.has(id));
        documents.set(id, repository && (await openDocument(repository, id, diagnostics)));
      }
      return diagnostics;
    },
    source: {
      judge(vulnerability, product, leaf) {
        for (const purl of product.purls) {
          const verdict = documents.get(packageId(purl))?.judge(vulnerability, product, leaf);
          if (verdict) return verdict;
        }
        return undefined;
      },
    },
  };
}

/** Without version, subpath and qualifiers; container images keep where they come from. */
export function packageId({ type, namespace, name, qualifiers }: PackageUrl): string {
  const origin = type === 'oci' ? qualifiers?.get('repository_url') : undefined;
  return encodePurl({
    type,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(origin !== undefined && { qualifiers: new Map([['repository_url', origin]]) }),
  });
}

async function openRepository(name: string, url: string, cacheDir: string): Promise<Repository> {
  const directory = `${repositoryDirectory(cacheDir, name)}/${specVersion}`;
  const path = `${directory}/index.json`;
  const bytes = await readIfPresent(path, limits.textFile);
  if (!bytes)
    throw new PratiqueError('vex/unavailable', {
      source: 'repo',
      reason: `the repository ${name} is not in the cache (${path})`,
      advice: 'download it with vex repo download, or leave --skip-vex-repo-update out',
    });
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PratiqueError('vex/invalid', { path, problem: 'not JSON' }, error);
  }
  if (!Array.isArray(fieldOf(index, 'packages')))
    throw new PratiqueError('vex/invalid', { path, problem: 'packages is not a list' });
  const packages = new Map<string, string>();
  for (const [i, entry] of listOf(index, 'packages').entries()) {
    const id = textOf(entry, 'id');
    const location = textOf(entry, 'location');
    if (!id || !location || !isInside(location))
      throw new PratiqueError('vex/invalid', { path, problem: `packages[${i}] has no id or no location inside` });
    packages.set(canonical(id), location);
  }
  return { name, url, directory, packages };
}

/** Package URLs may be written in several ways. */
function canonical(id: string): string {
  try {
    return packageId(decodePurl(id));
  } catch (error) {
    if (error instanceof FormatError) return id;
    throw error;
  }
}

const isInside = (location: string): boolean =>
  !location.startsWith('/') && !/[\\\0]/.test(location) && !location.split('/').includes('..');

async function openDocument(
  { name, url, directory, packages }: Repository,
  id: string,
  diagnostics: Diagnostic[],
): Promise<VexSource | undefined> {
  const path = `${directory}/${packages.get(id)!}`;
  const damaged = (reason: string): undefined =>
    void diagnostics.push({ code: 'vex/unreadable-document', severity: 'warning', message: `${id}: ${reason}`, path });
  const bytes = await readIfPresent(path, limits.textFile);
  if (!bytes) return damaged('its VEX document is missing');
  try {
    const document = decodeVex(new TextDecoder().decode(bytes));
    if (document.kind === 'cyclonedx') return damaged('a repository cannot hold CycloneDX VEX');
    diagnostics.push(...problemDiagnostics(document.problems, path));
    return documentSource(document, `VEX Repository: ${name} (${url})`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return damaged(error.message);
  }
}

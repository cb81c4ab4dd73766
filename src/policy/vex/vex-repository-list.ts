/**
 * Which VEX repositories there are, by `~/.trivy/vex/repository.yaml` (`$XDG_DATA_HOME` in place of the home directory);
 * the public hub where there is no such file.
 * Errors  `vex/invalid` with line and field.
 * Source  https://trivy.dev/latest/docs/supply-chain/vex/repo/
 */
import { FormatError, limits, PratiqueError } from '#base';
import { listOf, parseLocatedYaml, textOf } from '#formats';
import { readIfPresent, writeAtomically, type World } from '#platform';

export interface ListedRepository {
  readonly name: string;
  /** Empty for one that is kept up to date by other means. */
  readonly url: string;
  readonly enabled: boolean;
  readonly credentials?: RepositoryCredentials;
}

/** A token, or a name with its password. */
export interface RepositoryCredentials {
  readonly username: string;
  readonly password: string;
  readonly token: string;
}

const hub: ListedRepository = { name: 'default', url: 'https://github.com/aquasecurity/vexhub', enabled: true };

export function repositoryListPath({ env }: Pick<World, 'env'>): string {
  return `${env['XDG_DATA_HOME'] || (env['HOME'] ?? '')}/.trivy/vex/repository.yaml`;
}

export async function listRepositories(world: Pick<World, 'env'>): Promise<readonly ListedRepository[]> {
  const path = repositoryListPath(world);
  const bytes = await readIfPresent(path, limits.manifest);
  if (!bytes) return [hub];
  const { root: document, lineOf } = await parseLocatedYaml(new TextDecoder().decode(bytes)).catch((error: unknown) => {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('vex/invalid', { path, problem: error.message }, error);
  });
  const invalid = (place: string, problem: string): PratiqueError =>
    new PratiqueError('vex/invalid', { path, problem: `line ${lineOf(place) ?? 1}: ${place} ${problem}` });
  const names = new Set<string>();
  return listOf(document, 'repositories').map((entry, i) => {
    const name = textOf(entry, 'name');
    const url = textOf(entry, 'url') ?? '';
    // It becomes a directory.
    if (!name || !/^\w[\w.-]*$/.test(name)) throw invalid(`repositories[${i}].name`, 'is not a name');
    if (names.has(name)) throw invalid(`repositories[${i}].name`, `is ${name}, which is there already`);
    if (url !== '' && !isWebAddress(url)) throw invalid(`repositories[${i}].url`, 'is not a web address');
    if (url !== '' && (new URL(url).username || new URL(url).password))
      throw invalid(`repositories[${i}].url`, 'holds credentials: give them as username and password');
    names.add(name);
    const credentials = credentialsOf(entry);
    return { name, url, enabled: textOf(entry, 'enabled') !== 'false', ...(credentials && { credentials }) };
  });
}

export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function credentialsOf(entry: unknown): RepositoryCredentials | undefined {
  const username = textOf(entry, 'username') ?? '';
  const password = textOf(entry, 'password') ?? '';
  const token = textOf(entry, 'token') ?? '';
  return username || password || token ? { username, password, token } : undefined;
}

/** Resolves to whether it was made: one that is there stays. */
export async function writeDefaultList(world: Pick<World, 'env'>): Promise<boolean> {
  const path = repositoryListPath(world);
  if (await readIfPresent(path, limits.manifest)) return false;
  const { name, url } = hub;
  const text = `repositories:\n  - name: ${name}\n    url: ${url}\n    enabled: true\n    username: ""\n    password: ""\n    token: ""\n`;
  await writeAtomically(path, text, 0o600);
  return true;
}

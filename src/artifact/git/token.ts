/**
 * Tokens of the environment, each for the host it belongs to and for no other.
 * Source  https://docs.github.com/en/actions/reference/workflows-and-actions/variables (GITHUB_SERVER_URL),
 *         https://docs.gitlab.com/cli/#environment-variables (GITLAB_HOST),
 *         https://docs.gitlab.com/ci/variables/predefined_variables/ (CI_SERVER_HOST, CI_JOB_TOKEN)
 */
import type { Environment } from '#platform';
import type { GitCredentials, GitUrl } from './url.js';

interface TokenSource {
  readonly variable: string;
  /** As the service wants it beside a token. */
  readonly username: string;
  hosts(env: Environment): readonly (string | undefined)[];
}

const sources: readonly TokenSource[] = [
  {
    variable: 'GITHUB_TOKEN',
    username: 'x-access-token',
    hosts: (env) => [env['GITHUB_SERVER_URL'] || 'github.com'],
  },
  {
    variable: 'GITLAB_TOKEN',
    username: 'oauth2',
    hosts: (env) => [env['GITLAB_HOST'] || serverOfJob(env) || 'gitlab.com'],
  },
  { variable: 'CI_JOB_TOKEN', username: 'gitlab-ci-token', hosts: (env) => [serverOfJob(env)] },
];

/** What the user wrote into the URL comes first. Tokens go over https; over plain http only when `insecure`. */
export function credentialsFor(url: GitUrl, env: Environment, insecure: boolean): GitCredentials | undefined {
  if (url.credentials) return url.credentials;
  if (url.scheme !== 'https' && !(url.scheme === 'http' && insecure)) return undefined;
  for (const { variable, username, hosts } of sources) {
    const password = env[variable]?.trim();
    if (!password || /[\u0000-\u001f\u007f]/.test(password)) continue;
    if (hosts(env).some((host) => host !== undefined && hostOf(host) === url.host)) return { username, password };
  }
  return undefined;
}

/** The variable that would hold a token for this host, for advice. */
export function variableFor(url: GitUrl, env: Environment): string | undefined {
  return sources.find(({ hosts }) => hosts(env).some((host) => host !== undefined && hostOf(host) === url.host))
    ?.variable;
}

function serverOfJob(env: Environment): string | undefined {
  const host = env['CI_SERVER_HOST'];
  const port = env['CI_SERVER_PORT'];
  return host && port && port !== '443' && port !== '80' ? `${host}:${port}` : host || undefined;
}

/** Of a host, a host with port, or a URL. */
function hostOf(text: string): string | undefined {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`).host.toLowerCase();
  } catch {
    // A variable that holds no host names none.
    return undefined;
  }
}

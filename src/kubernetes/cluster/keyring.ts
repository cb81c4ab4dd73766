/**
 * Registry credentials of pull secrets, found for an image as the kubelet finds them: a key may name a host with `*`
 * in its labels, a port, and the beginning of a path. All that fit are tried, the most specific first.
 * Reads   `kubernetes.io/dockerconfigjson` and `kubernetes.io/dockercfg` secrets.
 * Errors  `FormatError`; no message holds content.
 * Source  https://kubernetes.io/docs/concepts/containers/images/#config-json
 */
import { FormatError } from '#base';
import { entriesOf, textOf } from '#formats';
import { defaultRegistry, type Keyring, type Reference } from '#oci';
import type { Secret } from '../client/pod-types.js';

export interface PullCredential {
  readonly labels: readonly string[];
  readonly port: string;
  /** With a slash before it, or empty. */
  readonly path: string;
  readonly username: string;
  readonly password: string;
  readonly source: string;
}

export function credentialsOf(secret: Secret): PullCredential[] {
  const { namespace = '', name = '' } = secret.metadata;
  const source = `secret ${namespace}/${name}`;
  const [key, inner] =
    secret.type === 'kubernetes.io/dockercfg' ? ['.dockercfg', []] : ['.dockerconfigjson', ['auths']];
  const encoded = secret.data?.[key];
  if (encoded === undefined) throw new FormatError(`${source} has no ${key}`);
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    throw new FormatError(`${source}: ${key} is not JSON`);
  }
  return entriesOf(document, ...inner).flatMap(([place, entry]) => {
    const pair = pairOf(entry);
    return pair ? [{ ...placeOf(place), ...pair, source }] : [];
  });
}

export function keyringOf(credentials: readonly PullCredential[]): Keyring {
  const sorted = [...credentials].sort(bySpecificity);
  return (reference) => {
    const seen = new Set<string>();
    return sorted.filter((credential) => {
      const key = JSON.stringify([credential.username, credential.password]);
      return matches(credential, reference) && !seen.has(key) && seen.add(key);
    });
  };
}

function pairOf(entry: unknown): { username: string; password: string } | undefined {
  const token = textOf(entry, 'identitytoken');
  // By this user name, registries' clients know refresh tokens.
  if (token) return { username: '<token>', password: token };
  const auth = Buffer.from(textOf(entry, 'auth') ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = auth.indexOf(':');
  if (colon > 0) return { username: auth.slice(0, colon), password: auth.slice(colon + 1) };
  const username = textOf(entry, 'username');
  return username ? { username, password: textOf(entry, 'password') ?? '' } : undefined;
}

function placeOf(key: string): Pick<PullCredential, 'labels' | 'port' | 'path'> {
  const bare = key.toLowerCase().replace(/^https?:\/\//, '');
  const slash = bare.indexOf('/');
  const [host, port] = splitPort(slash < 0 ? bare : bare.slice(0, slash));
  // The kubelet takes `/v1/` and `/v2/` for the registry itself.
  const path = (slash < 0 ? '' : bare.slice(slash)).replace(/^\/v[12](?=\/|$)/, '').replace(/\/+$/, '');
  return { labels: hubNames.has(host) ? defaultLabels : host.split('.'), port, path };
}

const hubNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const defaultLabels = defaultRegistry.split('.');

function splitPort(host: string): readonly [string, string] {
  const found = /^(.*?)(?::(\d+))?$/.exec(host);
  return [found?.[1] ?? host, found?.[2] ?? ''];
}

function matches(credential: PullCredential, { registry, repository }: Reference): boolean {
  const [host, port] = splitPort(registry.toLowerCase());
  const labels = host.split('.');
  return (
    credential.port === port &&
    credential.labels.length === labels.length &&
    credential.labels.every((pattern, i) => labelMatches(pattern, labels[i]!)) &&
    `/${repository}`.startsWith(credential.path)
  );
}

/** `*` and `?`; in one pass that goes back to the last star only. */
function labelMatches(pattern: string, label: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < label.length;) {
    if (pattern[p] === '*') {
      star = p++;
      resume = i;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === label[i])) {
      p++;
      i++;
    } else if (star >= 0) {
      p = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

function bySpecificity(a: PullCredential, b: PullCredential): number {
  const stars = ({ labels }: PullCredential): number => labels.filter((label) => /[*?]/.test(label)).length;
  return b.path.length - a.path.length || stars(a) - stars(b);
}

/**
 * Docker's `config.json`: credentials per registry, and the programs that keep them.
 * Shape   {auths: {key: {auth | username, password | identitytoken | registrytoken}}, credsStore, credHelpers: {host: name}}
 * Places  $DOCKER_AUTH_CONFIG (the content itself); $DOCKER_CONFIG or ~/.docker; else $REGISTRY_AUTH_FILE, else
 *         $XDG_RUNTIME_DIR/containers/auth.json (Podman's, with keys that may name a repository).
 * Limits  1 MiB. A damaged file is warned of and then counts as empty.
 * Source  https://docs.docker.com/reference/cli/docker/login/ and
 *         https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
import { join } from 'node:path';
import { readIfPresent, type World } from '#platform';
import { defaultRegistry, type Reference } from '../reference.js';
import { type Credential, passwordCredential } from './credential.js';

export interface DockerConfig {
  readonly path: string;
  readonly auths: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly credsStore?: string;
  readonly credHelpers: ReadonlyMap<string, string>;
}

const MAX_CONFIG = 1024 * 1024;

/** In the order in which they are asked. */
export async function readDockerConfigs(world: World): Promise<DockerConfig[]> {
  const configs: DockerConfig[] = [];
  const inline = world.env['DOCKER_AUTH_CONFIG'];
  if (inline) configs.push(...parseConfig(inline, 'DOCKER_AUTH_CONFIG', world));
  for (const path of places(world)) {
    try {
      const bytes = await readIfPresent(path, MAX_CONFIG);
      if (!bytes) continue;
      configs.push(...parseConfig(new TextDecoder().decode(bytes), path, world));
      break;
    } catch (error) {
      world.log.warn('Registry credentials cannot be read', { path, reason: (error as Error).message });
    }
  }
  return configs;
}

/** The credential that the file itself holds for the image's repository or registry. */
export function credentialInFile(config: DockerConfig, reference: Reference): Credential | undefined {
  for (const key of keysOf(reference)) {
    const entry = config.auths.get(key);
    const found = entry && credentialOf(entry, config.path);
    if (found) return found;
  }
  return undefined;
}

/** The name of the helper program for the image's registry, and the address it knows the registry by. */
export function helperFor(config: DockerConfig, reference: Reference): { name: string; server: string } | undefined {
  const server = reference.registry === defaultRegistry ? HUB_ADDRESS : reference.registry;
  for (const key of keysOf(reference)) {
    const name = config.credHelpers.get(key);
    if (name) return { name, server };
  }
  return config.credsStore ? { name: config.credsStore, server } : undefined;
}

/** The address under which Docker keeps the credentials of Docker Hub. */
const HUB_ADDRESS = 'https://index.docker.io/v1/';

/** Most specific first: repository, its parents, the registry and its other names. */
function keysOf({ registry, repository }: Reference): string[] {
  const parts = repository.split('/');
  const keys = parts.map((_, i) => `${registry}/${parts.slice(0, parts.length - i).join('/')}`);
  if (registry !== defaultRegistry) return [...keys, registry];
  return [...keys, registry, 'docker.io', 'registry-1.docker.io'];
}

function places({ env }: World): string[] {
  const home = env['HOME'] || env['USERPROFILE'];
  const docker = env['DOCKER_CONFIG'] || (home && join(home, '.docker'));
  const runtime = env['XDG_RUNTIME_DIR'];
  const containers = env['REGISTRY_AUTH_FILE'] || (runtime && join(runtime, 'containers/auth.json'));
  return [...(docker ? [join(docker, 'config.json')] : []), ...(containers ? [containers] : [])];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseConfig(text: string, path: string, world: World): DockerConfig[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds secrets.
    document = undefined;
  }
  if (!isObject(document)) {
    world.log.warn('Registry credentials cannot be read', { path, reason: 'not a JSON object' });
    return [];
  }
  const auths = new Map<string, Record<string, unknown>>();
  for (const [key, entry] of objectEntries(document['auths'])) if (isObject(entry)) auths.set(normalized(key), entry);
  const credHelpers = new Map<string, string>();
  for (const [key, name] of objectEntries(document['credHelpers'])) {
    if (typeof name === 'string' && name) credHelpers.set(normalized(key), name);
  }
  const store = document['credsStore'];
  return [{ path, auths, credHelpers, ...(typeof store === 'string' && store && { credsStore: store }) }];
}

const objectEntries = (value: unknown): [string, unknown][] => (isObject(value) ? Object.entries(value) : []);

/** Keys with a scheme (`https://index.docker.io/v1/`) name a host; others may name a repository. */
function normalized(key: string): string {
  const withoutScheme = key.replace(/^https?:\/\//, '');
  return (withoutScheme === key ? key.replace(/\/+$/, '') : withoutScheme.split('/', 1)[0]!).toLowerCase();
}

function credentialOf(entry: Readonly<Record<string, unknown>>, source: string): Credential | undefined {
  const text = (key: string): string => (typeof entry[key] === 'string' ? entry[key] : '');
  if (text('identitytoken')) return { kind: 'identity', token: text('identitytoken'), source };
  if (text('registrytoken')) return { kind: 'bearer', token: text('registrytoken'), source };
  const pair = Buffer.from(text('auth'), 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = pair.indexOf(':');
  if (colon > 0) return passwordCredential(pair.slice(0, colon), pair.slice(colon + 1), source);
  return text('username') ? passwordCredential(text('username'), text('password'), source) : undefined;
}

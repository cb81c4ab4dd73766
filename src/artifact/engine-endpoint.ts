/**
 * Where the Docker engine listens: an explicit host, DOCKER_HOST, DOCKER_CONTEXT, the current context, the default.
 * TLS as the Docker client has it: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or the files of the context.
 * Errors  `image/source` for what cannot be spoken to (ssh, Windows pipes) or a context that is not there.
 * Source  https://docs.docker.com/engine/security/protect-access/ https://docs.docker.com/engine/manage-resources/contexts/
 */
import { join } from 'node:path';
import { compact, createHash, limits, PratiqueError } from '#base';
import { textOf } from '#formats';
import { type Environment, type HttpOptions, readIfPresent, type World } from '#platform';

export interface EngineEndpoint {
  /** For messages. */
  readonly host: string;
  readonly baseUrl: string;
  readonly http: HttpOptions;
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock';

export async function dockerEndpoint(
  explicit: string | undefined,
  world: Pick<World, 'env' | 'platform'>,
): Promise<EngineEndpoint> {
  const { env } = world;
  const host = explicit || env['DOCKER_HOST'];
  if (host) return endpointOf(host, env['DOCKER_TLS_VERIFY'] ? certificatesIn(certPath(env)) : undefined);
  const context = await currentContext(env);
  if (context === undefined) return endpointOf(world.platform === 'win32' ? 'npipe' : DEFAULT_HOST, undefined);
  const folder = createHash('sha256').update(context).digest('hex');
  const meta = await readJson(join(configDirectory(env), 'contexts', 'meta', folder, 'meta.json'));
  const contextHost = textOf(meta, 'Endpoints', 'docker', 'Host');
  if (!contextHost) throw unusable(`docker context ${context}`, 'it is not defined');
  return endpointOf(contextHost, certificatesIn(join(configDirectory(env), 'contexts', 'tls', folder, 'docker')));
}

/** Podman's socket of this user. */
export function podmanEndpoint(explicit: string | undefined, env: Environment): Promise<EngineEndpoint> {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (!explicit && !runtime) throw unusable('podman', 'XDG_RUNTIME_DIR is not set');
  const host = explicit || `unix://${join(runtime!, 'podman', 'podman.sock')}`;
  return endpointOf(host.startsWith('/') ? `unix://${host}` : host, undefined);
}

interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

async function endpointOf(host: string, certificates: Certificates | undefined): Promise<EngineEndpoint> {
  const found = /^(unix|tcp|http|https):\/\/(.+)$/.exec(host);
  if (!found) throw unusable(host, 'only unix:// and tcp:// addresses are supported');
  const [, scheme, place] = found as unknown as [string, string, string];
  if (scheme === 'unix') return { host, baseUrl: 'http://localhost', http: { socketPath: place } };
  const [cert, key, ca] = certificates
    ? await Promise.all(
        [certificates.cert, certificates.key, certificates.ca].map((path) => readIfPresent(path, limits.manifest)),
      )
    : [];
  const clientCertificate = cert && key ? { cert: text(cert), key: text(key) } : undefined;
  const secure = scheme === 'https' || clientCertificate !== undefined || ca !== undefined;
  const http = compact({ clientCertificate, caFile: ca && certificates ? certificates.ca : undefined });
  return { host, baseUrl: `${secure ? 'https' : 'http'}://${place.replace(/\/+$/, '')}`, http };
}

async function currentContext(env: Environment): Promise<string | undefined> {
  const named =
    env['DOCKER_CONTEXT'] || textOf(await readJson(join(configDirectory(env), 'config.json')), 'currentContext');
  return named === 'default' || !named ? undefined : named;
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readIfPresent(path, limits.manifest);
  if (!bytes) return undefined;
  try {
    return JSON.parse(text(bytes)) as unknown;
  } catch (error) {
    throw new PratiqueError('image/source', { reason: `${path} is not JSON` }, error);
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const configDirectory = (env: Environment): string =>
  env['DOCKER_CONFIG'] || join(env['HOME'] ?? env['USERPROFILE'] ?? '.', '.docker');

const certPath = (env: Environment): string => env['DOCKER_CERT_PATH'] || configDirectory(env);

const certificatesIn = (directory: string): Certificates => ({
  ca: join(directory, 'ca.pem'),
  cert: join(directory, 'cert.pem'),
  key: join(directory, 'key.pem'),
});

const unusable = (host: string, reason: string): PratiqueError =>
  new PratiqueError('image/source', { reason: `${host}: ${reason}` });

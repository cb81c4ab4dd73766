/**
 * An image of a container engine on this machine: Docker, or Podman through its Docker-compatible interface.
 * What the image is, the engine tells at once; it exports the layers only when the first one is walked, into a spool
 * file, so that an image whose layers are all known costs no export.
 * Limits  answers 8 MiB; the export as a layer (base/limits).
 * Errors  `image/source` when the engine does not answer or does not have the image.
 * Source  https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Image
 */
import { limits, PratiqueError } from '#base';
import { fieldOf, isTable, listOf, textOf, textsOf } from '#formats';
import type { Image, ImageConfig, ImageHistory, LayerSource } from '#model';
import { createHttpClient, type HttpClient, type HttpResponse, NetworkError, type World } from '#platform';
import { chooseReference } from './choose-reference.js';
import { openDockerArchive } from './docker-archive.js';
import type { EngineEndpoint } from './engine-endpoint.js';
import { checkImageConfig } from './image-config.js';
import { fullNames } from './image-names.js';
import { LayerContext } from './layer-source.js';
import { spooled } from './open-archive.js';
import type { PathFilter } from './path-filter.js';
import type { SizeBudget } from './size-budget.js';
import { filesOfTar } from './stored-files.js';

/** Milliseconds of silence: engines may write a whole image to disk before the first byte of an export. */
const PATIENCE = 10 * 60_000;

export interface EngineImageOptions {
  readonly filter?: PathFilter | undefined;
  readonly budget?: SizeBudget | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function openEngineImage(
  name: string,
  endpoint: EngineEndpoint,
  options: EngineImageOptions,
  world: World,
): Promise<Image> {
  const client = createHttpClient({ ...endpoint.http, idleTimeout: PATIENCE }, world);
  try {
    const engine = new Engine(client, endpoint, options.signal ?? world.signal);
    const details = await engine.inspect(name);
    const id = textOf(details, 'Id');
    if (id === undefined) throw engine.failure('the answer about the image has no Id');
    const size = fieldOf(details, 'Size');
    if (typeof size === 'number') options.budget?.expect([{ storedSize: size }]);
    const config = configOf(details, await engine.json(`images/${encodeName(id)}/history`));
    const { diffIds, createdBy } = checkImageConfig(config, name, listOf(details, 'RootFS', 'Layers').length);
    const context = new LayerContext(options);
    const exported = new Export(engine, name, id, context);
    const repoTags = textsOf(details, 'RepoTags').filter((tag) => !tag.startsWith('<none>'));
    const repoDigests = textsOf(details, 'RepoDigests').filter((digest) => !digest.startsWith('<none>'));
    const reference = chooseReference(name, repoTags, repoDigests);
    return {
      name,
      id: id.includes(':') ? id : `sha256:${id}`,
      config,
      layers: diffIds.map((diffId, i) => exported.layer(i, diffId, createdBy[i])),
      repoTags,
      repoDigests,
      ...(reference !== undefined && { reference }),
      async close() {
        await exported.close();
        context.close();
        client.close();
      },
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The export of one image, made at most once. */
class Export {
  private readonly engine: Engine;
  private readonly name: string;
  private readonly id: string;
  private readonly context: LayerContext;
  private opened: Promise<Image> | undefined;

  constructor(engine: Engine, name: string, id: string, context: LayerContext) {
    this.engine = engine;
    this.name = name;
    this.id = id;
    this.context = context;
  }

  layer(index: number, diffId: string, createdBy: string | undefined): LayerSource {
    return {
      diffId,
      // The engine made the diff id from the content itself.
      contentKey: diffId,
      ...(createdBy !== undefined && { createdBy }),
      walk: async (visitor, signal) => {
        this.opened ??= this.open();
        const layer = (await this.opened).layers[index];
        if (layer?.diffId !== diffId) throw this.engine.failure('the export has other layers than the image');
        return layer.walk(visitor, signal);
      },
    };
  }

  async close(): Promise<void> {
    // A failed export was the error of the walk that asked for it.
    await this.opened?.then((image) => image.close()).catch(() => {});
  }

  private async open(): Promise<Image> {
    const response = await this.engine.get(`images/${encodeName(this.id)}/get`);
    const tar = await spooled(bounded(response.body, this.name), this.context);
    return openDockerArchive(filesOfTar(this.name, tar), this.name, undefined, this.context);
  }
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, image: string): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limits.layer) {
      throw new PratiqueError('limit/exceeded', { what: `the export of ${image}`, limit: `${limits.layer} bytes` });
    }
    yield chunk;
  }
}

class Engine {
  private readonly client: HttpClient;
  private readonly endpoint: EngineEndpoint;
  private readonly signal: AbortSignal;

  constructor(client: HttpClient, endpoint: EngineEndpoint, signal: AbortSignal) {
    this.client = client;
    this.endpoint = endpoint;
    this.signal = signal;
  }

  /** By the full name, then by the text as given, which may be an id. */
  async inspect(name: string): Promise<unknown> {
    const names = [...fullNames(name), name];
    for (const [i, candidate] of names.entries()) {
      const response = await this.send(`images/${encodeName(candidate)}/json`);
      if (response.status === 404 && i < names.length - 1) await response.discard();
      else return this.answer(response);
    }
    return undefined;
  }

  async json(path: string): Promise<unknown> {
    return this.answer(await this.send(path));
  }

  async get(path: string): Promise<HttpResponse> {
    const response = await this.send(path);
    if (response.status !== 200) await this.answer(response);
    return response;
  }

  failure(reason: string, cause?: unknown): PratiqueError {
    return new PratiqueError('image/source', { reason: `${this.endpoint.host}: ${reason}` }, cause);
  }

  private async send(path: string): Promise<HttpResponse> {
    try {
      return await this.client.request({ url: `${this.endpoint.baseUrl}/${path}`, signal: this.signal });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw this.failure(error.failure === 'unreachable' ? 'no container engine listens there' : error.message, error);
    }
  }

  private async answer(response: HttpResponse): Promise<unknown> {
    const body = await response.json(limits.manifest).catch((error: unknown) => {
      throw this.failure('the answer is not JSON', error);
    });
    if (response.status === 200) return body;
    throw this.failure(textOf(body, 'message') ?? textOf(body, 'cause') ?? `status ${response.status}`);
  }
}

/** Slashes stay: engines take the rest of the path as the name. */
const encodeName = (name: string): string =>
  name.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':').replaceAll('%40', '@');

/** The image configuration, from what the engine tells about the image and its history. */
function configOf(details: unknown, history: unknown): ImageConfig {
  const fields: [string, unknown][] = [
    ['architecture', fieldOf(details, 'Architecture')],
    ['author', fieldOf(details, 'Author')],
    ['container', fieldOf(details, 'Container')],
    ['created', fieldOf(details, 'Created')],
    ['docker_version', fieldOf(details, 'DockerVersion')],
    ['history', historyOf(history)],
    ['os', fieldOf(details, 'Os')],
    ['rootfs', { type: textOf(details, 'RootFS', 'Type') ?? 'layers', diff_ids: textsOf(details, 'RootFS', 'Layers') }],
    ['config', withoutEmpty(fieldOf(details, 'Config'))],
    ['variant', fieldOf(details, 'Variant')],
    ['os.version', fieldOf(details, 'OsVersion')],
  ];
  return Object.fromEntries(fields.filter(([, value]) => !isEmpty(value)));
}

function withoutEmpty(value: unknown): unknown {
  if (!isTable(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => !isEmpty(field)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The engine tells the newest first, with times in seconds. */
function historyOf(history: unknown): ImageHistory[] {
  if (!Array.isArray(history)) return [];
  return history.toReversed().map((entry): ImageHistory => {
    const created = fieldOf(entry, 'Created');
    const createdBy = textOf(entry, 'CreatedBy') ?? '';
    const comment = textOf(entry, 'Comment');
    return {
      ...(typeof created === 'number' && Math.abs(created) < 8e12 && { created: instantOf(created) }),
      ...(createdBy !== '' && { created_by: createdBy }),
      ...(comment && { comment }),
      ...(fieldOf(entry, 'Size') === 0 && leavesNoFiles(createdBy) && { empty_layer: true }),
    };
  });
}

const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Instructions that only change the configuration; others make a layer even when it is empty. */
function leavesNoFiles(createdBy: string): boolean {
  const instruction = createdBy
    .replace(/^\/bin\/sh -c /, '')
    .replace(/^#\(nop\) /, '')
    .trim();
  return /^(?:ENV|MAINTAINER|LABEL|CMD|ENTRYPOINT|HEALTHCHECK|EXPOSE|USER|VOLUME|STOPSIGNAL|SHELL|ARG|ONBUILD)\b/.test(
    instruction,
  );
}

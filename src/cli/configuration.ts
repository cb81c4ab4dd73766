/**
 * The configuration file: `pratique.yaml` or `trivy.yaml` of the working directory, or the one named by `--config`.
 * Yields  texts by dotted, lower-case key, as the options table names them. A missing default file is no error.
 *         Never read from what is scanned.
 * Errors  `PratiqueError` `config/invalid` with the line or the key, `file/not-found` for a named file.
 */
import { FormatError, LimitError, limits, PratiqueError } from '#base';
import type { LocatedYaml } from '#formats';
import { readIfPresent, type World } from '#platform';
import { isAbsolute, join } from 'node:path';

/** A scalar as it is written, or a list of them. */
export type ConfiguredValue = string | readonly string[];

export interface Configuration {
  readonly path: string;
  /** Keys without a value are left out: the default counts. */
  readonly values: ReadonlyMap<string, ConfiguredValue>;
  /** Of the keys in `values`. */
  readonly lines: ReadonlyMap<string, number>;
}

/** `named` when the user gave the path. */
export async function readConfiguration(path: string, named: boolean, world: World): Promise<Configuration> {
  const candidates = named ? [path] : ['pratique.yaml', 'trivy.yaml'];
  for (const candidate of candidates) {
    const bytes = await read(candidate, world);
    if (bytes) return { path: candidate, ...(await parse(candidate, bytes)) };
  }
  if (named) throw new PratiqueError('file/not-found', { path });
  return { path, values: new Map(), lines: new Map() };
}

async function read(path: string, world: World): Promise<Uint8Array | undefined> {
  try {
    return await readIfPresent(isAbsolute(path) ? path : join(world.cwd, path), limits.manifest);
  } catch (error) {
    if (error instanceof LimitError) throw new PratiqueError('config/invalid', { path, problem: 'too large' }, error);
    throw error;
  }
}

type Content = Pick<Configuration, 'values' | 'lines'>;

async function parse(path: string, bytes: Uint8Array): Promise<Content> {
  const { isTable, parseLocatedYaml } = await import('#formats');
  let located: LocatedYaml;
  try {
    located = await parseLocatedYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof FormatError)
      throw new PratiqueError('config/invalid', { path, problem: error.message }, error);
    if (error instanceof TypeError)
      throw new PratiqueError('config/invalid', { path, problem: 'it is not UTF-8 text' }, error);
    throw error;
  }
  const { root: document, lineOf } = located;
  const values = new Map<string, ConfiguredValue>();
  const places = new Map<string, string>();
  if (document === undefined || document === null || document === '') return { values, lines: new Map() };
  if (!isTable(document))
    throw new PratiqueError('config/invalid', { path, problem: 'the top level is not a mapping' });
  flatten('', document, (place, value) => {
    values.set(place.toLowerCase(), value);
    places.set(place.toLowerCase(), place);
  });
  return { values, lines: new Map([...places].map(([key, place]) => [key, lineOf(place) ?? 1])) };
}

type Put = (place: string, value: ConfiguredValue) => void;

/** The elements of lists that hold more than texts get keys of their own, `key[0]`. */
function flatten(prefix: string, node: Readonly<Record<string, unknown>>, put: Put): void {
  for (const [name, value] of Object.entries(node)) {
    const place = `${prefix}${name}`;
    if (Array.isArray(value)) {
      if (value.every((element) => typeof element === 'string')) put(place, value);
      else value.forEach((element, i) => flattenElement(`${place}[${i}]`, element, put));
    } else if (typeof value === 'string') {
      if (!/^(?:|~|null)$/i.test(value)) put(place, value);
    } else if (value && typeof value === 'object') flatten(`${place}.`, value as Record<string, unknown>, put);
  }
}

function flattenElement(place: string, value: unknown, put: Put): void {
  if (typeof value === 'string') put(place, value);
  else flatten(`${place}.`, { ...(value as object) }, put);
}

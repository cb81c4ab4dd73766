/**
 * The configuration file: `pratique.yaml` or `trivy.yaml` of the working directory, or the one named by `--config`.
 * Yields  texts by dotted, lower-case key, as the options table names them. A missing default file is no error.
 *         Never read from what is scanned.
 * Errors  `PratiqueError` `config/invalid` with the line or the key, `file/not-found` for a named file.
 */
import { FormatError, LimitError, limits, PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import { isAbsolute, join } from 'node:path';

/** A scalar as it is written, or a list of them. */
export type ConfiguredValue = string | readonly string[];

export interface Configuration {
  readonly path: string;
  /** Keys without a value are left out: the default counts. */
  readonly values: ReadonlyMap<string, ConfiguredValue>;
}

/** `named` when the user gave the path. */
export async function readConfiguration(path: string, named: boolean, world: World): Promise<Configuration> {
  const candidates = named ? [path] : ['pratique.yaml', 'trivy.yaml'];
  for (const candidate of candidates) {
    const bytes = await read(candidate, world);
    if (bytes) return { path: candidate, values: await parse(candidate, bytes) };
  }
  if (named) throw new PratiqueError('file/not-found', { path });
  return { path, values: new Map() };
}

async function read(path: string, world: World): Promise<Uint8Array | undefined> {
  try {
    return await readIfPresent(isAbsolute(path) ? path : join(world.cwd, path), limits.manifest);
  } catch (error) {
    if (error instanceof LimitError) throw new PratiqueError('config/invalid', { path, problem: 'too large' }, error);
    throw error;
  }
}

async function parse(path: string, bytes: Uint8Array): Promise<ReadonlyMap<string, ConfiguredValue>> {
  const { isTable, parseYaml } = await import('#formats');
  const values = new Map<string, ConfiguredValue>();
  let document: unknown;
  try {
    document = await parseYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof FormatError)
      throw new PratiqueError('config/invalid', { path, problem: error.message }, error);
    if (error instanceof TypeError)
      throw new PratiqueError('config/invalid', { path, problem: 'it is not UTF-8 text' }, error);
    throw error;
  }
  if (document === undefined || document === null || document === '') return values;
  if (!isTable(document))
    throw new PratiqueError('config/invalid', { path, problem: 'the top level is not a mapping' });
  flatten('', document, values);
  return values;
}

/** The elements of lists that hold more than texts get keys of their own, `key[0]`. */
function flatten(prefix: string, node: Readonly<Record<string, unknown>>, values: Map<string, ConfiguredValue>): void {
  for (const [name, value] of Object.entries(node)) {
    const key = `${prefix}${name}`.toLowerCase();
    if (Array.isArray(value)) {
      if (value.every((element) => typeof element === 'string')) values.set(key, value);
      else value.forEach((element, i) => flattenElement(`${key}[${i}]`, element, values));
    } else if (typeof value === 'string') {
      if (!/^(?:|~|null)$/i.test(value)) values.set(key, value);
    } else if (value && typeof value === 'object') flatten(`${key}.`, value as Record<string, unknown>, values);
  }
}

function flattenElement(key: string, value: unknown, values: Map<string, ConfiguredValue>): void {
  if (typeof value === 'string') values.set(key, value);
  else flatten(`${key}.`, { ...(value as object) }, values);
}

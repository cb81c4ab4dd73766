/**
 * The configuration file: `pratique.yaml` or `trivy.yaml` of the working directory, or the one named by `--config`.
 * Yields texts by dotted, lower-case key, as the options table names them. A missing default file is no error.
 * Never read from what is scanned.
 */
import { FormatError, limits, PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import { isAbsolute, join } from 'node:path';

export interface Configuration {
  readonly path: string;
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** `named` when the user gave the path. */
export async function readConfiguration(path: string, named: boolean, world: World): Promise<Configuration> {
  const candidates = named ? [path] : ['pratique.yaml', 'trivy.yaml'];
  for (const candidate of candidates) {
    const bytes = await readIfPresent(isAbsolute(candidate) ? candidate : join(world.cwd, candidate), limits.manifest);
    if (bytes) return { path: candidate, texts: await parse(candidate, new TextDecoder().decode(bytes)) };
  }
  if (named) throw new PratiqueError('file/not-found', { path });
  return { path, texts: new Map() };
}

async function parse(path: string, text: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { parseYaml } = await import('#formats');
  const texts = new Map<string, readonly string[]>();
  let document: unknown;
  try {
    document = await parseYaml(text);
  } catch (error) {
    if (error instanceof FormatError)
      throw new PratiqueError('config/invalid', { path, problem: error.message }, error);
    throw error;
  }
  if (document === undefined || document === null || document === '') return texts;
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new PratiqueError('config/invalid', { path, problem: 'the top level is not a mapping' });
  }
  flatten('', document as Record<string, unknown>, texts);
  return texts;
}

function flatten(prefix: string, node: Record<string, unknown>, texts: Map<string, readonly string[]>): void {
  for (const [name, value] of Object.entries(node)) {
    const key = `${prefix}${name}`.toLowerCase();
    if (Array.isArray(value))
      texts.set(
        key,
        value.filter((element) => typeof element === 'string'),
      );
    else if (typeof value === 'string') texts.set(key, [value]);
    else if (value && typeof value === 'object') flatten(`${key}.`, value as Record<string, unknown>, texts);
  }
}

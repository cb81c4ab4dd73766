/**
 * YAML documents: lock files.
 * Reads   UTF-8 text, a leading byte order mark allowed.
 * Yields  one value per document, made of arrays, objects and strings only: scalars stay as they are written, so that
 *         the version `1.10` keeps its zero. Read them with `untyped.ts`.
 * Limits  32 MiB of text; 100 levels of nesting and 200 aliases a document; an alias shares its node, so none is copied.
 *         Merge keys (`<<`) are ordinary keys.
 * Errors  `FormatError` with the line of the first mistake; equal keys and tags beyond the schema are mistakes.
 * Source  https://yaml.org/spec/1.2.2/#101-failsafe-schema
 */
import { FormatError, LimitError, limits } from '#base';

/** The library is loaded at first use. */
export async function parseYamlDocuments(text: string): Promise<readonly unknown[]> {
  checkYamlSize(text);
  const { loadAll, FAILSAFE_SCHEMA } = await import('js-yaml');
  const { aliases, depth } = yamlLimits;
  try {
    return loadAll(text.replace(/^\uFEFF/, ''), { schema: FAILSAFE_SCHEMA, maxAliases: aliases, maxDepth: depth });
  } catch (error) {
    throw await yamlError(error);
  }
}

export const yamlLimits = { aliases: 200, depth: 100 } as const;

export function checkYamlSize(text: string): void {
  if (text.length > limits.structuredText) throw new LimitError('the YAML document', limits.structuredText);
}

/** What the library complains about, with the line. */
export async function yamlError(error: unknown): Promise<FormatError> {
  const { YAMLException } = await import('js-yaml');
  const line = error instanceof YAMLException ? error.mark?.line : undefined;
  return new FormatError(line === undefined ? 'not YAML' : `not YAML: line ${line + 1}`, { cause: error });
}

/** The first document; `undefined` when there is none. */
export async function parseYaml(text: string): Promise<unknown> {
  return (await parseYamlDocuments(text))[0];
}

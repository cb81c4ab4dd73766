/**
 * TOML documents: lock files and project manifests.
 * Reads   UTF-8 text, a leading byte order mark allowed.
 * Yields  plain objects, arrays and scalars of unknown shape; read them with `untyped.ts`.
 * Limits  nesting as in the library (1000); 32 MiB of text.
 * Errors  `FormatError` with the line of the first mistake.
 * Source  https://toml.io/en/v1.0.0
 */
import { FormatError, LimitError, limits } from '#base';

/** The library is loaded at first use. */
export async function parseToml(text: string): Promise<Readonly<Record<string, unknown>>> {
  if (text.length > limits.structuredText) throw new LimitError('the TOML document', limits.structuredText);
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    if (error instanceof TomlError) throw new FormatError(`not TOML: line ${error.line}`, { cause: error });
    throw new FormatError('not TOML', { cause: error });
  }
}

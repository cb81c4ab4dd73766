/** Parsers of feed files. Errors are FormatErrors, which give up one file. */
import { FormatError } from '#base';
import { isTable, parseYaml } from '#formats';

export function parseFeedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new FormatError('not JSON', { cause: error });
  }
}

/** The first document, which must be a table. */
export async function parseFeedYaml(text: string): Promise<Readonly<Record<string, unknown>>> {
  const value = await parseYaml(text);
  if (!isTable(value)) throw new FormatError('not a table');
  return value;
}

/** Reads the ignore files that the user named, or those of the working directory. YAML is told by the file's ending. */
import { FormatError, limits, PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import { createIgnoreRules, type IgnoreRules } from './ignore-rules.js';
import type { IgnoreEntry, IgnoreFile } from './ignore-entry.js';
import { parseIgnoreLines } from './ignore-lines.js';
import { parseIgnoreYaml } from './ignore-yaml.js';

export interface IgnoreFileChoice {
  readonly path: string;
  /** It is an error when there is no such file. */
  readonly required: boolean;
}

/** `undefined` when nothing is to be ignored. */
export async function loadIgnoreFiles(
  choices: readonly IgnoreFileChoice[],
  licenses: readonly string[],
  world: World,
): Promise<IgnoreRules | undefined> {
  const files: IgnoreFile[] = [];
  for (const { path, required } of choices) {
    const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.manifest);
    if (bytes) files.push(await parse(new TextDecoder().decode(bytes), path));
    else if (required) throw new PratiqueError('file/not-found', { path });
  }
  if (licenses.length > 0) files.push({ entries: licenses.map(ignoredLicense), diagnostics: [] });
  return files.length > 0 ? createIgnoreRules(files, world.clock.now()) : undefined;
}

const ignoredLicense = (id: string): IgnoreEntry => ({
  id,
  kind: 'license',
  statement: '',
  source: '--ignored-licenses',
  place: '--ignored-licenses',
  standing: true,
});

async function parse(text: string, path: string): Promise<IgnoreFile> {
  if (!/\.ya?ml$/.test(path)) return parseIgnoreLines(text, path);
  try {
    return await parseIgnoreYaml(text, path);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('ignore-file/invalid', { path, problem: error.message }, error);
  }
}

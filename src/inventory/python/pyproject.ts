/**
 * What a Python project says it needs, beside its lock file.
 * Reads   `pyproject.toml`: `project` (dependencies and optional ones), Poetry's tables and groups, `dependency-groups`.
 * Yields  normalised names.
 * Errors  `FormatError` from the TOML reader, which `projectBeside` turns into diagnostic `unreadable-project`.
 * Source  https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://peps.python.org/pep-0735/ and
 *         https://python-poetry.org/docs/pyproject/
 */
import { FormatError } from '#base';
import { entriesOf, parseToml, textsOf } from '#formats';
import type { ExtractContext } from '../extractor.js';
import { normalizePythonName, requirementName } from './package-name.js';

export interface PythonProject {
  /** Needed by those who use the project, extras included. */
  readonly main: ReadonlySet<string>;
  /** Needed to work on the project. */
  readonly dev: ReadonlySet<string>;
}

/** The project a lock file belongs to. */
export async function projectBeside(lockPath: string, context: ExtractContext): Promise<PythonProject | undefined> {
  const file = context.sibling(lockPath.replace(/[^/]*$/, 'pyproject.toml'));
  if (!file) return undefined;
  try {
    return await parsePyproject(file.text());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.report('unreadable-project', `${file.path}: ${error.message}`);
    return undefined;
  }
}

export async function parsePyproject(text: string): Promise<PythonProject> {
  const root = await parseToml(text);
  const main = [
    ...textsOf(root, 'project', 'dependencies').map(requirementName),
    ...entriesOf(root, 'project', 'optional-dependencies').flatMap(([, list]) => textsOf(list).map(requirementName)),
    ...entriesOf(root, 'tool', 'poetry', 'dependencies').map(([name]) => name),
  ];
  const dev = [
    ...entriesOf(root, 'dependency-groups').flatMap(([, list]) => textsOf(list).map(requirementName)),
    ...entriesOf(root, 'tool', 'poetry', 'dev-dependencies').map(([name]) => name),
    ...entriesOf(root, 'tool', 'poetry', 'group').flatMap(([, group]) =>
      entriesOf(group, 'dependencies').map(([name]) => name),
    ),
  ];
  return { main: normalized(main), dev: normalized(dev) };
}

function normalized(names: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(names.filter((name) => name !== undefined).map(normalizePythonName));
}

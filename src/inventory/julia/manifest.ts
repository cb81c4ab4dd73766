/**
 * Packages locked by Julia's Pkg.
 * Reads   `Manifest.toml` of formats 1 (packages at the top) and 2 (below `deps`), `Project.toml` beside it.
 * Yields  packages by UUID with lines, dependencies and relationship: what the project's `deps` reach, and for
 *         development what its `extras` reach. What neither reaches is left out. Packages of the standard library have
 *         Julia's own version.
 * Errors  `FormatError` when the manifest is no TOML. Without a readable project nothing can be reached: reported.
 * Source  https://pkgdocs.julialang.org/v1/toml-files/
 */
import { compact, FormatError } from '#base';
import { entriesOf, fieldOf, isTable, listOf, parseToml, textOf, textsOf } from '#formats';
import type { LineRange, Package } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { sortedIds } from '../package-set.js';
import { tableLines } from './table-lines.js';

interface Entry {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly lines: LineRange | undefined;
}
type Entries = ReadonlyMap<string, Entry>;

export const juliaManifest = defineExtractor({
  id: 'julia/manifest',
  type: 'julia',
  name: 'julia',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/Manifest.toml'],
  companions: ['**/Project.toml'],
  async extract(file, context) {
    const text = file.text();
    const entries = readEntries(await parseToml(text), text);
    const project = await readProject(file.path.replace(/Manifest\.toml$/, 'Project.toml'), entries.size > 0, context);
    if (!project) return undefined;
    const needed = reach(uuidsOf(project, 'deps'), entries);
    const development = reach(uuidsOf(project, 'extras'), entries);
    const packages = [...entries].flatMap(([id, entry]): readonly Package[] => {
      const relationship = needed.get(id) ?? development.get(id);
      if (!relationship) return [];
      const { name, version, dependencies, lines } = entry;
      const found = compact({
        id,
        name,
        version,
        dev: needed.has(id) ? undefined : true,
        relationship,
        dependsOn: sortedIds(dependencies),
        locations: lines && [lines],
        analyzedBy: 'julia',
      });
      return [found];
    });
    return { applications: [{ type: 'julia', path: file.path, packages }] };
  },
});

function readEntries(manifest: unknown, text: string): Entries {
  const tables = fieldOf(manifest, 'manifest_format') === undefined ? entriesOf(manifest) : entriesOf(manifest, 'deps');
  const standard = textOf(manifest, 'julia_version') || 'unknown';
  const lines = tableLines(text);
  const uuids = new Map<string, string>();
  for (const [name, list] of tables) {
    const uuid = listOf(list).flatMap((entry) => textOf(entry, 'uuid') ?? [])[0];
    if (uuid) uuids.set(name, uuid);
  }
  const entries = new Map<string, Entry>();
  for (const [name, list] of tables) {
    listOf(list).forEach((entry, index) => {
      const uuid = textOf(entry, 'uuid');
      if (!uuid) return;
      const version = textOf(entry, 'version') || standard;
      entries.set(uuid, { name, version, dependencies: dependenciesOf(entry, uuids), lines: lines.get(name)?.[index] });
    });
  }
  return entries;
}

/** Names, or where a name alone is ambiguous a table of names and UUIDs. */
function dependenciesOf(entry: unknown, uuids: ReadonlyMap<string, string>): readonly string[] {
  if (!isTable(fieldOf(entry, 'deps'))) return textsOf(entry, 'deps').flatMap((name) => uuids.get(name) ?? []);
  return uuidsOf(entry, 'deps');
}

function uuidsOf(owner: unknown, table: string): readonly string[] {
  return entriesOf(owner, table).flatMap(([, uuid]) => (typeof uuid === 'string' ? [uuid] : []));
}

async function readProject(path: string, isNeeded: boolean, context: ExtractContext): Promise<unknown> {
  const file = context.sibling(path);
  try {
    if (file) return await parseToml(file.text());
    if (isNeeded) context.report('project-missing', `${path}: without it no package counts as used`);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.report('project-unreadable', `${path}: ${error.message}`);
  }
  return undefined;
}

function reach(direct: readonly string[], entries: Entries): ReadonlyMap<string, 'direct' | 'indirect'> {
  const reached = new Map<string, 'direct' | 'indirect'>();
  for (const id of direct) if (entries.has(id)) reached.set(id, 'direct');
  for (const [id] of reached) {
    for (const next of entries.get(id)!.dependencies)
      if (entries.has(next) && !reached.has(next)) reached.set(next, 'indirect');
  }
  return reached;
}

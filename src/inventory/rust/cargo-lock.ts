/**
 * Packages locked by Cargo.
 * Reads   `Cargo.lock` of versions 1 to 4; `Cargo.toml` beside it and in its workspace's members.
 * Yields  packages with lines and dependencies. Where a manifest is at hand, only the project, its members and what
 *         their dependencies reach, with relationship: what is needed for development or build scripts alone is left
 *         out. Without one, all packages and no relationship.
 * Errors  `FormatError` when the lock file is no TOML; unreadable manifests are reported.
 * Source  https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
 */
import { compact } from '#base';
import { listOf, parseToml, textOf, textsOf } from '#formats';
import type { LineRange, Package } from '#model';
import { defineExtractor } from '../extractor.js';
import { PackageSet, sortedIds } from '../package-set.js';
import { readCargoProject } from './cargo-project.js';

export const cargoLock = defineExtractor({
  id: 'rust/cargo-lock',
  type: 'cargo',
  name: 'cargo',
  runsOn: 'everywhere',
  revision: 1,
  files: ['**/Cargo.lock'],
  companions: ['**/Cargo.toml'],
  async extract(file, context) {
    const text = file.text();
    const locked = readLocked(listOf(await parseToml(text), 'package'), packageLines(text));
    const directory = file.path.slice(0, -'Cargo.lock'.length);
    const packages = (await readCargoProject(directory, locked, context)) ?? locked;
    return { applications: [{ type: 'cargo', path: file.path, packages }] };
  },
});

function readLocked(entries: readonly unknown[], lines: readonly LineRange[]): readonly Package[] {
  const byName = new Map<string, string>();
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = idOf(entry);
    if (id === undefined) continue;
    byName.set(textOf(entry, 'name')!, id);
    ids.add(id);
  }
  /** `name`, `name version` or `name version (source)`: as much as is needed to tell packages apart. */
  const resolve = (dependency: string): string | undefined => {
    const [name = '', version] = dependency.split(' ', 2);
    const id = version === undefined ? byName.get(name) : `${name}@${version}`;
    return id !== undefined && ids.has(id) ? id : undefined;
  };
  const packages = new PackageSet();
  for (const [index, entry] of entries.entries()) {
    if (packages.full) break;
    const id = idOf(entry);
    if (id === undefined) continue;
    packages.add(
      compact({
        id,
        name: textOf(entry, 'name')!,
        version: textOf(entry, 'version')!,
        dependsOn: sortedIds(textsOf(entry, 'dependencies').flatMap((dependency) => resolve(dependency) ?? [])),
        locations: lines.length === entries.length ? [lines[index]!] : undefined,
        analyzedBy: 'cargo',
      }),
    );
  }
  return packages.list();
}

function idOf(entry: unknown): string | undefined {
  const name = textOf(entry, 'name');
  const version = textOf(entry, 'version');
  return name && version ? `${name}@${version}` : undefined;
}

/** Cargo writes one `[[package]]` a line; the table ends with its last line that is not blank. */
function packageLines(text: string): readonly LineRange[] {
  const found: { start: number; end: number }[] = [];
  let current: { start: number; end: number } | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '[[package]]') found.push((current = { start: index + 1, end: index + 1 }));
    else if (line.startsWith('[')) current = undefined;
    else if (line !== '' && current) current.end = index + 1;
  });
  return found;
}

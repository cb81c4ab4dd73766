/**
 * The `dependencies` table of an npm lock file of version 1: packages by name, nested as they are installed.
 * `requires` names what a package needs; each is found in the nearest enclosing table.
 * Source  https://docs.npmjs.com/cli/v6/configuring-npm/package-lock-json
 */
import { compact } from '#base';
import { entriesOf, fieldOf, textOf, type LocatedJson } from '#formats';
import type { Package } from '#model';
import { readRanges } from './package-json.js';
import { PackageSet, sortedIds } from '../package-set.js';

/** Ids by name in one table, and the tables around it. */
interface Scope {
  readonly ids: ReadonlyMap<string, string>;
  readonly outer?: Scope;
}

const maxLevels = 64;

export function readNestedLock(json: LocatedJson): readonly Package[] {
  const packages = new PackageSet();
  addTable(json, json.root, scopeOf(json.root), packages);
  return packages.list();
}

function addTable(json: LocatedJson, owner: unknown, scope: Scope, packages: PackageSet): void {
  for (const [name, entry] of entriesOf(owner, 'dependencies')) {
    const inner = scopeOf(entry, scope);
    const found = identify(name, entry);
    if (found) {
      const lines = json.linesOf(entry);
      const required = [...readRanges(entry, 'requires').keys()].flatMap((needed) => resolve(needed, inner) ?? []);
      packages.add(
        compact({
          ...found,
          dev: fieldOf(entry, 'dev') === true ? true : undefined,
          dependsOn: sortedIds(required),
          locations: lines && [lines],
          analyzedBy: 'npm',
        }),
      );
    }
    addTable(json, entry, inner, packages);
  }
}

function scopeOf(owner: unknown, outer?: Scope): Scope {
  const ids = new Map<string, string>();
  for (const [name, entry] of entriesOf(owner, 'dependencies')) {
    const found = identify(name, entry);
    if (found) ids.set(name, found.id);
  }
  return compact({ ids, outer });
}

function resolve(name: string, innermost: Scope): string | undefined {
  let level = 0;
  for (let scope: Scope | undefined = innermost; scope && level < maxLevels; scope = scope.outer, level++) {
    const id = scope.ids.get(name);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** `"version": "npm:real@1.0.0"` is a package installed under another name. */
function identify(name: string, entry: unknown): { id: string; name: string; version: string } | undefined {
  const version = textOf(entry, 'version');
  if (!version) return undefined;
  const alias = /^npm:(@?[^@]+)@(.+)$/.exec(version);
  const real = alias ? { name: alias[1]!, version: alias[2]! } : { name, version };
  return { id: `${real.name}@${real.version}`, ...real };
}

/**
 * Modules a Go module requires.
 * Reads   `go.mod`; before Go 1.17 it names direct requirements only, the others then come from `go.sum` beside it.
 *         License files under `vendor`.
 * Yields  the module itself as root, direct and indirect requirements with replacements applied; versions with their `v`.
 *         Replacement by a directory takes the module out: its code is part of the tree. With comprehensive detection
 *         the standard library too, by the toolchain that would be used at least. Licenses of vendored modules.
 * Errors  diagnostics `invalid-line` with the line.
 * Source  https://go.dev/ref/mod#go-mod-file and https://go.dev/ref/mod#go-sum-files
 */
import { compact } from '#base';
import { recognizeLicense } from '#formats';
import type { Package, Relationship } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { isFull } from '../package-set.js';
import { type GoModFile, parseGoMod } from './go-mod-file.js';

export const goMod = defineExtractor({
  id: 'go/mod',
  type: 'gomod',
  name: 'gomod',
  runsOn: 'sources',
  revision: 1,
  files: ['**/go.mod'],
  companions: ['**/go.sum', '**/vendor/**/LICENSE*', '**/vendor/**/LICENCE*', '**/vendor/**/COPYING*'],
  extract(file, context) {
    const module = parseGoMod(file.text());
    for (const { line, problem } of module.mistakes) context.report('invalid-line', problem, line);
    const modules = requirementsOf(module);
    if (hasDirectOnly(module.goVersion)) addSums(modules, context.sibling(file.path.replace(/mod$/, 'sum'))?.text());
    replace(modules, module);
    const packages = withLicenses(packagesOf(module, modules, context), file.path, context);
    return { applications: [{ type: 'gomod', path: file.path, packages }] };
  },
});

interface Required {
  readonly name: string;
  readonly version: string;
  readonly relationship: Relationship;
}

function requirementsOf(module: GoModFile): Map<string, Required> {
  const directOnly = hasDirectOnly(module.goVersion);
  const modules = new Map<string, Required>();
  for (const { path, version, indirect } of module.requirements)
    if (!(directOnly && indirect))
      modules.set(path, { name: path, version, relationship: indirect ? 'indirect' : 'direct' });
  return modules;
}

/** The last version of each module in go.sum is its highest. */
function addSums(modules: Map<string, Required>, text: string | undefined): void {
  const highest = new Map<string, string>();
  for (const line of (text ?? '').split('\n')) {
    const [path, version] = line.trim().split(/\s+/);
    if (path && version) highest.set(path, version.replace(/\/go\.mod$/, ''));
    if (isFull(highest)) break;
  }
  for (const [name, version] of highest)
    if (!modules.has(name)) modules.set(name, { name, version, relationship: 'indirect' });
}

function replace(modules: Map<string, Required>, module: GoModFile): void {
  for (const { path, version, newPath, newVersion } of module.replacements) {
    const old = modules.get(path);
    if (!old || (version !== undefined && version !== old.version)) continue;
    modules.delete(path);
    if (newVersion !== undefined) modules.set(newPath, { ...old, name: newPath, version: newVersion });
  }
}

function packagesOf(
  module: GoModFile,
  modules: ReadonlyMap<string, Required>,
  context: ExtractContext,
): readonly Package[] {
  const packages: Package[] = [...modules.values()].map(asPackage);
  const standardLibrary = context.options.detection === 'comprehensive' ? standardLibraryOf(module) : undefined;
  if (standardLibrary) packages.push(asPackage(standardLibrary));
  if (module.module === undefined) return packages;
  const root = compact({
    id: module.module,
    name: module.module,
    version: '',
    relationship: 'root',
    // Which module needs which is not known without their own module files.
    dependsOn: packages.length > 0 ? packages.map(({ id }) => id!) : undefined,
    analyzedBy: 'gomod',
  } as const);
  return [root, ...packages];
}

function withLicenses(packages: readonly Package[], path: string, context: ExtractContext): readonly Package[] {
  const vendor = path.replace(/go\.mod$/, 'vendor/');
  const found = new Map<string, Set<string>>();
  for (const file of context.companionsUnder(vendor.slice(0, -1))) {
    const license = recognizeLicense(context.sibling(file)?.text() ?? '');
    const module = file.slice(vendor.length, file.lastIndexOf('/'));
    if (license !== undefined) found.set(module, (found.get(module) ?? new Set()).add(license));
  }
  return packages.map((one) => {
    const licenses = found.get(one.name);
    return licenses ? { ...one, licenses: [...licenses].sort() } : one;
  });
}

function asPackage({ name, version, relationship }: Required): Package {
  return { id: `${name}@${version}`, name, version, relationship, analyzedBy: 'gomod' };
}

/** From Go 1.21 on, the `go` line is the least toolchain that builds the module. */
function standardLibraryOf({ goVersion, toolchain }: GoModFile): Required | undefined {
  const named = /^go(\d+\.\d+\S*)/.exec(toolchain ?? '')?.[1];
  const [major, minor] = languageVersion(goVersion);
  const version = named ?? (major > 1 || minor >= 21 ? goVersion : undefined);
  // A `-suffix` names a build of the toolchain, not a version of the library.
  return version === undefined
    ? undefined
    : { name: 'stdlib', version: `v${version.replace(/-.*$/, '')}`, relationship: 'direct' };
}

function hasDirectOnly(goVersion: string | undefined): boolean {
  const [major, minor] = languageVersion(goVersion);
  return major < 1 || (major === 1 && minor < 17);
}

function languageVersion(goVersion: string | undefined): readonly [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(goVersion ?? '') ?? [];
  return [Number(major ?? 0), Number(minor ?? 0)];
}

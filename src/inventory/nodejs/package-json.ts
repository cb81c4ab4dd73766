/**
 * The manifest of a Node.js package.
 * Reads   `package.json`, UTF-8.
 * Yields  name, version, licenses, dependency ranges by name and workspace globs. A license is an SPDX expression, the
 *         older `{type}` object or a list of those; anything else is none.
 * Errors  `FormatError` when the text is no JSON object, or the name cannot be a package's.
 * Source  https://docs.npmjs.com/cli/v11/configuring-npm/package-json
 */
import { FormatError } from '#base';
import { entriesOf, fieldOf, isTable, listOf, parseLocatedJson, textOf, textsOf } from '#formats';

export interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly licenses?: readonly string[];
  readonly dependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
  readonly devDependencies: ReadonlyMap<string, string>;
  readonly workspaces: readonly string[];
}

export function parsePackageJson(text: string): PackageManifest {
  const { root } = parseLocatedJson(text);
  if (!isTable(root)) throw new FormatError('package.json is no object');
  const name = textOf(root, 'name');
  if (name && !isPackageName(name)) throw new FormatError('package.json names no package');
  const version = textOf(root, 'version');
  const licenses = readLicenses(fieldOf(root, 'license'));
  return {
    ...(name && { name }),
    ...(version && { version }),
    ...(licenses && { licenses }),
    dependencies: readRanges(root, 'dependencies'),
    optionalDependencies: readRanges(root, 'optionalDependencies'),
    devDependencies: readRanges(root, 'devDependencies'),
    workspaces: readWorkspaces(root),
  };
}

/** The `license` field of a manifest or lock entry; `undefined` when there is none. */
export function readLicenses(license: unknown): readonly string[] | undefined {
  if (typeof license === 'string') return license ? [license] : undefined;
  const found = (Array.isArray(license) ? license : [license]).flatMap((element) => textOf(element, 'type') ?? []);
  return found.length > 0 ? found : undefined;
}

/** Ranges by package name in one of the dependency tables. */
export function readRanges(owner: unknown, table: string): ReadonlyMap<string, string> {
  return new Map(
    entriesOf(owner, table).flatMap(([name, range]) => (typeof range === 'string' ? [[name, range]] : [])),
  );
}

/** Globs of workspace directories: a list, or a list under `packages`. */
export function readWorkspaces(manifest: unknown): readonly string[] {
  const list = listOf(manifest, 'workspaces').length > 0 ? ['workspaces'] : ['workspaces', 'packages'];
  return textsOf(manifest, ...list);
}

/** 1 to 214 characters that need no escape in a URL, `@scope/` before them at most. */
function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[\w.~!'()*-]+\/)?[\w.~!'()*-]+$/.test(name);
}

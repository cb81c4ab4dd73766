/**
 * The manifest of a Rust package or workspace.
 * Reads   `Cargo.toml`.
 * Yields  name, version (blank when it is the workspace's), dependencies except those for development and build scripts,
 *         and the workspace's members. A renamed dependency goes by its real name.
 * Errors  `FormatError` when the text is no TOML.
 * Source  https://doc.rust-lang.org/cargo/reference/manifest.html
 */
import { entriesOf, fieldOf, parseToml, textOf, textsOf } from '#formats';

export interface CargoManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly CargoDependency[];
  readonly members: readonly string[];
  readonly excluded: readonly string[];
  /** What members may inherit. */
  readonly shared: { readonly version: string; readonly dependencies: ReadonlyMap<string, CargoDependency> };
}

export interface CargoDependency {
  /** The key in the manifest. */
  readonly key: string;
  /** The package. */
  readonly name: string;
  /** Blank: any version. */
  readonly requirement: string;
  /** Name and requirement are those of the workspace's dependency of this key. */
  readonly inherited: boolean;
}

export async function parseCargoManifest(text: string): Promise<CargoManifest> {
  const root = await parseToml(text);
  const targets = entriesOf(root, 'target').map(([, target]) => target);
  return {
    name: textOf(root, 'package', 'name') ?? '',
    version: textOf(root, 'package', 'version') ?? '',
    dependencies: [root, ...targets].flatMap(readDependencies),
    members: textsOf(root, 'workspace', 'members'),
    excluded: textsOf(root, 'workspace', 'exclude'),
    shared: {
      version: textOf(root, 'workspace', 'package', 'version') ?? '',
      dependencies: new Map(readDependencies(fieldOf(root, 'workspace')).map((shared) => [shared.key, shared])),
    },
  };
}

function readDependencies(owner: unknown): readonly CargoDependency[] {
  return entriesOf(owner, 'dependencies').map(([key, value]) => ({
    key,
    name: textOf(value, 'package') ?? key,
    requirement: typeof value === 'string' ? value : (textOf(value, 'version') ?? ''),
    inherited: fieldOf(value, 'workspace') === true,
  }));
}

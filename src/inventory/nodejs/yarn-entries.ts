/**
 * The entries of a `yarn.lock`, of Yarn 1 and of Yarn 2 and later.
 * Reads   blocks: a line of descriptors (`name@range`, quoted or not, comma-separated) that ends in `:`, then indented
 *         fields. Both shapes are read line by line, which tells the lines that a YAML parser would not.
 * Yields  entries of the npm registry, each with its descriptors and those of its dependencies. Packages of other
 *         protocols (workspaces, files, links, patches, git) are passed over.
 * Errors  a line at the margin that is no descriptor is reported; nothing throws.
 * Source  https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ and https://yarnpkg.com/protocols
 */
import type { LineRange } from '#model';
import { isFull } from '../package-set.js';

export interface YarnEntry {
  /** The name it is installed under, and its version. */
  readonly id: string;
  /** The name in the registry; differs from the one in `id` for an alias. */
  readonly name: string;
  readonly version: string;
  /** Normalized, see `descriptorKey`. */
  readonly descriptors: readonly string[];
  readonly dependencies: readonly string[];
  readonly lines: LineRange;
}

interface Block {
  readonly descriptors: readonly Descriptor[];
  readonly start: number;
  end: number;
  version: string;
  resolution: string;
  dependencies: string[];
}

interface Descriptor {
  readonly name: string;
  readonly range: string;
}

/** Name and range, without the `npm:` that only some places write. */
export function descriptorKey(name: string, range: string): string {
  return `${name}@${range.replace(/^npm:/, '')}`;
}

export function readYarnEntries(text: string, unreadable: (line: number) => void): readonly YarnEntry[] {
  return readBlocks(text, unreadable).flatMap((block) => toEntry(block) ?? []);
}

function readBlocks(text: string, unreadable: (line: number) => void): readonly Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let inDependencies = false;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      const descriptors = readHeader(line);
      if (!descriptors) unreadable(number);
      block = descriptors && { descriptors, start: number, end: number, version: '', resolution: '', dependencies: [] };
      if (isFull(blocks)) break;
      if (block) blocks.push(block);
      inDependencies = false;
    } else if (block) {
      block.end = number;
      const indent = line.length - line.trimStart().length;
      if (indent <= 2) inDependencies = line === '  dependencies:';
      if (inDependencies && indent === 4) block.dependencies.push(readDependency(line));
      else if (indent === 2) readField(block, line);
    }
  }
  return blocks;
}

/** Ranges never hold a comma, so quotes need not be told apart. `__metadata:` has no descriptors. */
function readHeader(line: string): readonly Descriptor[] | undefined {
  if (!line.endsWith(':')) return undefined;
  if (line === '__metadata:') return [];
  const found = line.slice(0, -1).replaceAll('"', '').split(/,\s*/);
  const descriptors = found.flatMap((descriptor) => readDescriptor(descriptor) ?? []);
  return descriptors.length === found.length ? descriptors : undefined;
}

/** The name may begin with `@`; the range may hold more of them. */
function readDescriptor(text: string): Descriptor | undefined {
  const at = text.indexOf('@', 1);
  return at < 0 ? undefined : { name: text.slice(0, at), range: text.slice(at + 1) };
}

/** `name "range"` in Yarn 1, `name: range` later; either part may be quoted. */
function readDependency(line: string): string {
  const [, name = '', range = ''] = /^\s*"?([^"\s]+?)"?:?\s+"?((?:[^"\s][^"]*)?)"?$/.exec(line) ?? [];
  return descriptorKey(name, range);
}

function readField(block: Block, line: string): void {
  const [, name, value = ''] = /^ {2}(version|resolution):?\s+"?((?:[^"\s][^"]*)?)"?$/.exec(line) ?? [];
  if (name === 'version') block.version = value;
  else if (name === 'resolution') block.resolution = value;
}

function toEntry({ descriptors, version, resolution, dependencies, start, end }: Block): YarnEntry | undefined {
  const first = descriptors[0];
  if (!first || !version || !isRegistryRange(first.range)) return undefined;
  return {
    id: `${first.name}@${version}`,
    name: resolution ? resolution.slice(0, resolution.indexOf('@', 1)) : registryName(first),
    version,
    descriptors: descriptors.map(({ name, range }) => descriptorKey(name, range)),
    dependencies,
    lines: { start, end },
  };
}

function isRegistryRange(range: string): boolean {
  const protocol = /^([a-z][a-z+]*):/.exec(range)?.[1];
  return protocol === undefined ? !range.includes('://') : protocol === 'npm';
}

/** Yarn 1 writes `npm:` for aliases only: `npm:real`, `npm:@scope/real@^1.0.0`. */
function registryName({ name, range }: Descriptor): string {
  return /^npm:(@?[^@]+)/.exec(range)?.[1] ?? name;
}

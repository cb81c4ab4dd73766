/**
 * Crates linked into a Rust program that was built with cargo-auditable.
 * Reads   the section `.dep-v0` of ELF, PE and Mach-O files: JSON, compressed by zlib.
 * Yields  run-time crates with their dependencies, the program's own crate as root; crates for building only are left out.
 * Limits  the list 8 MiB, inflated.
 * Errors  `FormatError` for a damaged list. Programs without the section yield nothing.
 * Source  https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md
 */
import { compact, FormatError, LimitError, limits, zlib } from '#base';
import { executableFormat, fieldOf, listOf, parseLocatedJson, readExecutable, textOf } from '#formats';
import type { Package, SourceFile } from '#model';
import { defineExtractor } from '../extractor.js';

export const rustBinary = defineExtractor({
  id: 'rust/rust-binary',
  type: 'rustbinary',
  name: 'rustbinary',
  runsOn: 'systems',
  revision: 1,
  files: [],
  executables: true,
  sniff: (head: Uint8Array) => executableFormat(head) !== undefined,
  extract(file) {
    const list = readList(file);
    if (list === undefined) return undefined;
    return {
      applications: [{ type: 'rustbinary', path: file.path, packages: packagesOf(parseLocatedJson(list).root) }],
    };
  },
});

function readList(file: SourceFile): string | undefined {
  const section = readExecutable(file)?.sections.find(({ name, size }) => name === '.dep-v0' && size > 0);
  if (!section) return undefined;
  if (section.size > limits.manifest) throw new LimitError('list of crates', limits.manifest);
  try {
    const packed = file.read(section.offset, section.size);
    return new TextDecoder().decode(zlib().inflateSync(packed, { maxOutputLength: limits.manifest }));
  } catch (error) {
    throw new FormatError('list of crates is damaged', { cause: error });
  }
}

function packagesOf(root: unknown): readonly Package[] {
  const crates = listOf(root, 'packages').map((entry) => ({
    entry,
    name: textOf(entry, 'name') ?? '',
    version: textOf(entry, 'version') ?? '',
    isRuntime: (textOf(entry, 'kind') ?? 'runtime') === 'runtime',
  }));
  const idAt = (index: unknown): string | undefined => {
    const crate = typeof index === 'number' ? crates[index] : undefined;
    return crate?.isRuntime && crate.name !== '' ? `${crate.name}@${crate.version}` : undefined;
  };
  return crates.flatMap(({ entry, name, version }, index): Package[] => {
    const id = idAt(index);
    if (id === undefined) return [];
    const dependsOn = listOf(entry, 'dependencies')
      .map(idAt)
      .filter((found) => found !== undefined);
    return [
      compact({
        id,
        name,
        version,
        relationship: fieldOf(entry, 'root') === true ? 'root' : undefined,
        dependsOn: dependsOn.length > 0 ? dependsOn.sort() : undefined,
        analyzedBy: 'rustbinary',
      } as const),
    ];
  });
}

/** For tests: runs one extractor over a small tree of texts, and damages a file at random. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import type { Application, SourceFile } from '#model';
import type { ExtractContext, ExtractOptions, Extractor } from './extractor.js';
import { createPathIndex } from './path-index.js';

type Tree = Readonly<Record<string, string | Uint8Array>>;

export interface TreeExtraction {
  readonly applications: readonly Application[];
  /** Codes reported, in order. */
  readonly reports: readonly string[];
}

/** Every file of the tree that the extractor asks for, in path order. */
export async function extractTree(
  extractor: Extractor,
  tree: Tree,
  options: ExtractOptions = { includeDev: false, detection: 'precise' },
): Promise<TreeExtraction> {
  const { ignoreCase = false, files, companions = [] } = extractor;
  const wanted = createPathIndex(files.map((pattern) => ({ pattern, ignoreCase, value: true })));
  const kept = createPathIndex(companions.map((pattern) => ({ pattern, value: true })));
  const companionPaths = Object.keys(tree).filter((path) => kept.match(path).length > 0);
  const reports: string[] = [];
  const context: ExtractContext = {
    options,
    report: (code) => void reports.push(code),
    sibling: (path) => (companionPaths.includes(path) ? sourceFile(path, tree[path]!) : undefined),
    companionsUnder: (directory) =>
      companionPaths.filter((path) => path.startsWith(directory ? `${directory}/` : '')).sort(),
  };
  const applications: Application[] = [];
  for (const path of Object.keys(tree).sort()) {
    const file = sourceFile(path, tree[path]!);
    if (wanted.match(path).length === 0 || extractor.accepts?.(file) === false) continue;
    applications.push(...((await extractor.extract(file, context))?.applications ?? []));
  }
  return { applications, reports };
}

/** The packages of the only application, as `name@version` unless they are wanted whole. */
export function namesOf(extraction: TreeExtraction): readonly string[] {
  return extraction.applications.flatMap((a) => a.packages.map((p) => `${p.name}@${p.version}`));
}

/** Cut short or with characters replaced, the file is read, or refused by one of the two errors, and twice the same. */
export async function assertSurvivesDamage(extractor: Extractor, path: string, tree: Tree): Promise<void> {
  const text = textOf(tree[path]!);
  const attempt = async (damaged: string): Promise<string> => {
    try {
      const extraction = await extractTree(extractor, { ...tree, [path]: damaged });
      for (const { path: found, packages } of extraction.applications)
        assertSound(packages, found === path ? damaged : textOf(tree[found]!));
      return JSON.stringify(extraction);
    } catch (error) {
      assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      return error.message;
    }
  };
  const edit = fc.tuple(
    fc.nat(text.length),
    fc.nat(3),
    fc.oneof(fc.constantFrom('', '"', '{', '[', ']', '\n', ':', '@', '/'), fc.string({ maxLength: 2 })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.option(fc.nat(text.length)),
      async (edits, cut) => {
        let damaged = text.slice(0, cut ?? text.length);
        for (const [at, removed, added] of edits) damaged = damaged.slice(0, at) + added + damaged.slice(at + removed);
        assert.equal(await attempt(damaged), await attempt(damaged));
      },
    ),
    { numRuns: 150 },
  );
  assert.equal(await attempt(text.replaceAll('\n', '\r\n')), await attempt(text));
}

function assertSound(packages: Application['packages'], text: string): void {
  const lines = text.split('\n').length;
  for (const pkg of packages) {
    assert.equal(typeof pkg.name, 'string');
    assert.equal(typeof pkg.version, 'string');
    for (const { start, end } of pkg.locations ?? []) assert.ok(start >= 1 && start <= end && end <= lines);
  }
}

function sourceFile(path: string, content: string | Uint8Array): SourceFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    path,
    size: bytes.length,
    mode: 0o644,
    bytes: () => bytes,
    text: () => textOf(content),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
}

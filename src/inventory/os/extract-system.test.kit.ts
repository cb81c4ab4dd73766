/** For tests: runs an extractor of system files over a small tree, and damages a file at random. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import type { SourceFile } from '#model';
import type { Extraction, Extractor } from '../extractor.js';
import { createPathIndex } from '../path-index.js';

export type SystemTree = Readonly<Record<string, string | Uint8Array>>;

export interface SystemExtraction {
  /** What each wanted file yielded, in path order. */
  readonly found: readonly Extraction[];
  /** `code` or `code:line`, in order. */
  readonly reports: readonly string[];
}

export async function extractSystem(extractor: Extractor, tree: SystemTree): Promise<SystemExtraction> {
  const wanted = createPathIndex(extractor.files.map((pattern) => ({ pattern, value: true })));
  const kept = createPathIndex((extractor.companions ?? []).map((pattern) => ({ pattern, value: true })));
  const companions = Object.keys(tree).filter((path) => kept.match(path).length > 0);
  const reports: string[] = [];
  const found: Extraction[] = [];
  for (const path of Object.keys(tree).sort()) {
    const file = systemFile(path, tree[path]!);
    if (wanted.match(path).length === 0 || extractor.accepts?.(file) === false) continue;
    const extraction = await extractor.extract(file, {
      options: { includeDev: false, detection: 'precise' },
      report: (code, _message, line) => void reports.push(line === undefined ? code : `${code}:${line}`),
      sibling: (sibling) => (companions.includes(sibling) ? systemFile(sibling, tree[sibling]!) : undefined),
      companionsUnder: (directory) => companions.filter((companion) => companion.startsWith(`${directory}/`)).sort(),
    });
    if (extraction) found.push(extraction);
  }
  return { found, reports };
}

/** Cut short or with bytes changed, the file is read, or refused by one of the two errors. */
export async function assertSurvivesFlips(extractor: Extractor, path: string, tree: SystemTree): Promise<void> {
  const good = Buffer.from(tree[path]!);
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(10, 32, 34, 58, 61, 0));
  const flips = fc.array(fc.tuple(fc.nat(Math.max(good.length - 1, 0)), byte), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(flips, fc.option(fc.nat(good.length)), async (changes, cut) => {
      const bytes = Buffer.from(good.subarray(0, cut ?? good.length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        const { found } = await extractSystem(extractor, { ...tree, [path]: bytes });
        for (const pkg of found.flatMap((extraction) => extraction.packages ?? [])) {
          assert.ok(pkg.name !== '' && pkg.version !== '');
        }
      } catch (error) {
        assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      }
    }),
    { numRuns: 200 },
  );
}

function systemFile(path: string, content: string | Uint8Array): SourceFile {
  const bytes = Buffer.from(content);
  return {
    path,
    size: bytes.length,
    mode: 0o644,
    bytes: () => bytes,
    text: () => bytes.toString(),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

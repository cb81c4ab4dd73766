/** For tests: a file of bytes, the context it is extracted in, and damage at random. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import type { SourceFile } from '#model';
import type { ExtractContext, JavaLookup } from './extractor.js';

export function binaryFile(path: string, bytes: Uint8Array): SourceFile {
  return {
    path,
    size: bytes.length,
    mode: 0o755,
    bytes: () => bytes,
    text: () => new TextDecoder().decode(bytes),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Codes reported are added to `reports`. */
export function binaryContext(reports: string[] = [], java?: JavaLookup): ExtractContext {
  return {
    options: { includeDev: false, detection: 'precise' },
    report: (code) => void reports.push(code),
    sibling: () => undefined,
    companionsUnder: () => [],
    ...(java && { java }),
  };
}

/** Cut short or with a byte replaced, the file is read, or refused by one of the two errors. */
export async function assertSurvivesBytes(bytes: Uint8Array, read: (damaged: Uint8Array) => unknown): Promise<void> {
  const attempt = async (damaged: Uint8Array): Promise<void> => {
    try {
      await read(damaged);
    } catch (error) {
      assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, value, cut) => {
      const copy = Uint8Array.from(cut ? bytes.subarray(0, at) : bytes);
      if (!cut) copy[at] = value;
      await attempt(copy);
    }),
    { numRuns: 300 },
  );
}

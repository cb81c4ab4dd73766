/** For tests: runs one source over files of a feed, and damages a file at random. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import type { AdvisorySource, AdvisoryStatement, DetailsStatement, FeedFile, Statement } from './advisory-source.js';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** What the source says about the files that it chooses, in path order. */
export async function readFeed(source: AdvisorySource, files: Files): Promise<readonly Statement[]> {
  const all = Object.keys(files)
    .sort()
    .map((path) => feedFile(path, files[path]!));
  const statements: Statement[] = [];
  for (const file of all.filter(({ path }) => source.files.test(path)))
    for await (const statement of source.parse(file, { files: all })) statements.push(statement);
  return statements;
}

function feedFile(path: string, content: string | Uint8Array): FeedFile {
  const bytes = Buffer.from(content);
  return { path, bytes: async () => bytes, text: async () => bytes.toString('utf8') };
}

/** `bucket/package id`, and the advisory as it is stored. */
export function advisoriesOf(statements: readonly Statement[]): Readonly<Record<string, unknown>> {
  const advisories = statements.filter((s): s is AdvisoryStatement => s.kind === 'advisory');
  return Object.fromEntries(advisories.map((a) => [`${a.bucket}/${a.package} ${a.id}`, a.advisory]));
}

export function detailsOf(statements: readonly Statement[]): readonly DetailsStatement[] {
  return statements.filter((s): s is DetailsStatement => s.kind === 'details');
}

/** Messages of problems and reasons of what was left out, in order. */
export function remarksOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((s) => (s.kind === 'problem' ? [s.message] : s.kind === 'skipped' ? [s.why] : []));
}

/** Cut short or with bytes replaced, the file is read, or refused by one of the two errors, and twice the same. */
export async function assertSurvivesDamage(source: AdvisorySource, path: string, files: Files): Promise<void> {
  const whole = Buffer.from(files[path]!);
  const attempt = async (damaged: Uint8Array): Promise<string> => {
    try {
      return JSON.stringify(await readFeed(source, { ...files, [path]: damaged }));
    } catch (error) {
      assert.ok(error instanceof FormatError || error instanceof LimitError, String(error));
      return error.message;
    }
  };
  const position = fc.nat({ max: whole.length - 1 });
  const change = fc.record({ at: position, byte: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(position, fc.array(change, { maxLength: 4 }), fc.boolean(), async (length, changes, cut) => {
      const damaged = Buffer.from(cut ? whole.subarray(0, length) : whole);
      for (const { at, byte } of changes) if (at < damaged.length) damaged[at] = byte;
      assert.equal(await attempt(damaged), await attempt(damaged));
    }),
    { numRuns: 150 },
  );
}

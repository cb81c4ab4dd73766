/**
 * Reads the feed of one source into a draft.
 * Yields  how many files were read, the newest date in them, and diagnostics: one per file that was given up, one per kind
 *         of thing that was left out, up to `shown` problems and their number.
 */
import { FormatError, LimitError } from '#base';
import type { Diagnostic } from '#model';
import type { AdvisorySource, Feed, FeedFile, Statement } from '../sources/advisory-source.js';
import type { Draft } from './draft.js';

export interface SourceReading {
  readonly files: number;
  /** Files that were given up. */
  readonly malformed: number;
  readonly problems: number;
  /** `YYYY-MM-DD`; `undefined` when no file tells one. */
  readonly newest?: string;
  readonly buckets: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface SourceProgress {
  readonly source: string;
  readonly done: number;
  readonly files: number;
}

const shown = 20;

export async function readSource(
  source: AdvisorySource,
  feed: Feed,
  draft: Draft,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: (progress: SourceProgress) => void },
): Promise<SourceReading> {
  const files = feed.files.filter(({ path }) => source.files.test(path));
  const intake = new Intake(source, draft);
  for (const [done, file] of files.entries()) {
    signal.throwIfAborted();
    onProgress?.({ source: source.id, done, files: files.length });
    await intake.read(file, feed);
  }
  onProgress?.({ source: source.id, done: files.length, files: files.length });
  return intake.reading(files.length);
}

class Intake {
  readonly #source: AdvisorySource;
  readonly #draft: Draft;
  readonly #buckets = new Set<string>();
  readonly #skipped = new Map<string, number>();
  readonly #diagnostics: Diagnostic[] = [];
  #malformed = 0;
  #problems = 0;
  #newest = '';

  constructor(source: AdvisorySource, draft: Draft) {
    this.#source = source;
    this.#draft = draft;
  }

  async read(file: FeedFile, feed: Feed): Promise<void> {
    try {
      for await (const statement of this.#source.parse(file, feed)) this.#take(statement, file.path);
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
      this.#malformed++;
      this.#report('malformed-file', 'error', error.message, file.path);
    }
  }

  reading(files: number): SourceReading {
    if (files === 0) this.#report('empty-feed', 'warning', 'the feed has no files that can be read');
    for (const [why, count] of this.#skipped) this.#report('skipped', 'info', `${count} left out: ${why}`);
    const more = this.#problems - shown;
    if (more > 0) this.#report('unusable', 'warning', `${more} more problems like these`);
    return {
      files,
      malformed: this.#malformed,
      problems: this.#problems,
      ...(this.#newest && { newest: this.#newest }),
      buckets: this.#buckets,
      diagnostics: this.#diagnostics,
    };
  }

  #take(statement: Statement, path: string): void {
    switch (statement.kind) {
      case 'advisory': {
        const refusal = this.#draft.addAdvisory(statement, this.#source.scheme);
        if (refusal === undefined) this.#buckets.add(statement.bucket);
        else this.#problem(refusal, path);
        return;
      }
      case 'details':
        return this.#draft.addDetails(statement);
      case 'exploited':
        this.#draft.exploited.set(statement.id, statement);
        return;
      case 'decision':
        this.#draft.decisions.set(statement.id, statement);
        return;
      case 'probability':
        this.#draft.probabilities.set(statement.id, statement);
        return;
      case 'dated':
        return this.#date(statement.date.slice(0, 10));
      case 'skipped':
        this.#skipped.set(statement.why, (this.#skipped.get(statement.why) ?? 0) + 1);
        return;
      case 'problem':
        this.#problem(statement.message, path);
    }
  }

  /** Zero dates (0001-01-01) say nothing. */
  #date(date: string): void {
    if (/^(?:19|20)\d\d-\d\d-\d\d$/.test(date) && date > this.#newest) this.#newest = date;
  }

  #problem(message: string, path: string): void {
    if (++this.#problems <= shown) this.#report('unusable', 'warning', message, path);
  }

  #report(reason: string, severity: Diagnostic['severity'], message: string, path?: string): void {
    const code = `db-build/${reason}`;
    const text = `${this.#source.id}: ${message}`;
    this.#diagnostics.push(
      path === undefined ? { code, severity, message: text } : { code, severity, message: text, path },
    );
  }
}

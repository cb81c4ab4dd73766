/**
 * The files that packages of the distribution own, gathered over one database.
 * Limits  their number; the lists of further packages are left out.
 * Errors  the first list left out → `too-many-files`.
 */
import { limits } from '#base';
import type { ExtractContext } from '../extractor.js';

export class OwnedFiles {
  /** Root-relative. */
  readonly paths: string[] = [];
  readonly #context: ExtractContext;
  #reported = false;

  constructor(context: ExtractContext) {
    this.#context = context;
  }

  /** No further file is taken. Whoever asks has one: it is left out, which is reported the first time. */
  get full(): boolean {
    if (this.paths.length < limits.ownedFiles) return false;
    this.#tell();
    return true;
  }

  /** As many as there is room for: paths with or without a leading `/`. Yields those taken, as they are. */
  take(files: readonly string[]): readonly string[] {
    const room = limits.ownedFiles - this.paths.length;
    const taken = files.length > room ? files.slice(0, room) : files;
    if (taken.length < files.length) this.#tell();
    for (const path of taken) this.paths.push(path.startsWith('/') ? path.slice(1) : path);
    return taken;
  }

  #tell(): void {
    if (!this.#reported)
      this.#context.report('too-many-files', `files beyond the first ${limits.ownedFiles} were left out`);
    this.#reported = true;
  }
}

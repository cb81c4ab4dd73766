/** Files that extractors read beside their own: looked up by path, and listed by directory without a pass over all. */
import type { SourceFile } from '#model';

export class Companions {
  readonly #files = new Map<string, SourceFile>();
  /** Made by the first listing after a file came. */
  #sorted: string[] | undefined;

  add(file: SourceFile): void {
    this.#files.set(file.path, file);
    this.#sorted = undefined;
  }

  get(path: string): SourceFile | undefined {
    return this.#files.get(path);
  }

  /** Paths below a directory at any depth, sorted; of all when it is empty. */
  under(directory: string): readonly string[] {
    const sorted = (this.#sorted ??= [...this.#files.keys()].sort());
    if (directory === '') return sorted;
    // `0` follows `/`: what lies between is below the directory.
    return sorted.slice(firstFrom(sorted, `${directory}/`), firstFrom(sorted, `${directory}0`));
  }
}

function firstFrom(sorted: readonly string[], bound: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which extractors run over a target, with the index that files are chosen by. Made once per scan. */
import type { Extractor, ExtractOptions, JavaLookup } from './extractor.js';
import { createPathIndex, type PathIndex } from './path-index.js';

export interface PlanOptions {
  readonly target: 'systems' | 'sources';
  /** Names of extractors that are off. */
  readonly disabled?: readonly string[];
  /** Further files by extractor name, as regular expressions over the whole path (`--file-patterns`). */
  readonly filePatterns?: readonly { readonly name: string; readonly source: string; test(path: string): boolean }[];
  readonly extract: ExtractOptions;
  /** Opened on the first Java archive. */
  readonly java?: () => Promise<JavaLookup | undefined>;
}

export interface Chosen {
  readonly extractor: Extractor;
  readonly role: 'primary' | 'companion';
}

export interface ExtractionPlan {
  readonly options: PlanOptions;
  readonly extractors: readonly Extractor[];
  readonly index: PathIndex<Chosen>;
  readonly executables: readonly Extractor[];
  /** Part of scan-cache keys: changes whenever a record made by this plan could differ. */
  readonly signature: string;
}

export function planExtraction(all: readonly Extractor[], options: PlanOptions): ExtractionPlan {
  const extractors = all.filter(
    (e) => (e.runsOn === 'everywhere' || e.runsOn === options.target) && !options.disabled?.includes(e.name),
  );
  const patterns = extractors.flatMap((extractor) => {
    const primary: Chosen = { extractor, role: 'primary' };
    const companion: Chosen = { extractor, role: 'companion' };
    const ignoreCase = extractor.ignoreCase ?? false;
    return [
      ...extractor.files.map((pattern) => ({ pattern, ignoreCase, value: primary })),
      ...(extractor.companions ?? []).map((pattern) => ({ pattern, ignoreCase, value: companion })),
    ];
  });
  return {
    options,
    extractors,
    index: withFilePatterns(createPathIndex(patterns), extractors, options.filePatterns ?? []),
    executables: extractors.filter((e) => e.executables),
    signature: JSON.stringify([
      extractors.map((e) => `${e.id}@${e.revision}`),
      options.extract.detection,
      ...(options.extract.fileDigests ? ['digests'] : []),
      (options.filePatterns ?? []).map(({ name, source }) => `${name}:${source}`),
    ]),
  };
}

function withFilePatterns(
  index: PathIndex<Chosen>,
  extractors: readonly Extractor[],
  patterns: NonNullable<PlanOptions['filePatterns']>,
): PathIndex<Chosen> {
  const extra = patterns.flatMap(({ name, test }) =>
    extractors
      .filter((e) => e.name === name)
      .map((extractor) => ({ test, chosen: { extractor, role: 'primary' } as const })),
  );
  if (extra.length === 0) return index;
  return {
    match(path) {
      const found = index.match(path);
      const more = extra.filter(
        ({ test, chosen }) =>
          test(path) && !found.some((f) => f.extractor === chosen.extractor && f.role === 'primary'),
      );
      return more.length ? [...found, ...more.map((m) => m.chosen)] : found;
    },
  };
}

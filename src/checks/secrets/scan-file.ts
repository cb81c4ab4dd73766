/**
 * The secrets of one file.
 * Limits  512 MiB a file, 64 MiB for compiled Python files: larger ones leave a diagnostic.
 */
import type { Diagnostic, Secret, SourceFile } from '#model';
import { byteSourceOf } from './byte-source.js';
import { describeSecrets } from './describe-secrets.js';
import { findSecrets, maxSecrets, searchSecrets, type Findings } from './find-secrets.js';
import { printableRuns } from './printable-runs.js';
import type { RuleSet } from './rule-set.js';

export const maxFile = 512 * 1024 * 1024;
const maxCompiled = 64 * 1024 * 1024;

export interface ScannedFile {
  readonly secrets: readonly Secret[];
  readonly diagnostic?: Diagnostic;
}

export const isCompiledPython = (path: string): boolean => path.endsWith('.pyc');

/** `path` is how rules and reports name the file: with a leading slash in images. Large files take several turns. */
export function scanFile(
  file: SourceFile,
  path: string,
  rules: RuleSet,
  signal?: AbortSignal,
): ScannedFile | Promise<ScannedFile> {
  const compiled = isCompiledPython(path);
  if (file.size > (compiled ? maxCompiled : maxFile)) return { secrets: [], diagnostic: tooLarge(file) };
  // Up to this size the content is in memory already, or is cheaper to read once.
  const source =
    compiled || file.size <= inMemory ? byteSourceOf(compiled ? printableRuns(file.bytes()) : file.bytes()) : file;
  const describe = (found: Findings): ScannedFile => {
    if (found.secrets.length === 0) return none;
    const secrets = describeSecrets(source, found.secrets);
    return {
      secrets: compiled
        ? secrets.map((secret) => ({ ...secret, code: [], match: binaryMatch(path, secret) }))
        : secrets,
      ...(found.more && { diagnostic: tooMany(file, found) }),
    };
  };
  if (file.size <= inMemory) return describe(findSecrets(source, path, rules));
  return inTurns(searchSecrets(source, path, rules), signal).then(describe);
}

/** Lets time-outs and other layers have their turn between steps. */
async function inTurns<T>(steps: Generator<undefined, T>, signal: AbortSignal | undefined): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise((resolve) => void setImmediate(resolve));
    signal?.throwIfAborted();
  }
}

const none: ScannedFile = { secrets: [] };
const inMemory = 4 * 1024 * 1024;

const binaryMatch = (path: string, { title }: Secret): string =>
  `Binary file ${JSON.stringify(path)} matches a rule ${JSON.stringify(title)}`;

export const tooLarge = ({ path, size }: Pick<SourceFile, 'path' | 'size'>): Diagnostic => ({
  code: 'secrets/too-large',
  severity: 'warning',
  message: `a file of ${size} bytes was not scanned for secrets`,
  path,
});

const tooMany = ({ path }: SourceFile, { secrets }: Findings): Diagnostic => ({
  code: 'secrets/too-many',
  severity: 'warning',
  message: `only the first ${Math.max(secrets.length, maxSecrets)} secrets of the file are listed`,
  path,
});

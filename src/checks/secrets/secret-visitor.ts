/**
 * Scans the files of one tree (a layer, a directory) for secrets.
 * Text files only: files that start with control characters are left, compiled Python files are searched for text.
 */
import { FormatError, LimitError } from '#base';
import type { Diagnostic, FileEntry, SecretFile, TreeVisitor, Want } from '#model';
import type { RuleSet } from './rule-set.js';
import { isCompiledPython, maxFile, type ScannedFile, scanFile, tooLarge } from './scan-file.js';

export interface SecretVisitorOptions {
  readonly rules: RuleSet;
  /** Rules and reports see paths with a leading slash, as they are in an image. */
  readonly rooted: boolean;
  readonly signal?: AbortSignal;
}

export interface SecretVisitor extends TreeVisitor {
  /** Call once, after the walk. Files are sorted by path. */
  finish(): { readonly secretFiles: readonly SecretFile[]; readonly diagnostics: readonly Diagnostic[] };
}

/** Bytes. A token does not fit in less. */
const minFile = 10;

export function createSecretVisitor({ rules, rooted, signal }: SecretVisitorOptions): SecretVisitor {
  const files: SecretFile[] = [];
  const diagnostics: Diagnostic[] = [];
  return {
    want(entry: FileEntry): Want {
      const { path } = entry;
      if (path === rules.configName || rules.skips.skips(path) || isAllowed(rules, path, rooted)) return 'skip';
      if (entry.size < minFile) return 'skip';
      if (entry.size > maxFile) {
        diagnostics.push(tooLarge(entry));
        return 'skip';
      }
      return isCompiledPython(path) ? 'read' : 'sniff';
    },
    sniff: (_entry, head) => !isBinary(head),
    visit(file) {
      const keep = ({ secrets, diagnostic }: ScannedFile): void => {
        if (secrets.length > 0) files.push({ path: file.path, secrets });
        if (diagnostic) diagnostics.push(diagnostic);
      };
      const fail = (error: unknown): void => {
        if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
        diagnostics.push({ code: 'secrets/unreadable', severity: 'error', message: error.message, path: file.path });
      };
      try {
        const scanned = scanFile(file, rooted ? `/${file.path}` : file.path, rules, signal);
        return scanned instanceof Promise ? scanned.then(keep, fail) : keep(scanned);
      } catch (error) {
        return fail(error);
      }
    },
    hide() {},
    report() {},
    finish: () => ({ secretFiles: files.sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics }),
  };
}

/** By paths below the root and, in images, from the root. */
function isAllowed(rules: RuleSet, path: string, rooted: boolean): boolean {
  return rules.allowedPaths.some((allowed) => allowed.test(path) || (rooted && allowed.test(`/${path}`)));
}

/** Has a control character that no text has, in its first bytes. */
export function isBinary(head: Uint8Array): boolean {
  for (let i = Math.min(head.length, 300) - 1; i >= 0; i--) if (binaryBytes[head[i]!] !== 0) return true;
  return false;
}

/** All but the bell to carriage return without the vertical tab, and escape. */
const binaryBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 7 || byte === 11 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127 ? 1 : 0,
);

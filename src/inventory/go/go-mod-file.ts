/**
 * The module file of Go: directives, single or in blocks.
 * Reads   UTF-8 text; tokens apart by blanks, quoted with `"` or a backquote; comments from `//`.
 * Yields  the module, its Go and toolchain versions, requirements and replacements. `exclude`, `retract`, `tool`,
 *         `godebug` and `ignore` are read over.
 * Errors  unknown directives and incomplete lines are listed with their line.
 * Source  https://go.dev/ref/mod#go-mod-file
 */
import { isFull } from '../package-set.js';

export interface GoRequirement {
  readonly path: string;
  readonly version: string;
  /** Marked `// indirect`. */
  readonly indirect: boolean;
}

export interface GoReplacement {
  readonly path: string;
  /** Absent: every version is replaced. */
  readonly version?: string;
  readonly newPath: string;
  /** Absent: `newPath` is a directory. */
  readonly newVersion?: string;
}

export interface GoModFile {
  module?: string;
  goVersion?: string;
  toolchain?: string;
  readonly requirements: GoRequirement[];
  readonly replacements: GoReplacement[];
  readonly mistakes: { readonly line: number; readonly problem: string }[];
}

export function parseGoMod(text: string): GoModFile {
  const file: GoModFile = { requirements: [], replacements: [], mistakes: [] };
  let block: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const { tokens, comment } = tokenize(raw);
    const [first, ...rest] = tokens;
    if (first === undefined) continue;
    let problem: string | undefined;
    if (block !== undefined) {
      if (first === ')') block = undefined;
      else problem = apply(file, block, tokens, comment);
    } else if (rest[0] === '(') block = first;
    else problem = apply(file, first, rest, comment);
    if (isFull(file.requirements) || isFull(file.replacements)) break;
    if (problem !== undefined) file.mistakes.push({ line: index + 1, problem });
  }
  return file;
}

const readOver = new Set(['exclude', 'retract', 'tool', 'godebug', 'ignore']);

function apply(file: GoModFile, directive: string, values: readonly string[], comment: string): string | undefined {
  const [first, second] = values;
  if (readOver.has(directive)) return undefined;
  if (first === undefined) return `${directive}: no value`;
  switch (directive) {
    case 'module':
      file.module = first;
      return undefined;
    case 'go':
      file.goVersion = first;
      return undefined;
    case 'toolchain':
      file.toolchain = first;
      return undefined;
    case 'require':
      if (second === undefined) return `require ${first}: no version`;
      file.requirements.push({ path: first, version: second, indirect: /^indirect(?:;|\s|$)/.test(comment) });
      return undefined;
    case 'replace':
      return addReplacement(file, values);
    default:
      return `unknown directive ${directive}`;
  }
}

/** `old [version] => new [version]` */
function addReplacement(file: GoModFile, values: readonly string[]): string | undefined {
  const arrow = values.indexOf('=>');
  const [path, version] = values.slice(0, Math.max(arrow, 0));
  const [newPath, newVersion] = values.slice(arrow + 1);
  if (arrow < 1 || path === undefined || newPath === undefined) return 'replace: not of the form old => new';
  file.replacements.push({
    path,
    newPath,
    ...(version !== undefined && { version }),
    ...(newVersion !== undefined && { newVersion }),
  });
  return undefined;
}

const token = /\s*(?:(\/\/.*)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([()])|((?:(?!\/\/)[^\s()"`])+)|.)/gy;

function tokenize(line: string): { tokens: readonly string[]; comment: string } {
  const tokens: string[] = [];
  for (const [, comment, quoted, raw, bracket, word] of line.matchAll(token)) {
    if (comment !== undefined) return { tokens, comment: comment.slice(2).trim() };
    const found = quoted ?? raw ?? bracket ?? word;
    if (found !== undefined) tokens.push(found);
  }
  return { tokens, comment: '' };
}

/**
 * A template as text and actions, and an action as tokens; trim marks are applied, comments dropped.
 * Source  https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
import { TemplateError } from './syntax.js';

export interface Token {
  readonly kind: 'word' | 'field' | 'dot' | 'variable' | 'string' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly value?: string | number;
  /** No space before it: a field belongs to what it follows. */
  readonly joined: boolean;
  readonly line: number;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly line: number };

const comment = /\{\{(?:-[ \t\r\n])?\/\*[\s\S]*?\*\/(?:[ \t\r\n]-)?\}\}/y;

export function pieces(source: string): readonly Piece[] {
  const found: Piece[] = [];
  const lines = lineCounter(source);
  let at = 0;
  let trimNext = false;
  const pushText = (end: number, trimEnd: boolean): void => {
    let text = source.slice(at, end);
    if (trimNext) text = text.trimStart();
    if (trimEnd) text = text.trimEnd();
    if (text) found.push({ kind: 'text', text, line: lines(at) });
  };
  for (;;) {
    const open = source.indexOf('{{', at);
    if (open < 0) break;
    const line = lines(open);
    pushText(open, /^-\s/.test(source.slice(open + 2, open + 4)));
    comment.lastIndex = open;
    const skipped = comment.exec(source)?.[0];
    if (skipped) at = open + skipped.length;
    else {
      const action = readAction(source, open, lines);
      if (action.tokens.length > 0) found.push({ kind: 'action', tokens: action.tokens, line });
      at = action.end;
    }
    trimNext = /\s-\}\}$/.test(source.slice(at - 4, at));
  }
  pushText(source.length, false);
  return found;
}

/** Asked with growing offsets. */
function lineCounter(source: string): (offset: number) => number {
  let line = 1;
  let from = 0;
  return (offset) => {
    for (; from < offset; from++) if (source.charCodeAt(from) === 10) line++;
    return line;
  };
}

const token =
  /(\s+)|("(?:[^"\\\n]|\\.)*"|`[^`]*`)|('(?:[^'\\\n]|\\.[^'\n]{0,8})')|(\$[\p{L}\p{N}_]*)|\.([\p{L}_][\p{L}\p{N}_]*)|([+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?))|(\.)|([\p{L}_][\p{L}\p{N}_]*)|(:=|[()|,=])/uy;

function readAction(
  source: string,
  open: number,
  lines: (offset: number) => number,
): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  let at = open + 2;
  if (/^-\s/.test(source.slice(at, at + 2))) at++;
  let joined = false;
  for (;;) {
    const line = lines(at);
    if (source.startsWith('}}', at)) return { tokens, end: at + 2 };
    if (joinedEnd(source, at)) return { tokens, end: at + 3 };
    token.lastIndex = at;
    const match = token.exec(source);
    if (!match) {
      if (at >= source.length) throw new TemplateError(line, 'an action is not closed');
      throw new TemplateError(line, `unexpected ${JSON.stringify(source.slice(at, at + 12))} in an action`);
    }
    const [all, space, string, char, variable, field, number, dot, word] = match;
    at += all.length;
    if (space !== undefined) joined = false;
    else {
      if (string) tokens.push({ kind: 'string', text: all, value: unquoted(string, line), joined, line });
      else if (char)
        tokens.push({ kind: 'number', text: all, value: unquoted(char, line).codePointAt(0)!, joined, line });
      else if (variable) tokens.push({ kind: 'variable', text: variable, joined, line });
      else if (field) tokens.push({ kind: 'field', text: field, joined, line });
      else if (number) tokens.push({ kind: 'number', text: all, value: numberOf(number, line), joined, line });
      else if (dot) tokens.push({ kind: 'dot', text: '.', joined, line });
      else if (word) tokens.push({ kind: 'word', text: word, joined, line });
      else tokens.push({ kind: 'sign', text: all, joined, line });
      joined = true;
    }
  }
}

const joinedEnd = (source: string, at: number): boolean =>
  source.startsWith('-}}', at) && /\s/.test(source[at - 1] ?? '');

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

function unquoted(quoted: string, line: number): string {
  const inner = quoted.slice(1, -1);
  if (quoted[0] === '`') return inner.replaceAll('\r', '');
  return inner.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.?))/gsu,
    (all, x, u, big, octal, one) => {
      const code = x ?? u ?? big;
      const point = code ? parseInt(code as string, 16) : octal ? parseInt(octal as string, 8) : undefined;
      if (point !== undefined && point <= 0x10ffff) return String.fromCodePoint(point);
      const plain = Object.hasOwn(escapes, one as string) ? escapes[one as string] : undefined;
      if (plain === undefined) throw new TemplateError(line, `unknown escape ${all}`);
      return plain;
    },
  );
}

function numberOf(text: string, line: number): number {
  const value = Number(text.replaceAll('_', '').replace(/^\+/, ''));
  if (Number.isNaN(value)) throw new TemplateError(line, `bad number ${text}`);
  return value;
}

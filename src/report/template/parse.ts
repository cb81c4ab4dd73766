/**
 * A Go template as a tree: actions, `if`, `with`, `range`, `define`, `template`, `block`, `break`, `continue`.
 * Errs on  what is not closed, misplaced or not supported, by TemplateError with the line
 * Source   https://pkg.go.dev/text/template#hdr-Actions
 */
import { type Node, type Operand, type Pipe, type Template, TemplateError } from './syntax.js';
import { pieces, type Piece, type Token } from './tokens.js';

const maxDepth = 200;

export function parseTemplate(source: string): Template {
  return new Parser(pieces(source)).parse();
}

interface Block {
  readonly nodes: readonly Node[];
  /** What closed it, already read up to its keyword. */
  readonly closed: 'end' | 'else' | 'source';
  readonly rest: TokenReader;
}

class Parser {
  readonly #pieces: readonly Piece[];
  readonly #named = new Map<string, readonly Node[]>();
  readonly #functions = new Map<string, number>();
  #at = 0;
  #depth = 0;

  constructor(all: readonly Piece[]) {
    this.#pieces = all;
  }

  parse(): Template {
    const { nodes, closed, rest } = this.#block(false);
    if (closed !== 'source') throw new TemplateError(rest.line, `unexpected {{${closed}}}`);
    return { main: nodes, named: this.#named, functions: this.#functions };
  }

  #block(inRange: boolean): Block {
    const nodes: Node[] = [];
    let line = 1;
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at++]!;
      ({ line } = piece);
      if (piece.kind === 'text') nodes.push({ kind: 'text', text: piece.text });
      else {
        const reader = new TokenReader(piece.tokens, line);
        const keyword = reader.peek().kind === 'word' ? reader.peek().text : '';
        if (keyword === 'end' || keyword === 'else') {
          reader.next();
          return { nodes, closed: keyword, rest: reader };
        }
        const node = this.#statement(keyword, reader, inRange);
        if (node) nodes.push(node);
      }
    }
    return { nodes, closed: 'source', rest: new TokenReader([], line) };
  }

  #statement(keyword: string, reader: TokenReader, inRange: boolean): Node | undefined {
    const { line } = reader;
    if (keyword === 'if' || keyword === 'with' || keyword === 'range') {
      reader.next();
      return this.#control(keyword, reader, inRange);
    }
    if (keyword === 'define' || keyword === 'block') return this.#definition(keyword, reader);
    if (keyword === 'template') {
      reader.next();
      const name = reader.string();
      const pipe = reader.done ? undefined : this.#pipe(reader);
      return { kind: 'template', line, name, ...(pipe && { pipe }) };
    }
    if ((keyword === 'break' || keyword === 'continue') && reader.length === 1) {
      if (!inRange) throw new TemplateError(line, `{{${keyword}}} outside {{range}}`);
      return { kind: keyword, line };
    }
    const pipe = this.#pipe(reader);
    reader.finish();
    return { kind: 'action', line, pipe };
  }

  #control(kind: 'if' | 'with' | 'range', reader: TokenReader, inRange: boolean): Node {
    if (++this.#depth > maxDepth)
      throw new TemplateError(reader.line, `more than ${maxDepth} blocks inside each other`);
    const { line } = reader;
    const pipe = this.#pipe(reader);
    reader.finish();
    const body = this.#block(inRange || kind === 'range');
    const otherwise = this.#otherwise(kind, line, body, inRange);
    this.#depth--;
    return { kind, line, pipe, body: body.nodes, otherwise };
  }

  #otherwise(kind: 'if' | 'with' | 'range', line: number, { closed, rest }: Block, inRange: boolean): readonly Node[] {
    if (closed === 'source') throw new TemplateError(line, `{{${kind}}} is not closed by {{end}}`);
    if (closed === 'end') return [];
    if (!rest.done) {
      const next = rest.word();
      if (next !== kind || kind === 'range') throw new TemplateError(rest.line, `{{else ${next}}} after {{${kind}}}`);
      return [this.#control(kind, rest, inRange)];
    }
    const second = this.#block(inRange);
    if (second.closed !== 'end') throw new TemplateError(line, `{{${kind}}} is not closed by {{end}}`);
    return second.nodes;
  }

  #definition(keyword: 'define' | 'block', reader: TokenReader): Node | undefined {
    const { line } = reader;
    reader.next();
    const name = reader.string();
    const pipe = keyword === 'block' ? this.#pipe(reader) : undefined;
    reader.finish();
    if (++this.#depth > maxDepth) throw new TemplateError(line, `more than ${maxDepth} blocks inside each other`);
    const { nodes, closed } = this.#block(false);
    this.#depth--;
    if (closed !== 'end') throw new TemplateError(line, `{{${keyword}}} is not closed by {{end}}`);
    this.#named.set(name, nodes);
    return pipe && { kind: 'template', line, name, pipe };
  }

  #pipe(reader: TokenReader): Pipe {
    const { line } = reader;
    if (++this.#depth > maxDepth) throw new TemplateError(line, `more than ${maxDepth} parentheses inside each other`);
    const { names, declares } = reader.declaration();
    const commands: (readonly Operand[])[] = [];
    do commands.push(this.#command(reader));
    while (reader.sign('|'));
    this.#depth--;
    return { line, names, declares, commands };
  }

  #command(reader: TokenReader): readonly Operand[] {
    const operands: Operand[] = [];
    while (!reader.done && !['|', ')'].includes(reader.peek().text)) operands.push(this.#operand(reader));
    if (operands.length === 0) throw new TemplateError(reader.line, 'a value is missing');
    return operands;
  }

  #operand(reader: TokenReader): Operand {
    const token = reader.next();
    const { line, kind, text } = token;
    const first = kind === 'field' ? [text] : [];
    const fields = (): readonly string[] => {
      while (reader.peek().kind === 'field' && reader.peek().joined) first.push(reader.next().text);
      return first;
    };
    if (kind === 'dot' || kind === 'field') return { kind: 'dot', line, fields: fields() };
    if (kind === 'variable') return { kind: 'variable', name: text, line, fields: fields() };
    if (kind === 'string' || kind === 'number') return { kind: 'literal', value: token.value!, line, fields: [] };
    if (text === '(') {
      const pipe = this.#pipe(reader);
      if (!reader.sign(')')) throw new TemplateError(line, 'a parenthesis is not closed');
      return { kind: 'pipe', pipe, line, fields: fields() };
    }
    if (kind !== 'word') throw new TemplateError(line, `unexpected ${text}`);
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', line, fields: [] };
    if (text === 'nil') return { kind: 'nil', line, fields: [] };
    if (!this.#functions.has(text)) this.#functions.set(text, line);
    return { kind: 'function', name: text, line, fields: fields() };
  }
}

class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #line: number;
  #at = 0;

  constructor(tokens: readonly Token[], line: number) {
    this.#tokens = tokens;
    this.#line = line;
  }

  get length(): number {
    return this.#tokens.length;
  }
  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }
  get line(): number {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]?.line ?? this.#line;
  }

  peek(ahead = 0): Token {
    return (
      this.#tokens[this.#at + ahead] ?? { kind: 'end', text: 'the end of the action', joined: false, line: this.line }
    );
  }
  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }
  sign(text: string): boolean {
    if (this.peek().kind !== 'sign' || this.peek().text !== text) return false;
    this.#at++;
    return true;
  }
  string(): string {
    const { kind, value, text } = this.next();
    if (kind !== 'string') throw new TemplateError(this.line, `a name in quotes is expected, not ${text}`);
    return String(value);
  }
  word(): string {
    return this.next().text;
  }
  finish(): void {
    if (!this.done) throw new TemplateError(this.line, `unexpected ${this.peek().text}`);
  }

  /** `$a :=`, `$a =` and, of ranges, `$i, $v :=`. */
  declaration(): { readonly names: readonly string[]; readonly declares: boolean } {
    const names: string[] = [];
    for (let ahead = 0; this.peek(ahead).kind === 'variable'; ahead += 2) {
      names.push(this.peek(ahead).text);
      const { text } = this.peek(ahead + 1);
      if (text === ':=' || text === '=') {
        this.#at += ahead + 2;
        return { names, declares: text === ':=' };
      }
      if (text !== ',') break;
    }
    return { names: [], declares: false };
  }
}

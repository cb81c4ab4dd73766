/**
 * JSON with the lines of its objects and arrays: lock files whose entries are reported by line.
 * Reads   UTF-8 text, a leading byte order mark allowed; with `relaxed`, comments and trailing commas too (bun.lock).
 * Yields  objects without a prototype, so that `__proto__` and `constructor` are keys like any other; the last of two
 *         equal keys counts. Lines are 1-based; only whitespace can hold a line break.
 * Limits  1000 levels of nesting; the number of objects and arrays (base/limits); the size of the text is its reader's.
 * Errors  `FormatError` with the line of the first mistake.
 * Source  https://www.rfc-editor.org/rfc/rfc8259 and https://bun.sh/docs/pm/lockfile
 */
import { FormatError, limits } from '#base';
import type { LineRange } from '#model';

export interface LocatedJson {
  readonly root: unknown;
  /** From the opening to the closing bracket of an object or array of this document. */
  linesOf(value: unknown): LineRange | undefined;
  /** Line of the element of an array that starts at `index`. */
  lineOfElement(array: readonly unknown[], index: number): LineRange | undefined;
  /** Line of a key of an object, where `members` was asked for. */
  lineOfMember(object: unknown, key: string): number | undefined;
}

export interface JsonSyntax {
  /** `//` and block comments, and trailing commas, are allowed. */
  readonly relaxed?: boolean;
  /** Keep the lines of keys, too. */
  readonly members?: boolean;
}

export function parseLocatedJson(text: string, syntax: JsonSyntax = {}): LocatedJson {
  const parser = new Parser(text, syntax);
  const root = parser.document();
  return {
    root,
    linesOf: (value) => parser.ranges.get(value as object),
    lineOfElement(array, index) {
      const line = parser.elementLines.get(array)?.[index];
      return line === undefined ? undefined : (parser.ranges.get(array[index] as object) ?? { start: line, end: line });
    },
    lineOfMember: (object, key) => parser.memberLines?.get(object as object)?.get(key),
  };
}

const maxDepth = 1000;
const numberSyntax = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literals: Readonly<Record<number, readonly [string, unknown]>> = {
  0x66: ['false', false],
  0x6e: ['null', null],
  0x74: ['true', true],
};

/** Objects of one class keep their fast shape, which `Object.create(null)` loses; the prototype has no members at all. */
const Dictionary = function () {} as unknown as new () => Record<string, unknown>;
Dictionary.prototype = Object.create(null);

class Parser {
  readonly ranges = new Map<object, LineRange>();
  readonly elementLines = new Map<readonly unknown[], number[]>();
  readonly memberLines: Map<object, Map<string, number>> | undefined;
  readonly #text: string;
  readonly #relaxed: boolean;
  #at = 0;
  #line = 1;
  #depth = 0;

  constructor(text: string, { relaxed = false, members = false }: JsonSyntax) {
    this.#text = text;
    this.#relaxed = relaxed;
    this.memberLines = members ? new Map() : undefined;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  document(): unknown {
    this.#skip();
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #value(): unknown {
    const code = this.#text.charCodeAt(this.#at);
    if (code === 0x22) return this.#string();
    if (code === 0x7b) return this.#object();
    if (code === 0x5b) return this.#array();
    const literal = literals[code];
    if (!literal) return this.#number();
    if (!this.#text.startsWith(literal[0], this.#at)) this.#fail();
    this.#at += literal[0].length;
    return literal[1];
  }

  #object(): unknown {
    const start = this.#open();
    const object = new Dictionary();
    const lines = this.memberLines && new Map<string, number>();
    if (lines) this.memberLines?.set(object, lines);
    if (!this.#closes(0x7d)) {
      do {
        if (this.#text.charCodeAt(this.#at) !== 0x22) this.#fail();
        const line = this.#line;
        const key = this.#string();
        this.#skip();
        if (this.#text.charCodeAt(this.#at) !== 0x3a) this.#fail();
        this.#at++;
        this.#skip();
        lines?.set(key, line);
        object[key] = this.#value();
      } while (this.#next(0x7d));
    }
    return this.#close(object, start);
  }

  #array(): unknown {
    const start = this.#open();
    const array: unknown[] = [];
    const lines: number[] = [];
    if (!this.#closes(0x5d)) {
      do {
        lines.push(this.#line);
        array.push(this.#value());
      } while (this.#next(0x5d));
      this.elementLines.set(array, lines);
    }
    return this.#close(array, start);
  }

  #open(): number {
    if (++this.#depth > maxDepth) throw new FormatError(`JSON nested deeper than ${maxDepth} levels`);
    const start = this.#line;
    this.#at++;
    this.#skip();
    return start;
  }

  /** The closing bracket of an empty object or array. */
  #closes(bracket: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== bracket) return false;
    this.#at++;
    return true;
  }

  #close<T extends object>(value: T, start: number): T {
    this.#depth--;
    if (this.ranges.size >= limits.jsonNodes) throw new FormatError(`more than ${limits.jsonNodes} objects and arrays`);
    this.ranges.set(value, { start, end: this.#line });
    return value;
  }

  /** After a member: true when another follows, false past the closing bracket. */
  #next(bracket: number): boolean {
    this.#skip();
    const code = this.#text.charCodeAt(this.#at++);
    if (code === bracket) return false;
    if (code !== 0x2c) this.#fail(this.#at - 1);
    this.#skip();
    return !(this.#relaxed && this.#closes(bracket));
  }

  #string(): string {
    const from = this.#at;
    let escaped = false;
    for (let i = from + 1; ; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === 0x22) {
        this.#at = i + 1;
        return escaped ? this.#unescape(from, i + 1) : this.#text.slice(from + 1, i);
      }
      if (code === 0x5c) {
        escaped = true;
        i++;
      } else if (!(code >= 0x20)) this.#fail(i);
    }
  }

  #unescape(from: number, to: number): string {
    try {
      return JSON.parse(this.#text.slice(from, to)) as string;
    } catch {
      return this.#fail(from);
    }
  }

  #number(): number {
    numberSyntax.lastIndex = this.#at;
    const found = numberSyntax.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail();
    this.#at += found.length;
    return Number(found);
  }

  /** Whitespace, counting lines; comments when relaxed. */
  #skip(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x0a) this.#line++;
      else if (code === 0x2f && this.#relaxed) this.#comment();
      else if (code !== 0x20 && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  /** Leaves the position at the comment's last character; the line break after `//` is not part of it. */
  #comment(): void {
    const kind = this.#text[this.#at + 1];
    if (kind === '/') {
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = (end < 0 ? this.#text.length : end) - 1;
    } else if (kind === '*') {
      const end = this.#text.indexOf('*/', this.#at + 2);
      if (end < 0) this.#fail();
      for (let i = this.#at; i < end; i++) if (this.#text.charCodeAt(i) === 0x0a) this.#line++;
      this.#at = end + 1;
    } else this.#fail();
  }

  #fail(at = this.#at): never {
    const what = at >= this.#text.length ? 'unexpected end' : `unexpected ${JSON.stringify(this.#text[at])}`;
    throw new FormatError(`not JSON: ${what} in line ${this.#line}`);
  }
}

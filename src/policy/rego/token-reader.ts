/** Takes words one after the other, and keeps the depth of nesting in bounds. */
import { mistake, type Place } from './syntax.js';
import { tokensOf, type Token } from './tokens.js';

const MAX_DEPTH = 100;

export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  get token(): Token {
    return this.#tokens[this.#next]!;
  }

  get following(): Token {
    return this.#tokens[this.#next + 1] ?? this.token;
  }

  get ended(): boolean {
    return this.token.kind === 'end';
  }

  get place(): Place {
    const { line, column } = this.token;
    return { line, column };
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  /** Whether the next word is this sign or name. */
  at(text: string): boolean {
    const { token } = this;
    return token.text === text && (token.kind === 'sign' || token.kind === 'name');
  }

  /** As `at`, when nothing stands before it: `x[0]`, `f(x)`, `x.y`. */
  touches(text: string): boolean {
    return this.at(text) && this.token.before === '';
  }

  skip(text: string): boolean {
    const found = this.at(text);
    if (found) this.#next++;
    return found;
  }

  expect(text: string): Token {
    if (!this.at(text)) throw this.unexpected(`${text} is expected`);
    return this.take();
  }

  name(what: string): string {
    if (this.token.kind !== 'name') throw this.unexpected(`${what} is expected`);
    return this.take().text;
  }

  unexpected(problem: string): Error {
    return mistake(this.token, `${problem}, not ${this.token.text.slice(0, 40)}`);
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw mistake(this.token, `nested deeper than ${MAX_DEPTH} levels`);
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** What stands between commas up to the closing sign, which is taken too; a comma may trail. */
  list<T>(close: string, read: () => T): T[] {
    const out: T[] = [];
    while (!this.skip(close)) {
      out.push(read());
      if (!this.skip(',') && !this.at(close)) throw this.unexpected(`, or ${close} is expected`);
    }
    return out;
  }
}

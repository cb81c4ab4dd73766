/** Terms: values, references, calls, literals, comprehensions and operators by their precedence. */
import { mistake, placeOf, type Body, type Place, type Term } from './syntax.js';
import { TokenReader } from './token-reader.js';

/** From the loosest to the tightest; an operator is a call of the built-in function of that name. */
const levels: readonly ReadonlyMap<string, string>[] = [
  new Map([
    ['==', 'equal'],
    ['!=', 'neq'],
    ['<', 'lt'],
    ['<=', 'lte'],
    ['>', 'gt'],
    ['>=', 'gte'],
  ]),
  new Map([['|', 'or']]),
  new Map([['&', 'and']]),
  new Map([
    ['+', 'plus'],
    ['-', 'minus'],
  ]),
  new Map([
    ['*', 'mul'],
    ['/', 'div'],
    ['%', 'rem'],
  ]),
];
const OR = 1;
const MAX_CHAIN = 200;
const reserved = new Set(['as', 'default', 'else', 'import', 'not', 'package', 'some', 'with']);

export abstract class TermParser extends TokenReader {
  abstract body(close: string): Body;

  /** A term with its operators, membership among them. */
  term(): Term {
    return this.nested(() => {
      let left = this.relation();
      for (let count = 0; count < MAX_CHAIN && this.at('in'); count++) {
        const place = placeOf(this.take());
        left = { kind: 'call', name: ['internal', 'member'], args: [left, this.relation()], ...place };
      }
      return left;
    });
  }

  /** Without membership. */
  relation(): Term {
    return this.#operators(0, true);
  }

  #operators(level: number, pipe: boolean): Term {
    const names = levels[level];
    if (!names) return this.#operand();
    let left = this.#operators(level + 1, pipe);
    for (let count = 0; ; count++) {
      if (count > MAX_CHAIN) throw mistake(this.token, `more than ${MAX_CHAIN} operators in a row`);
      const name = this.token.kind === 'sign' ? names.get(this.token.text) : undefined;
      if (!name || (level === OR && !pipe)) return left;
      const place = placeOf(this.take());
      left = { kind: 'call', name: [name], args: [left, this.#operators(level + 1, pipe)], ...place };
    }
  }

  /** The first element of a literal: `|` after it begins the body of a comprehension. */
  #head(): Term {
    return this.nested(() => {
      const left = this.#operators(0, false);
      if (!this.at('in')) return left;
      const place = placeOf(this.take());
      return { kind: 'call', name: ['internal', 'member'], args: [left, this.#operators(0, false)], ...place };
    });
  }

  #operand(): Term {
    let term = this.#primary();
    for (let length = 0; ; length++) {
      if (length > MAX_CHAIN) throw mistake(this.token, `a reference longer than ${MAX_CHAIN} elements`);
      if (this.touches('.')) {
        this.take();
        const place = this.place;
        term = extended(term, { kind: 'value', value: this.name('a name'), ...place });
      } else if (this.touches('[')) {
        this.take();
        const key = this.term();
        this.expect(']');
        term = extended(term, key);
      } else if (this.touches('(')) term = this.#call(term);
      else return term;
    }
  }

  #call(called: Term): Term {
    const name = nameOf(called);
    if (!name) throw mistake(called, 'only functions can be called');
    this.expect('(');
    const args = this.list(')', () => this.term());
    if (name.length === 1 && name[0] === 'set' && args.length === 0)
      return { kind: 'set', items: [], ...placeOf(called) };
    return { kind: 'call', name, args, ...placeOf(called) };
  }

  #primary(): Term {
    const { token, place } = this;
    if (token.kind === 'value') return { kind: 'value', value: this.take().value!, ...place };
    if (token.kind === 'name') return this.#named(place);
    if (this.skip('-')) {
      const negative = this.token.value;
      if (typeof negative !== 'number' && typeof negative !== 'bigint') throw this.unexpected('a number is expected');
      this.take();
      return { kind: 'value', value: negative === 0 ? 0 : -negative, ...place };
    }
    if (this.skip('(')) {
      const inner = this.term();
      this.expect(')');
      return inner;
    }
    if (this.skip('[')) return this.nested(() => this.#array(place));
    if (this.skip('{')) return this.nested(() => this.#braces(place));
    throw this.unexpected('a term is expected');
  }

  #named(place: Place): Term {
    if (reserved.has(this.token.text)) throw this.unexpected('a term is expected');
    const name = this.take().text;
    if (name === 'true' || name === 'false') return { kind: 'value', value: name === 'true', ...place };
    if (name === 'null') return { kind: 'value', value: null, ...place };
    return { kind: 'name', name, ...place };
  }

  #array(place: Place): Term {
    if (this.skip(']')) return { kind: 'array', items: [], ...place };
    const first = this.#head();
    if (this.skip('|')) return { kind: 'collect', into: 'array', value: first, body: this.body(']'), ...place };
    return { kind: 'array', items: this.#rest(first, ']', () => this.term()), ...place };
  }

  #braces(place: Place): Term {
    if (this.skip('}')) return { kind: 'object', entries: [], ...place };
    const first = this.#head();
    if (!this.skip(':')) {
      if (this.skip('|')) return { kind: 'collect', into: 'set', value: first, body: this.body('}'), ...place };
      return { kind: 'set', items: this.#rest(first, '}', () => this.term()), ...place };
    }
    const value = this.#head();
    if (this.skip('|')) return { kind: 'collect', into: 'object', key: first, value, body: this.body('}'), ...place };
    const entries = this.#rest<readonly [Term, Term]>([first, value], '}', () => {
      const key = this.term();
      this.expect(':');
      return [key, this.term()];
    });
    return { kind: 'object', entries, ...place };
  }

  #rest<T>(first: T, close: string, read: () => T): T[] {
    if (this.skip(',')) return [first, ...this.list(close, read)];
    this.expect(close);
    return [first];
  }
}

function extended(base: Term, key: Term): Term {
  const place = placeOf(base);
  return base.kind === 'ref'
    ? { kind: 'ref', base: base.base, path: [...base.path, key], ...place }
    : { kind: 'ref', base, path: [key], ...place };
}

/** The name of a function, for `f` and `a.b.f`. */
function nameOf(term: Term): readonly string[] | undefined {
  if (term.kind === 'name') return [term.name];
  if (term.kind !== 'ref' || term.base.kind !== 'name') return undefined;
  const path = term.path.map((key) => (key.kind === 'value' && typeof key.value === 'string' ? key.value : undefined));
  return path.every((key) => key !== undefined) ? [term.base.name, ...path] : undefined;
}

/** Statements of a body, parted by line breaks or `;`. */
import { mistake, placeOf, type Body, type Place, type Statement, type Term } from './syntax.js';
import { TermParser } from './parse-term.js';

const MAX_STATEMENTS = 100;

export class BodyParser extends TermParser {
  /** Up to the closing sign, which is taken too. */
  override body(close: string): Body {
    return this.nested(() => {
      const out: Statement[] = [];
      do {
        while (this.skip(';'));
        if (this.at(close) && out.length > 0) break;
        if (out.length >= MAX_STATEMENTS) throw this.unexpected(`more than ${MAX_STATEMENTS} statements in one body`);
        out.push(this.statement());
      } while (this.at(';') || this.token.before === '\n');
      this.expect(close);
      return out;
    });
  }

  statement(): Statement {
    const { place } = this;
    const read = this.#read(place);
    if (this.at('with')) throw mistake(this.token, 'with is not supported');
    return read;
  }

  #read(place: Place): Statement {
    if (this.skip('not')) return { kind: 'not', statement: this.nested(() => this.statement()), ...place };
    if (this.skip('some')) return this.#some(place);
    if (this.at('every') && this.following.kind === 'name' && this.following.before !== '') return this.#every(place);
    const left = this.term();
    if (this.at(',')) return this.#member(left, place);
    if (this.skip(':=')) return { kind: 'assign', left, right: this.term(), ...place };
    if (this.skip('=')) return { kind: 'unify', left, right: this.term(), ...place };
    return { kind: 'test', term: left, ...place };
  }

  /** `k, v in xs` */
  #member(key: Term, place: Place): Statement {
    this.expect(',');
    const value = this.relation();
    const { place: at } = this;
    this.expect('in');
    const term: Term = { kind: 'call', name: ['internal', 'entry'], args: [key, value, this.relation()], ...at };
    return { kind: 'test', term, ...place };
  }

  #some(place: Place): Statement {
    const terms = [this.relation()];
    while (this.skip(',')) terms.push(this.relation());
    if (!this.at('in')) {
      const names = terms.map((term) => {
        if (term.kind !== 'name') throw mistake(term, 'some declares variables');
        return term.name;
      });
      return { kind: 'some', names, ...place };
    }
    this.take();
    return { kind: 'iterate', ...this.#entry(terms, place), domain: this.relation(), ...place };
  }

  #every(place: Place): Statement {
    this.take();
    const terms = [this.relation()];
    while (this.skip(',')) terms.push(this.relation());
    this.expect('in');
    const domain = this.relation();
    this.expect('{');
    return { kind: 'every', ...this.#entry(terms, place), domain, body: this.body('}'), ...place };
  }

  #entry(terms: readonly Term[], place: Place): { readonly key?: Term; readonly value: Term } {
    const [first, second, third] = terms;
    if (third) throw mistake(third, 'a value, or key and value are expected before in');
    return second ? { key: first!, value: second } : { value: first ?? missing(place) };
  }
}

function missing(place: Place): never {
  throw mistake(placeOf(place), 'a variable is expected');
}

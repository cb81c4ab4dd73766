/**
 * Reads a Rego module, in the syntax with `if` and `contains` and in the older one without, with or without the imports
 * that announce the keywords.
 * Errors  `FormatError` with line and column.
 * Source  https://www.openpolicyagent.org/docs/policy-reference#grammar
 */
import {
  mistake,
  type Body,
  type Clause,
  type Import,
  type Module,
  type Place,
  type Rule,
  type RuleKind,
  type Term,
} from './syntax.js';
import { BodyParser } from './parse-body.js';

export function parseModule(source: string): Module {
  return new ModuleParser(source.replace(/^\uFEFF/, '')).module();
}

interface Head {
  readonly kind: RuleKind;
  readonly args: readonly Term[];
  readonly key?: Term;
  readonly value?: Term;
}

class ModuleParser extends BodyParser {
  module(): Module {
    this.expect('package');
    const path = this.#path('the name of the package');
    const imports: Import[] = [];
    const rules: Rule[] = [];
    while (!this.ended) {
      if (this.token.before !== '\n' && !this.skip(';')) throw this.unexpected('a new line is expected');
      if (this.at('import')) imports.push(this.#import());
      else if (!this.ended) rules.push(...this.#rule());
    }
    return { package: path, imports, rules };
  }

  #path(what: string): readonly string[] {
    const path = [this.name(what)];
    for (;;) {
      if (this.touches('.')) {
        this.take();
        path.push(this.name('a name'));
      } else if (this.touches('[') && typeof this.following.value === 'string') {
        this.take();
        path.push(this.take().value as string);
        this.expect(']');
      } else return path;
    }
  }

  #import(): Import {
    const { place } = this;
    this.take();
    const path = this.#path('what to import');
    const alias = this.skip('as') ? this.name('a name') : path.at(-1)!;
    return { path, alias, ...place };
  }

  #rule(): readonly Rule[] {
    const { place } = this;
    const isDefault = this.skip('default');
    const name = this.name('a rule');
    if (this.touches('.'))
      throw this.unexpected('rules whose name has dots are not supported; a plain name is expected');
    const head = this.#head(place);
    const rule = { kind: head.kind, name, isDefault, args: head.args, ...(head.key && { key: head.key }), ...place };
    const value = head.value ?? truth(place);
    if (isDefault) {
      if (!head.value || head.key) throw mistake(place, 'a default is written default name := value');
      return [{ ...rule, clause: { value, body: [], ...place } }];
    }
    const bodies = this.#bodies();
    if (bodies.length === 0) {
      if (!head.value && !head.key) throw this.unexpected('a value, if or { is expected');
      return [{ ...rule, clause: { value, body: [], ...place } }];
    }
    const otherwise = this.#else();
    if (otherwise && head.key) throw mistake(otherwise, 'else belongs to rules with one value');
    if (otherwise && bodies.length > 1) throw mistake(otherwise, 'else belongs to a rule with one body');
    return bodies.map((body) => ({ ...rule, clause: clauseOf(value, body, otherwise, place) }));
  }

  #head(place: Place): Head {
    const args = this.touches('(') ? this.#args() : undefined;
    if (args) return { kind: 'function', args, ...this.#value() };
    if (this.at('contains') && this.token.before !== '\n') {
      this.take();
      return { kind: 'set', args: [], key: this.term() };
    }
    if (!this.touches('[')) return { kind: 'complete', args: [], ...this.#value() };
    this.take();
    const key = this.term();
    this.expect(']');
    if (this.touches('[') || this.touches('.')) throw mistake(place, 'rules with several keys are not supported');
    const value = this.#value();
    // `p[x] if …` maps x to true; the older `p[x] { … }` is a set.
    if (!value.value && this.at('if')) return { kind: 'object', args: [], key, value: truth(place) };
    return { kind: value.value ? 'object' : 'set', args: [], key, ...value };
  }

  #args(): readonly Term[] {
    this.expect('(');
    const args = this.list(')', () => this.term());
    if (args.length === 0) throw this.unexpected('a function has arguments; a rule without brackets is expected');
    return args;
  }

  #value(): { readonly value?: Term } {
    return this.skip(':=') || this.skip('=') ? { value: this.term() } : {};
  }

  #bodies(): readonly Body[] {
    const bodies: Body[] = [];
    if (this.skip('if')) return [this.#ifBody()];
    while (this.skip('{')) bodies.push(this.body('}'));
    return bodies;
  }

  #ifBody(): Body {
    return this.skip('{') ? this.body('}') : [this.statement()];
  }

  /** What follows `else`: a value, a body, or both. */
  #else(): Clause | undefined {
    if (!this.at('else')) return undefined;
    const { place } = this;
    this.take();
    const { value } = this.#value();
    const [body] = this.#bodies();
    if (!value && !body) throw this.unexpected('a value or a body is expected');
    const otherwise = body && this.nested(() => this.#else());
    return clauseOf(value ?? truth(place), body ?? [], otherwise, place);
  }
}

const truth = ({ line, column }: Place): Term => ({ kind: 'value', value: true, line, column });

const clauseOf = (value: Term, body: Body, otherwise: Clause | undefined, place: Place): Clause => ({
  value,
  body,
  ...place,
  ...(otherwise && { otherwise }),
});

/**
 * Resolves the names of a module: variables, rules, imports, built-in functions.
 * Errors  `FormatError` with line and column for what is not known, not allowed or not supported.
 */
import { builtins, refused } from './builtins/registry.js';
import { orderBlock, requireBound } from './order.js';
import type { Alternative, Block, Definition, Expression, Program, ResolvedRule, Step } from './program.js';
import { liftNegation } from './lift-negation.js';
import { liftReferences } from './lift-references.js';
import { partsOf } from './program-parts.js';
import { Frame, namesOfPattern, namesUsed, Scope } from './scope.js';
import {
  mistake,
  placeOf,
  type Body,
  type Clause,
  type Import,
  type Module,
  type Place,
  type Rule,
  type Statement,
  type Term,
} from './syntax.js';
import { RegoObject, RegoSet } from './value.js';

/** Where functions of the library lie; policies import it. */
const library = ['lib', 'trivy'];

export function resolveModule(module: Module): Program {
  for (const one of module.imports) checkImport(one, module);
  const imports = new Map(module.imports.filter((one) => !isKeyword(one)).map((one) => [one.alias, one.path]));
  const groups = groupRules(module.rules);
  const shared: Shared = { module, imports, groups, wholeNegation: module.imports.some(isWholeNegation) };
  const rules = new Map([...groups].map(([name, group]) => [name, resolveRule(name, group, shared)]));
  return { rules };
}

function groupRules(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const group = groups.get(rule.name);
    if (group) group.push(rule);
    else groups.set(rule.name, [rule]);
  }
  return groups;
}

interface Shared {
  readonly module: Module;
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly groups: ReadonlyMap<string, readonly Rule[]>;
  /** Whether `not` negates all that its expression is made of. */
  readonly wholeNegation: boolean;
}

const isWholeNegation = ({ path }: Import): boolean =>
  ['future.keywords', 'future.keywords.not'].includes(path.join('.'));

/** Announces keywords, which are known anyway. */
const isKeyword = ({ path: [root, name] }: Import): boolean =>
  (root === 'rego' && name === 'v1') || (root === 'future' && name === 'keywords');

function checkImport(one: Import, module: Module): void {
  const [root, ...rest] = one.path;
  if (root === 'input' || isKeyword(one)) return;
  if (root === 'data' && (startsWith(rest, library) || startsWith(rest, module.package))) return;
  throw mistake(one, `there is no ${one.path.join('.')}: a policy has input, its own rules and data.lib.trivy`);
}

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((part, i) => path[i] === part);

function resolveRule(name: string, group: readonly Rule[], shared: Shared): ResolvedRule {
  const rules = group.filter((rule) => !rule.isDefault);
  const [fallback, second] = group.filter((rule) => rule.isDefault);
  const first = rules[0] ?? fallback!;
  for (const rule of group)
    if (rule.kind !== first.kind || rule.args.length !== first.args.length)
      throw mistake(rule, `${name} is defined in two ways, see line ${first.line}`);
  if (second) throw mistake(second, `${name} has two defaults`);
  if (fallback && !isConstant(fallback.clause.value)) throw mistake(fallback, 'the value of a default is a constant');
  if (name === 'input' || name === 'data') throw mistake(first, `${name} cannot be a rule`);
  return {
    kind: first.kind,
    name,
    arity: first.args.length,
    definitions: rules.map((rule) => new Resolver(shared).definition(rule)),
    ...(fallback && { fallback: new Resolver(shared).definition(fallback) }),
  };
}

class Resolver {
  readonly #shared: Shared;
  readonly #frame = new Frame();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  definition(rule: Rule): Definition {
    const scope = new Scope(this.#frame);
    for (const name of new Set(rule.args.flatMap(namesOfPattern))) if (name !== '_') scope.declare(name);
    const args = rule.args.map((arg) => this.#term(arg, scope));
    const [first, key] = this.#alternative(rule.clause, scope, rule.key);
    return { slots: this.#frame.size, args, first, ...(key && { key }), ...placeOf(rule) };
  }

  #alternative(clause: Clause, around: Scope, keyTerm?: Term): readonly [Alternative, Expression | undefined] {
    const scope = this.#scope([...clause.body, ...tests(keyTerm ? [keyTerm, clause.value] : [clause.value])], around);
    const body = this.#block(clause.body, scope);
    const value = this.#term(clause.value, scope);
    const key = keyTerm && this.#term(keyTerm, scope);
    const bound = orderBlock(body, around.own);
    requireBound(key ? [key, value] : [value], bound);
    const otherwise = clause.otherwise && this.#alternative(clause.otherwise, around)[0];
    return [{ value, body, ...placeOf(clause), ...(otherwise && { otherwise }) }, key];
  }

  /** Variables that the body declares, and those it uses that nobody else has. */
  #scope(body: Body, around: Scope): Scope {
    const scope = new Scope(this.#frame, around);
    const declare = (name: string, place: Place): void => {
      if (name === '_') return;
      if (scope.declares(name)) throw mistake(place, `${name} is declared twice`);
      scope.declare(name);
    };
    for (const statement of body) {
      const names =
        statement.kind === 'some'
          ? statement.names
          : statement.kind === 'assign'
            ? namesOfPattern(statement.left)
            : statement.kind === 'iterate'
              ? [...(statement.key ? namesOfPattern(statement.key) : []), ...namesOfPattern(statement.value)]
              : [];
      for (const name of names) declare(name, statement);
    }
    for (const name of namesUsed(body))
      if (name !== '_' && scope.find(name) === undefined && !this.#isGlobal(name)) scope.declare(name);
    return scope;
  }

  #isGlobal(name: string): boolean {
    return name === 'input' || name === 'data' || this.#shared.imports.has(name) || this.#shared.groups.has(name);
  }

  #block(body: Body, scope: Scope): Block {
    const name = (term: Term): string => this.#temporary(term, scope);
    const isVariable = (one: string): boolean => one === '_' || scope.find(one) !== undefined;
    const lifted = body
      .flatMap((one) =>
        one.kind === 'not' && !this.#shared.wholeNegation ? liftNegation(one, { name, isVariable }) : [one],
      )
      .flatMap((one) => liftReferences(one, name));
    return { steps: lifted.flatMap((statement) => this.#statement(statement, scope)), own: scope.own };
  }

  /** A variable for the value of a term, with a name that no policy can write. */
  #temporary({ line, column }: Place, scope: Scope): string {
    const name = `${line}:${column}:${this.#frame.size}`;
    scope.declare(name);
    return name;
  }

  #statement(statement: Statement, scope: Scope): readonly Step[] {
    const place = placeOf(statement);
    switch (statement.kind) {
      case 'some':
        return [];
      case 'not': {
        const { statement: inner } = statement;
        if (inner.kind === 'unify')
          return [{ kind: 'not', step: this.#equation(inner.left, inner.right, scope, place), ...place }];
        if (inner.kind !== 'test') throw mistake(place, 'not is followed by an expression');
        const [step] = this.#test(inner.term, scope, place);
        return [{ kind: 'not', step: step!, ...place }];
      }
      case 'assign':
      case 'unify':
        if (statement.kind === 'assign' && namesOfPattern(statement.left).length === 0 && !isPattern(statement.left))
          throw mistake(place, 'only variables can be assigned to');
        return unify(this.#term(statement.left, scope), this.#term(statement.right, scope), place, statement.closed);
      case 'iterate':
        return [{ kind: 'iterate', ...this.#entry(statement, scope), ...place }];
      case 'every': {
        const inner = new Scope(this.#frame, scope);
        for (const term of [statement.key, statement.value])
          for (const name of term ? namesOfPattern(term) : []) if (name !== '_') inner.declare(name);
        const domain = this.#term(statement.domain, scope);
        const { key, value } = this.#entry(statement, inner);
        const body = this.#block(statement.body, this.#scope(statement.body, inner));
        return [{ kind: 'every', ...(key && { key }), value, domain, own: inner.own, body, ...place }];
      }
      case 'test':
        return this.#test(statement.term, scope, place);
    }
  }

  #equation(left: Term, right: Term, scope: Scope, place: Place): Step {
    return { kind: 'unify', left: this.#term(left, scope), right: this.#term(right, scope), ...place };
  }

  #entry(statement: { key?: Term; value: Term; domain: Term }, scope: Scope) {
    const { key, value, domain } = statement;
    return {
      ...(key && { key: this.#term(key, scope) }),
      value: this.#term(value, scope),
      domain: this.#term(domain, scope),
    };
  }

  #test(term: Term, scope: Scope, place: Place): readonly Step[] {
    if (term.kind !== 'call') return [{ kind: 'test', term: this.#term(term, scope), ...place }];
    if (term.name.join('.') === 'print')
      return [{ kind: 'print', args: term.args.map((arg) => this.#term(arg, scope)), ...place }];
    // A last argument too many stands for the result.
    const result = term.args.at(-1);
    const known = this.#callee(term.name, scope, term);
    if (!result || known.arity === undefined || term.args.length !== known.arity + 1)
      return [{ kind: 'test', term: this.#term(term, scope), ...place }];
    const call: Term = { ...term, args: term.args.slice(0, -1) };
    return unify(this.#term(result, scope), this.#term(call, scope), place);
  }

  #term(term: Term, scope: Scope): Expression {
    switch (term.kind) {
      case 'value':
        return { kind: 'value', value: term.value };
      case 'name':
        return this.#ref(term, [], scope);
      case 'ref':
        return this.#ref(term.base, term.path, scope);
      case 'call':
        return this.#call(term, scope);
      case 'array':
      case 'set':
        return constant({ kind: term.kind, items: term.items.map((item) => this.#term(item, scope)) });
      case 'object':
        return constant({
          kind: 'object',
          entries: term.entries.map(([key, value]) => [this.#term(key, scope), this.#term(value, scope)] as const),
        });
      case 'collect': {
        const inner = this.#scope([...term.body, ...tests(term.key ? [term.key, term.value] : [term.value])], scope);
        const body = this.#block(term.body, inner);
        const key = term.key && this.#term(term.key, inner);
        return {
          kind: 'collect',
          into: term.into,
          ...(key && { key }),
          value: this.#term(term.value, inner),
          body,
          ...placeOf(term),
        };
      }
    }
  }

  #ref(base: Term, path: readonly Term[], scope: Scope): Expression {
    if (base.kind !== 'name') return this.#path(this.#term(base, scope), path, scope);
    const place = placeOf(base);
    const { name } = base;
    if (name === '_') return this.#path({ kind: 'slot', slot: scope.fresh(), name, ...place }, path, scope);
    const slot = scope.find(name);
    if (slot !== undefined) return this.#path({ kind: 'slot', slot, name, ...place }, path, scope);
    const imported = this.#shared.imports.get(name);
    const written = imported ?? [name];
    const [root] = written;
    const rest = [...written.slice(1).map((value): Term => ({ kind: 'value', value, ...place })), ...path];
    if (root === 'input') return this.#path({ kind: 'input' }, rest, scope);
    if (root === 'data') return this.#data(rest, scope, place);
    return this.#rule(name, path, scope, place);
  }

  #data(path: readonly Term[], scope: Scope, place: Place): Expression {
    const own = this.#shared.module.package;
    const names = path.slice(0, own.length + 1).map((key) => (key.kind === 'value' ? key.value : undefined));
    const name = names[own.length];
    if (own.every((part, i) => names[i] === part) && typeof name === 'string' && this.#shared.groups.has(name))
      return this.#rule(name, path.slice(own.length + 1), scope, place);
    throw mistake(place, 'there is no such data: a policy has input, its own rules and data.lib.trivy');
  }

  #rule(name: string, path: readonly Term[], scope: Scope, place: Place): Expression {
    const [rule] = this.#shared.groups.get(name) ?? [];
    if (!rule) throw mistake(place, `${name} is not known`);
    if (rule.kind === 'function') throw mistake(place, `${name} is a function, to be called with arguments`);
    return this.#path({ kind: 'rule', name, ...place }, path, scope);
  }

  #path(base: Expression, path: readonly Term[], scope: Scope): Expression {
    return path.length === 0 ? base : { kind: 'ref', base, path: path.map((key) => this.#term(key, scope)) };
  }

  #call(term: Term & { kind: 'call' }, scope: Scope): Expression {
    const place = placeOf(term);
    const { kind, name, arity } = this.#callee(term.name, scope, place);
    if (arity !== undefined && term.args.length !== arity)
      throw mistake(place, `${name} takes ${arity} argument${arity === 1 ? '' : 's'}, not ${term.args.length}`);
    return { kind, name, args: term.args.map((arg) => this.#term(arg, scope)), ...place };
  }

  #callee(written: readonly string[], scope: Scope, place: Place) {
    const [first, ...rest] = written;
    const imported = scope.find(first!) === undefined ? this.#shared.imports.get(first!) : undefined;
    const path = imported ? [...imported, ...rest] : written;
    const own =
      path[0] === 'data' && startsWith(path.slice(1), this.#shared.module.package)
        ? path.slice(1 + this.#shared.module.package.length)
        : path;
    const [rule] = (own.length === 1 && this.#shared.groups.get(own[0]!)) || [];
    if (rule) {
      if (rule.kind !== 'function') throw mistake(place, `${rule.name} is a rule without arguments`);
      return { kind: 'function', name: rule.name, arity: rule.args.length } as const;
    }
    const name = path.join('.');
    const reason = refused.get(name);
    if (reason) throw mistake(place, `${name} is not allowed: ${reason}`);
    const builtin = builtins.get(name);
    if (!builtin) throw mistake(place, `there is no function ${name.slice(0, 100)}, or it is not supported`);
    return { kind: 'builtin', name, arity: builtin.arity } as const;
  }
}

/** A literal of constants is made once. */
function constant(term: Expression & { kind: 'array' | 'set' | 'object' }): Expression {
  const parts = partsOf(term).map((part) => (part.kind === 'value' ? part.value : undefined));
  if (!parts.every((part) => part !== undefined)) return term;
  if (term.kind === 'array') return { kind: 'value', value: parts };
  if (term.kind === 'set') return { kind: 'value', value: new RegoSet(parts) };
  const entries = parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]!] as const] : []));
  return { kind: 'value', value: new RegoObject(entries) };
}

const isConstant = (term: Term): boolean =>
  term.kind === 'array' || term.kind === 'set'
    ? term.items.every(isConstant)
    : term.kind === 'object'
      ? term.entries.flat().every(isConstant)
      : term.kind === 'value' || term.kind === 'collect';

const isPattern = (term: Term): boolean => term.kind === 'array' || term.kind === 'object' || term.kind === 'name';

/** Terms of a head, for the names in them. */
const tests = (terms: readonly Term[]): Body => terms.map((term) => ({ kind: 'test', term, ...placeOf(term) }));

/** Two arrays of one length are equal when their elements are. */
function unify(left: Expression, right: Expression, place: Place, closed = false): readonly Step[] {
  if (left.kind !== 'array' || right.kind !== 'array' || left.items.length !== right.items.length)
    return [{ kind: 'unify', left, right, ...place, ...(closed && { closed }) }];
  return left.items.flatMap((item, i) => unify(item, right.items[i]!, place));
}

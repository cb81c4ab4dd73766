/**
 * Evaluates rules for one input by backtracking: every way to give the variables of a body values that make its
 * statements true is a solution. Terms hand each of their values to a continuation, which says whether to stop.
 * Undefined is the absence of values. A built-in function that fails has none; the first such failure is kept.
 * Limits  `Budget`; nesting of statements and terms in evaluation.
 * Errors  `FormatError` for rules with several values, and for what exceeds the budget.
 * Source  https://www.openpolicyagent.org/docs/policy-language
 */
import { FormatError } from '#base';
import type { Budget } from './budget.js';
import { BuiltinFailure, type BuiltinContext } from './builtins/builtin.js';
import { builtins } from './builtins/registry.js';
import type { Alternative, Block, Definition, Expression, Program, ResolvedRule, Step } from './program.js';
import { mistake, type Place } from './syntax.js';
import { equalValues, RegoObject, RegoSet, textOf, type Value, weightOf } from './value.js';

type Slots = (Value | undefined)[];
/** Takes a value and says whether to stop. */
type Then = (value: Value) => boolean;

const MAX_NESTING = 150;

export class Evaluation {
  /** Why a built-in function had no value, the first time. */
  failure: string | undefined;
  readonly #known = new Map<string, Value | undefined>();
  readonly #program: Program;
  readonly #input: Value;
  readonly #context: BuiltinContext;
  readonly #budget: Budget;
  #nesting = 0;

  constructor(program: Program, input: Value, context: BuiltinContext) {
    this.#program = program;
    this.#input = input;
    this.#context = context;
    this.#budget = context.budget;
  }

  /** The value of a rule; rules are evaluated once. */
  rule(name: string): Value | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#evaluate(this.#program.rules.get(name)!));
    return this.#known.get(name);
  }

  #evaluate(rule: ResolvedRule): Value | undefined {
    if (rule.kind === 'set') return this.#made(new RegoSet(this.#entries(rule).map(([key]) => key)));
    if (rule.kind === 'object') return this.#made(this.#object(rule));
    return this.#single(rule, []);
  }

  #entries({ definitions }: ResolvedRule): [key: Value, value: Value][] {
    const out: [Value, Value][] = [];
    for (const definition of definitions) {
      const slots: Slots = [];
      this.#block(definition.first.body, slots, () =>
        this.#term(definition.key!, slots, (key) =>
          this.#term(definition.first.value, slots, (value) => {
            this.#budget.spend(1);
            out.push([key, value]);
            return false;
          }),
        ),
      );
    }
    return out;
  }

  #object(rule: ResolvedRule): Value {
    return this.#objectOf(this.#entries(rule), rule.name, rule.definitions[0]!);
  }

  #objectOf(entries: readonly (readonly [Value, Value])[], what: string, place: Place): RegoObject {
    const object = new RegoObject(entries);
    for (const [key, value] of entries)
      if (!equalValues(object.get(key)!, value))
        throw mistake(place, `${what} has several values for the key ${textOf(key).slice(0, 100)}`);
    return object;
  }

  /** The one value of a rule or of a function for its arguments. */
  #single(rule: ResolvedRule, args: readonly Value[]): Value | undefined {
    let found: Value | undefined;
    const take = (value: Value, place: Place): void => {
      if (found !== undefined && !equalValues(found, value)) throw mistake(place, `${rule.name} has several values`);
      found = value;
    };
    for (const definition of rule.definitions) this.#define(definition, args, take);
    if (found === undefined && rule.fallback) this.#define(rule.fallback, args, take);
    return found;
  }

  #define(definition: Definition, args: readonly Value[], take: (value: Value, place: Place) => void): void {
    const slots: Slots = [];
    this.#matchAll(definition.args, args, slots, () => {
      let one: Alternative | undefined = definition.first;
      while (one && !this.#solve(one, slots, take)) one = one.otherwise;
      return false;
    });
  }

  /** Whether the alternative has a solution. */
  #solve(one: Alternative, slots: Slots, take: (value: Value, place: Place) => void): boolean {
    let solved = false;
    this.#block(one.body, slots, () =>
      this.#term(one.value, slots, (value) => {
        solved = true;
        take(value, one);
        // A constant has no second value.
        return one.value.kind === 'value';
      }),
    );
    return solved;
  }

  #block(block: Block, slots: Slots, then: () => boolean): boolean {
    return this.#steps(block.steps, 0, slots, then);
  }

  #steps(steps: readonly Step[], index: number, slots: Slots, then: () => boolean): boolean {
    const step = steps[index];
    if (!step) return then();
    return this.#nested(() => this.#step(step, slots, () => this.#steps(steps, index + 1, slots, then)));
  }

  #nested(work: () => boolean): boolean {
    this.#budget.spend(1);
    if (this.#nesting >= MAX_NESTING) throw new FormatError(`the policy nests deeper than ${MAX_NESTING} levels`);
    this.#nesting++;
    const stop = work();
    this.#nesting--;
    return stop;
  }

  #step(step: Step, slots: Slots, then: () => boolean): boolean {
    switch (step.kind) {
      case 'test':
        return this.#term(step.term, slots, (value) => value !== false && then());
      case 'unify':
        return this.#unify(step.left, step.right, slots, then);
      case 'not':
        return !this.#step(step.step, slots, () => true) && then();
      case 'iterate':
        return this.#term(step.domain, slots, (domain) =>
          this.#entriesOf(domain).some(([key, value]) => this.#entry(step, key, value, slots, then)),
        );
      case 'every':
        return this.#term(step.domain, slots, (domain) => {
          if (!isCollection(domain)) return false;
          const holds = this.#entriesOf(domain).every(([key, value]) =>
            this.#entry(step, key, value, slots, () => this.#block(step.body, slots, () => true)),
          );
          return holds && then();
        });
      case 'print':
        this.#context.print(step.args.map((arg) => this.#printed(arg, slots)).join(' '));
        return then();
    }
  }

  #entry(
    { key: keyTerm, value: valueTerm }: { readonly key?: Expression; readonly value: Expression },
    key: Value,
    value: Value,
    slots: Slots,
    then: () => boolean,
  ): boolean {
    this.#budget.spend(1);
    if (!keyTerm) return this.#match(valueTerm, value, slots, then);
    return this.#match(keyTerm, key, slots, () => this.#match(valueTerm, value, slots, then));
  }

  #printed(term: Expression, slots: Slots): string {
    const values: Value[] = [];
    this.#term(term, slots, (value) => values.push(value) > 0);
    const [value] = values;
    if (value !== undefined) this.#budget.spend(weightOf(value));
    return value === undefined ? '<undefined>' : typeof value === 'string' ? value : textOf(value);
  }

  #unify(left: Expression, right: Expression, slots: Slots, then: () => boolean): boolean {
    const [known, pattern] = isOpen(left, slots) ? [right, left] : [left, right];
    return this.#term(known, slots, (value) => this.#match(pattern, value, slots, then));
  }

  /** Gives variables of the pattern that have no value the parts of this one, for as long as `then` runs. */
  #match(pattern: Expression, value: Value, slots: Slots, then: () => boolean): boolean {
    if (pattern.kind === 'slot' && slots[pattern.slot] === undefined) {
      slots[pattern.slot] = value;
      const stop = then();
      slots[pattern.slot] = undefined;
      return stop;
    }
    if (pattern.kind === 'array' && isOpen(pattern, slots))
      return Array.isArray(value) && this.#matchAll(pattern.items, value as readonly Value[], slots, then);
    if (pattern.kind === 'object' && isOpen(pattern, slots))
      return (
        value instanceof RegoObject &&
        value.size === pattern.entries.length &&
        this.#matchEntries(pattern.entries, 0, value, slots, then)
      );
    return this.#term(pattern, slots, (own) => this.#equal(own, value) && then());
  }

  #matchAll(patterns: readonly Expression[], values: readonly Value[], slots: Slots, then: () => boolean): boolean {
    if (patterns.length !== values.length) return false;
    const from = (i: number): boolean =>
      i === patterns.length ? then() : this.#match(patterns[i]!, values[i]!, slots, () => from(i + 1));
    return from(0);
  }

  #matchEntries(
    entries: readonly (readonly [Expression, Expression])[],
    index: number,
    object: RegoObject,
    slots: Slots,
    then: () => boolean,
  ): boolean {
    const entry = entries[index];
    if (!entry) return then();
    return this.#term(entry[0], slots, (key) => {
      const value = object.get(key);
      if (value === undefined) return false;
      return this.#match(entry[1], value, slots, () => this.#matchEntries(entries, index + 1, object, slots, then));
    });
  }

  #equal(a: Value, b: Value): boolean {
    this.#budget.spend((weightOf(a) + weightOf(b)) >> 4);
    return equalValues(a, b);
  }

  /** What holds a value many times weighs as often. */
  #made<T extends Value>(value: T): T {
    this.#budget.spend(weightOf(value));
    return value;
  }

  #term(term: Expression, slots: Slots, then: Then): boolean {
    this.#budget.spend(1);
    switch (term.kind) {
      case 'value':
        return then(term.value);
      case 'input':
        return then(this.#input);
      case 'slot': {
        const value = slots[term.slot];
        return value !== undefined && then(value);
      }
      case 'rule': {
        const value = this.#apart(() => this.rule(term.name));
        return value !== undefined && then(value);
      }
      case 'ref':
        return this.#term(term.base, slots, (value) => this.#walk(value, term.path, 0, slots, then));
      case 'builtin':
        return this.#list(term.args, slots, (args) => {
          const value = this.#builtin(term.name, args, term);
          return value !== undefined && then(value);
        });
      case 'function':
        return this.#list(term.args, slots, (args) => {
          const value = this.#apart(() => this.#single(this.#program.rules.get(term.name)!, args));
          return value !== undefined && then(value);
        });
      case 'array':
        return this.#list(term.items, slots, (items) => then(this.#made(items)));
      case 'set':
        return this.#list(term.items, slots, (items) => then(this.#made(new RegoSet(items))));
      case 'object':
        return this.#list(term.entries.flat(), slots, (parts) =>
          then(
            this.#made(
              new RegoObject(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]!] as const] : []))),
            ),
          ),
        );
      case 'collect':
        return then(this.#collect(term, slots));
    }
  }

  #apart<T>(work: () => T): T {
    if (this.#nesting >= MAX_NESTING) throw new FormatError(`the policy nests deeper than ${MAX_NESTING} levels`);
    this.#nesting += 3;
    const value = work();
    this.#nesting -= 3;
    return value;
  }

  /** All combinations of the values of the terms. */
  #list(terms: readonly Expression[], slots: Slots, then: (values: readonly Value[]) => boolean): boolean {
    const from = (i: number, values: readonly Value[]): boolean => {
      // Most terms have one value: they need no continuation.
      const plain = [...values];
      for (; i < terms.length; i++) {
        const value = this.#plain(terms[i]!, slots);
        if (value === undefined) break;
        plain.push(value);
      }
      if (i === terms.length) return then(plain);
      return this.#term(terms[i]!, slots, (value) => from(i + 1, [...plain, value]));
    };
    return from(0, []);
  }

  #plain(term: Expression, slots: Slots): Value | undefined {
    if (term.kind === 'value') this.#budget.spend(1);
    return term.kind === 'value' ? term.value : term.kind === 'slot' ? slots[term.slot] : undefined;
  }

  #walk(value: Value, path: readonly Expression[], index: number, slots: Slots, then: Then): boolean {
    const key = path[index];
    if (!key) return then(value);
    if (!isCollection(value)) return false;
    const next = (found: Value): boolean => this.#walk(found, path, index + 1, slots, then);
    if (!isOpen(key, slots))
      return this.#term(key, slots, (known) => {
        this.#budget.spend(weightOf(known) >> 4);
        const found = elementOf(value, known);
        return found !== undefined && next(found);
      });
    return this.#entriesOf(value).some(([name, found]) => {
      this.#budget.spend(1);
      // Members of a set are their own keys.
      return this.#match(key, value instanceof RegoSet ? found : name, slots, () => next(found));
    });
  }

  #entriesOf(value: Value): readonly (readonly [Value, Value])[] {
    this.#budget.spend(sizeOf(value) >> 3);
    return entriesOf(value);
  }

  #collect(term: Expression & { kind: 'collect' }, slots: Slots): Value {
    const { key: keyTerm } = term;
    const found: [Value, Value][] = [];
    const add = (key: Value, value: Value): boolean => {
      this.#budget.spend(1);
      found.push([key, value]);
      return false;
    };
    this.#block(term.body, slots, () =>
      this.#term(term.value, slots, (value) =>
        keyTerm ? this.#term(keyTerm, slots, (key) => add(key, value)) : add(value, value),
      ),
    );
    if (term.into === 'object') return this.#made(this.#objectOf(found, 'a comprehension', term));
    const values = found.map(([, value]) => value);
    return this.#made(term.into === 'array' ? values : new RegoSet(values));
  }

  #builtin(name: string, args: readonly Value[], place: Place): Value | undefined {
    for (const arg of args) this.#budget.spend(typeof arg === 'string' ? arg.length >> 4 : sizeOf(arg) >> 3);
    try {
      const value = builtins.get(name)!.run(args, this.#context);
      return value === undefined ? undefined : this.#made(value);
    } catch (error) {
      if (!(error instanceof BuiltinFailure)) throw error;
      this.failure ??= mistake(place, `${name}: ${error.message}`).message;
      return undefined;
    }
  }
}

function sizeOf(value: Value): number {
  if (!isCollection(value)) return 0;
  return value instanceof RegoSet || value instanceof RegoObject ? value.size : value.length;
}

/** Whether it holds a variable without a value where a pattern may. */
function isOpen(term: Expression, slots: Slots): boolean {
  if (term.kind === 'slot') return slots[term.slot] === undefined;
  if (term.kind === 'array') return term.items.some((item) => isOpen(item, slots));
  return term.kind === 'object' && term.entries.some(([, value]) => isOpen(value, slots));
}

const isCollection = (value: Value): value is readonly Value[] | RegoObject | RegoSet =>
  typeof value === 'object' && value !== null;

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (!isCollection(value)) return [];
  if (value instanceof RegoObject) return value.entries;
  if (value instanceof RegoSet) return value.items.map((item) => [item, item]);
  return value.map((item, i) => [i, item]);
}

function elementOf(value: readonly Value[] | RegoObject | RegoSet, key: Value): Value | undefined {
  if (value instanceof RegoObject) return value.get(key);
  if (value instanceof RegoSet) return value.has(key) ? key : undefined;
  return typeof key === 'number' && Number.isInteger(key) && key >= 0 ? value[key] : undefined;
}

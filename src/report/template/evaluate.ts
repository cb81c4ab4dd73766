/**
 * Runs a parsed template and yields what it writes.
 * Limits  50 million steps, 1 GiB of output, 100 templates inside each other, 16 MiB a value
 * Errs on  unknown fields, wrong arguments: by TemplateError with the line
 * Source  https://pkg.go.dev/text/template
 */
import { GoTime } from './go-time.js';
import { fieldOf } from './report-values.js';
import {
  type Control,
  type FunctionOperand,
  type Node,
  type Operand,
  type Pipe,
  type Template,
  TemplateError,
} from './syntax.js';
import { type FunctionTable, maxText, text } from './template-function.js';
import { isList, isMap, isTrue, kindOf, printed, sortedEntries, Struct, type Value } from './values.js';

export interface EvaluationLimits {
  readonly steps: number;
  readonly output: number;
}

const usualLimits: EvaluationLimits = { steps: 50_000_000, output: 1024 * 1024 * 1024 };
const maxDepth = 100;
/** Functions that look at an operand only when the answer is open. */
export const lazyFunctions: ReadonlySet<string> = new Set(['and', 'or', 'not']);

export function evaluateTemplate(
  template: Template,
  functions: FunctionTable,
  data: Value,
  limits: EvaluationLimits = usualLimits,
): Generator<string> {
  return new Evaluation(template, functions, limits).run(template.main, new Scope(data), 0);
}

/** Variables by name; those of an outer block can be assigned to. */
class Scope {
  readonly dot: Value;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, Value>();

  constructor(dot: Value, outer?: Scope) {
    this.dot = dot;
    this.#outer = outer;
    if (!outer) this.#names.set('$', dot);
  }

  inner(dot: Value = this.dot): Scope {
    return new Scope(dot, this);
  }
  declare(name: string, value: Value): void {
    this.#names.set(name, value);
  }
  holder(name: string): Map<string, Value> | undefined {
    return this.#names.has(name) ? this.#names : this.#outer?.holder(name);
  }
}

type Stop = 'break' | 'continue' | undefined;

class Evaluation {
  readonly #template: Template;
  readonly #functions: ReadonlyMap<string, FunctionTable[string]>;
  readonly #limits: EvaluationLimits;
  #steps = 0;
  #written = 0;

  constructor(template: Template, functions: FunctionTable, limits: EvaluationLimits) {
    this.#template = template;
    this.#functions = new Map(Object.entries(functions));
    this.#limits = limits;
  }

  *run(nodes: readonly Node[], scope: Scope, depth: number): Generator<string, Stop> {
    for (const node of nodes) {
      if (node.kind === 'text') yield this.#count(node.text, 0);
      else {
        this.#step(node.line, 1);
        const stop = yield* this.#node(node, scope, depth);
        if (stop) return stop;
      }
    }
    return undefined;
  }

  *#node(node: Exclude<Node, { kind: 'text' }>, scope: Scope, depth: number): Generator<string, Stop> {
    if (node.kind === 'break' || node.kind === 'continue') return node.kind;
    if (node.kind === 'range') return yield* this.#range(node, scope, depth);
    if (node.kind === 'template') return yield* this.#call(node, scope, depth);
    if (node.kind === 'action') {
      const value = this.#pipe(node.pipe, scope);
      if (node.pipe.names.length === 0) yield this.#count(printed(value), node.line);
      return undefined;
    }
    const inner = scope.inner();
    const value = this.#pipe(node.pipe, inner);
    if (!isTrue(value)) return yield* this.run(node.otherwise, inner, depth);
    return yield* this.run(node.body, node.kind === 'with' ? inner.inner(value) : inner, depth);
  }

  *#range(node: Control, scope: Scope, depth: number): Generator<string, Stop> {
    const { names, commands, line } = node.pipe;
    const value = this.#pipe({ ...node.pipe, names: [] }, scope);
    if (commands.length === 0 || lengthless(value)) throw new TemplateError(line, `range over ${kindOf(value)}`);
    let empty = true;
    for (const [key, one] of elements(value)) {
      empty = false;
      this.#step(line, 1);
      const inner = scope.inner(one);
      const taken = names.length === 1 ? [one] : [key, one];
      for (const [i, name] of names.entries()) this.#assign(inner, name, taken[i], node.pipe.declares, line);
      if ((yield* this.run(node.body, inner, depth)) === 'break') break;
    }
    return empty ? yield* this.run(node.otherwise, scope.inner(), depth) : undefined;
  }

  *#call(node: Node & { kind: 'template' }, scope: Scope, depth: number): Generator<string, Stop> {
    const named = this.#template.named.get(node.name);
    if (!named) throw new TemplateError(node.line, `there is no template ${JSON.stringify(node.name)}`);
    if (depth >= maxDepth) throw new TemplateError(node.line, `more than ${maxDepth} templates inside each other`);
    yield* this.run(named, new Scope(node.pipe && this.#pipe(node.pipe, scope)), depth + 1);
    return undefined;
  }

  #pipe({ names, declares, commands, line }: Pipe, scope: Scope): Value {
    let value: Value;
    for (const [i, command] of commands.entries()) value = this.#command(command, scope, i > 0 ? [value] : []);
    for (const name of names) this.#assign(scope, name, value, declares, line);
    return value;
  }

  #assign(scope: Scope, name: string, value: Value, declares: boolean, line: number): void {
    if (declares) return scope.declare(name, value);
    const holder = scope.holder(name);
    if (!holder) throw new TemplateError(line, `the variable ${name} is not declared`);
    holder.set(name, value);
  }

  #command(command: readonly Operand[], scope: Scope, piped: readonly Value[]): Value {
    const [first, ...rest] = command as readonly [Operand, ...Operand[]];
    this.#step(first.line, 1);
    if (first.kind === 'function' && first.fields.length === 0) return this.#function(first, rest, scope, piped);
    const method = first.fields.at(-1);
    if (method === 'Format' && rest.length + piped.length === 1) {
      const target = this.#operand({ ...first, fields: first.fields.slice(0, -1) }, scope);
      if (target instanceof GoTime) return target.format(text(rest[0] ? this.#operand(rest[0], scope) : piped[0]));
    }
    if (rest.length + piped.length > 0)
      throw new TemplateError(first.line, 'a value that is no function has arguments');
    return this.#operand(first, scope);
  }

  #function(first: FunctionOperand, rest: readonly Operand[], scope: Scope, piped: readonly Value[]): Value {
    const { name, line } = first;
    if (lazyFunctions.has(name)) return this.#logic(first, rest, scope, piped);
    const found = this.#functions.get(name)!;
    const args = [...rest.map((operand) => this.#operand(operand, scope)), ...piped];
    if (args.length < found.least || args.length > found.most)
      throw new TemplateError(
        line,
        `${name} has ${args.length} arguments, not ${found.least}${found.most > found.least ? ' or more' : ''}`,
      );
    const value = this.#guard(line, `${name}: `, () => found.call(args));
    if (isList(value)) this.#step(line, value.length);
    if (typeof value === 'string') {
      if (value.length > maxText) throw new TemplateError(line, `${name} makes more than ${maxText} characters`);
      this.#step(line, value.length >> 6);
    }
    return this.#fields(value, first);
  }

  /** Later operands are not looked at once the answer is known. */
  #logic({ name, line }: FunctionOperand, rest: readonly Operand[], scope: Scope, piped: readonly Value[]): Value {
    const all = [
      ...rest.map((operand) => (): Value => this.#operand(operand, scope)),
      ...piped.map((v) => (): Value => v),
    ];
    if (all.length === 0 || (name === 'not' && all.length > 1))
      throw new TemplateError(line, `${name} has ${all.length} arguments`);
    if (name === 'not') return !isTrue(all[0]!());
    let value: Value;
    for (const each of all) {
      value = each();
      if (isTrue(value) === (name === 'or')) break;
    }
    return value;
  }

  #operand(operand: Operand, scope: Scope): Value {
    if (operand.kind === 'function') return this.#function(operand, [], scope, []);
    return this.#fields(this.#term(operand, scope), operand);
  }

  #term(operand: Exclude<Operand, FunctionOperand>, scope: Scope): Value {
    if (operand.kind === 'dot') return scope.dot;
    if (operand.kind === 'nil') return undefined;
    if (operand.kind === 'literal') return operand.value;
    if (operand.kind === 'pipe') return this.#pipe(operand.pipe, scope);
    const holder = scope.holder(operand.name);
    if (!holder) throw new TemplateError(operand.line, `the variable ${operand.name} is not declared`);
    return holder.get(operand.name);
  }

  #fields(value: Value, { fields, line }: Operand): Value {
    let at = value;
    for (const name of fields) {
      if (at instanceof Struct) at = this.#guard(line, '', () => fieldOf(at as Struct, name));
      else if (isMap(at)) at = at.get(name);
      else if (at instanceof GoTime && name === 'Unix') at = Math.floor(at.milliseconds / 1000);
      else if (at !== undefined && !(at === '' && name === 'String') && name !== 'String')
        throw new TemplateError(line, `${kindOf(at)} has no field ${name}`);
    }
    return at;
  }

  #guard(line: number, prefix: string, action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw new TemplateError(line, prefix + (error instanceof Error ? error.message : String(error)));
    }
  }

  #step(line: number, cost: number): void {
    if ((this.#steps += cost) > this.#limits.steps)
      throw new TemplateError(line, `more than ${this.#limits.steps} steps`);
  }

  #count(written: string, line: number): string {
    if ((this.#written += written.length) > this.#limits.output)
      throw new TemplateError(line, `more than ${this.#limits.output} characters of output`);
    return written;
  }
}

const lengthless = (value: Value): boolean =>
  !(isList(value) || isMap(value) || value === undefined || value === '' || typeof value === 'number');

function* elements(value: Value): Generator<readonly [Value, Value]> {
  if (isList(value)) for (let i = 0; i < value.length; i++) yield [i, value[i]];
  else if (isMap(value)) yield* sortedEntries(value);
  else if (typeof value === 'number') for (let i = 0; i < value; i++) yield [i, i];
}

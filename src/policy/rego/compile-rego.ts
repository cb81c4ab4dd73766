/**
 * Policies in Rego: the rule `ignore` of the package `trivy` is true for findings to ignore.
 * Shape   `input` is the finding as in the JSON report, with `Type`. The part of the language that works without data
 *         and without the network; docs/filters.md lists it.
 * Yields  whether a finding is ignored. Undefined is false. Where it is not ignored and a built-in function failed, the
 *         judgement says so.
 * Limits  1 MiB of text; steps, depth and memory of the evaluation (`Budget`).
 * Errors  `FormatError` with line and column: for what is no policy, and for rules that contradict themselves.
 * Source  https://www.openpolicyagent.org/docs/policy-language
 */
import { FormatError } from '#base';
import type { Judgement } from '../cel-policy.js';
import { Budget } from './budget.js';
import type { BuiltinContext } from './builtins/builtin.js';
import { usesPatterns } from './builtins/patterns.js';
import { Evaluation } from './evaluate.js';
import { parseModule } from './parse-module.js';
import { visitProgram } from './program-parts.js';
import type { Program } from './program.js';
import { refuseRecursion } from './recursion.js';
import { resolveModule } from './resolve.js';
import { fromJson, textOf, typeOf } from './value.js';

const PACKAGE = 'trivy';
const RULE = 'ignore';

export interface RegoOptions {
  readonly now: Date;
  /** What the policy prints. */
  print(text: string): void;
}

export interface RegoPolicy {
  judge(input: unknown): Judgement;
  /** Fields of the finding that the policy asks for. */
  readonly fields: ReadonlySet<string>;
}

export async function compileRego(source: string, options: RegoOptions): Promise<RegoPolicy> {
  const program = shallow(() => readProgram(source));
  const budget = new Budget();
  const context: BuiltinContext = {
    budget,
    now: BigInt(options.now.getTime()) * 1_000_000n,
    regex: needsPatterns(program) ? await (await import('./regex-engine.js')).loadRegexes(budget) : noRegex,
    print: (text) => options.print(text),
  };
  return { fields: fieldsOf(program), judge: (input) => shallow(() => judge(program, input, context)) };
}

function judge(program: Program, input: unknown, context: BuiltinContext): Judgement {
  context.budget.renew();
  const evaluation = new Evaluation(program, fromJson(input), context);
  const value = evaluation.rule(RULE);
  if (value !== undefined && typeof value !== 'boolean')
    throw new FormatError(`${RULE} is ${textOf(value).slice(0, 100)} (${typeOf(value)}), not true or false`);
  if (value === true || evaluation.failure === undefined) return { ignored: value ?? false };
  return { ignored: false, unknown: evaluation.failure };
}

function readProgram(source: string): Program {
  const module = parseModule(source);
  if (module.package.join('.') !== PACKAGE)
    throw new FormatError(`the package is ${module.package.join('.')}; a policy is of package ${PACKAGE}`);
  const program = resolveModule(module);
  if (program.rules.get(RULE)?.kind !== 'complete')
    throw new FormatError(`there is no rule ${RULE} that is true or false`);
  refuseRecursion(program);
  return program;
}

function needsPatterns(program: Program): boolean {
  let needed = false;
  visitProgram(program, (term) => {
    if (term.kind === 'builtin' && usesPatterns(term.name)) needed = true;
  });
  return needed;
}

function fieldsOf(program: Program): ReadonlySet<string> {
  const fields = new Set<string>();
  visitProgram(program, (term) => {
    if (term.kind !== 'ref' || term.base.kind !== 'input') return;
    const [key] = term.path;
    if (key?.kind === 'value' && typeof key.value === 'string') fields.add(key.value);
  });
  return fields;
}

const noRegex = (): never => {
  throw new Error('regular expressions are not loaded');
};

/** The limits of nesting are meant to come first; where the stack is smaller than they assume, this is the error. */
function shallow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new FormatError('the policy nests too deeply', { cause: error });
    throw error;
  }
}

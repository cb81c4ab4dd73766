/** The terms that statements and terms are made of; bodies of comprehensions and of `every` are not entered. */
import type { Block, Definition, Expression, Program, ResolvedRule, Step } from './program.js';

export function termsOf(step: Step): readonly Expression[] {
  switch (step.kind) {
    case 'test':
      return [step.term];
    case 'print':
      return step.args;
    case 'not':
      return termsOf(step.step);
    case 'unify':
      return [step.left, step.right];
    default:
      return [step.domain, step.value, ...(step.key ? [step.key] : [])];
  }
}

/** The elements of a term. */
export function partsOf(term: Expression): readonly Expression[] {
  switch (term.kind) {
    case 'ref':
      return [term.base, ...term.path];
    case 'builtin':
    case 'function':
      return term.args;
    case 'array':
    case 'set':
      return term.items;
    case 'object':
      return term.entries.flat();
    default:
      return [];
  }
}

/** What a comprehension collects. */
export const headOf = (term: Expression & { kind: 'collect' }): readonly Expression[] =>
  term.key ? [term.key, term.value] : [term.value];

export const definitionsOf = ({ definitions, fallback }: ResolvedRule): readonly Definition[] =>
  fallback ? [...definitions, fallback] : definitions;

export function visitProgram({ rules }: Program, visit: (term: Expression) => void): void {
  for (const rule of rules.values()) for (const definition of definitionsOf(rule)) visitTerms(definition, visit);
}

/** Calls `visit` with every term of a definition, at any depth. */
export function visitTerms({ args, key, first }: Definition, visit: (term: Expression) => void): void {
  const term = (one: Expression): void => {
    visit(one);
    partsOf(one).forEach(term);
    if (one.kind !== 'collect') return;
    headOf(one).forEach(term);
    block(one.body);
  };
  const step = (one: Step): void => {
    termsOf(one).forEach(term);
    if (one.kind === 'every') block(one.body);
    if (one.kind === 'not' && one.step.kind === 'every') block(one.step.body);
  };
  const block = ({ steps }: Block): void => steps.forEach(step);
  args.forEach(term);
  if (key) term(key);
  for (let one: typeof first | undefined = first; one; one = one.otherwise) {
    term(one.value);
    block(one.body);
  }
}

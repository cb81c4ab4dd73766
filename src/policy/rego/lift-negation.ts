/**
 * What a negated expression is made of is evaluated before the negation: in `not startswith(input.x, "a")` an absent
 * `input.x` makes the whole statement undefined, not true. Only the outermost reference or equation is negated.
 * `import future.keywords.not` announces the other meaning, in which everything within counts.
 * Source  https://www.openpolicyagent.org/docs/policy-reference/keywords/not
 */
import { placeOf, type Statement, type Term } from './syntax.js';

type Negation = Extract<Statement, { kind: 'not' }>;

export interface NegationScope {
  /** Declares a variable for the value of a term. */
  name(term: Term): string;
  isVariable(name: string): boolean;
}

export function liftNegation(negation: Negation, { name, isVariable }: NegationScope): readonly Statement[] {
  const { statement } = negation;
  const lifted: Statement[] = [];
  const out = (term: Term): Term => {
    const place = placeOf(term);
    const left: Term = { kind: 'name', name: name(term), ...place };
    // A reference gives nobody else values.
    lifted.push({ kind: 'unify', left, right: term, ...place, ...(term.kind === 'ref' && { closed: true }) });
    return left;
  };
  const argument = (term: Term): Term => (term.kind === 'value' ? term : out(term));
  const element = (key: Term): Term =>
    key.kind === 'value' || (key.kind === 'name' && isVariable(key.name)) ? key : out(key);
  /** An operand of an equation, or the whole expression. */
  const operand = (term: Term): Term => {
    if (term.kind === 'value' || term.kind === 'name') return term;
    if (term.kind !== 'ref') return out(term);
    const base = term.base.kind === 'name' ? term.base : out(term.base);
    return { ...term, base, path: term.path.map(element) };
  };
  const outermost = (term: Term): Term => {
    if (term.kind !== 'call') return operand(term);
    const isEquation = term.name.length === 1 && term.name[0] === 'equal';
    return { ...term, args: term.args.map(isEquation ? operand : argument) };
  };
  if (statement.kind === 'test') {
    const rest: Statement = { ...statement, term: outermost(statement.term) };
    return [...lifted, { ...negation, statement: rest }];
  }
  if (statement.kind !== 'unify') return [negation];
  const rest: Statement = { ...statement, left: operand(statement.left), right: operand(statement.right) };
  return [...lifted, { ...negation, statement: rest }];
}

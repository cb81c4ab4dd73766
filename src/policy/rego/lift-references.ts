/**
 * `f(i, xs[i])` reads `i` before `xs[i]` gives it values. Where a variable stands in the brackets of a reference and
 * elsewhere in one statement, the reference becomes a statement of its own: `t = xs[i]; f(i, t)`.
 */
import { placeOf, type Statement, type Term } from './syntax.js';

export function liftReferences(statement: Statement, name: (term: Term) => string): readonly Statement[] {
  const terms =
    statement.kind === 'test'
      ? [statement.term]
      : statement.kind === 'unify' || statement.kind === 'assign'
        ? [statement.left, statement.right]
        : [];
  const all = terms.flatMap(namesIn);
  const shared = new Set(
    terms.flatMap(bracketed).filter((one) => one !== '_' && all.indexOf(one) !== all.lastIndexOf(one)),
  );
  if (shared.size === 0) return [statement];
  const lifted: Statement[] = [];
  const lift = (term: Term): Term => {
    if (term.kind === 'ref' && term.path.flatMap(namesIn).some((one) => shared.has(one))) {
      const place = placeOf(term);
      const left: Term = { kind: 'name', name: name(term), ...place };
      lifted.push({ kind: 'unify', left, right: term, ...place });
      return left;
    }
    if (term.kind === 'call') return { ...term, args: term.args.map(lift) };
    if (term.kind === 'array' || term.kind === 'set') return { ...term, items: term.items.map(lift) };
    if (term.kind === 'object') return { ...term, entries: term.entries.map(([k, v]) => [lift(k), lift(v)] as const) };
    return term;
  };
  const rest: Statement =
    statement.kind === 'test'
      ? { ...statement, term: lift(statement.term) }
      : statement.kind === 'unify' || statement.kind === 'assign'
        ? { ...statement, left: lift(statement.left), right: lift(statement.right) }
        : statement;
  return [...lifted, rest];
}

function partsOf(term: Term): readonly Term[] {
  if (term.kind === 'ref') return [term.base, ...term.path];
  if (term.kind === 'call') return term.args;
  if (term.kind === 'array' || term.kind === 'set') return term.items;
  return term.kind === 'object' ? term.entries.flat() : [];
}

const namesIn = (term: Term): readonly string[] =>
  term.kind === 'name' ? [term.name] : partsOf(term).flatMap(namesIn);

/** Names in brackets of references. */
const bracketed = (term: Term): readonly string[] =>
  term.kind === 'ref' ? [...bracketed(term.base), ...term.path.flatMap(namesIn)] : partsOf(term).flatMap(bracketed);

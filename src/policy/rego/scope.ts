/** The variables of a body, and which body they belong to: a name that no body declares belongs to the outermost that uses it. */
import type { Body, Statement, Term } from './syntax.js';

/** Numbers the variables of one definition. */
export class Frame {
  size = 0;

  next(): number {
    return this.size++;
  }
}

export class Scope {
  readonly #slots = new Map<string, number>();
  readonly #own = new Set<number>();

  readonly #frame: Frame;
  readonly #parent: Scope | undefined;

  constructor(frame: Frame, parent?: Scope) {
    this.#frame = frame;
    this.#parent = parent;
  }

  get own(): ReadonlySet<number> {
    return this.#own;
  }

  declares(name: string): boolean {
    return this.#slots.has(name);
  }

  declare(name: string): number {
    const slot = this.fresh();
    this.#slots.set(name, slot);
    return slot;
  }

  /** A variable without a name. */
  fresh(): number {
    const slot = this.#frame.next();
    this.#own.add(slot);
    return slot;
  }

  find(name: string): number | undefined {
    return this.#slots.get(name) ?? this.#parent?.find(name);
  }
}

/** Names that stand in the statements themselves, not in comprehensions or bodies of `every` within them. */
export function namesUsed(body: Body): ReadonlySet<string> {
  const out = new Set<string>();
  const visitTerm = (term: Term | undefined): void => {
    if (!term) return;
    if (term.kind === 'name') out.add(term.name);
    else if (term.kind === 'ref') [term.base, ...term.path].forEach(visitTerm);
    else if (term.kind === 'call') term.args.forEach(visitTerm);
    else if (term.kind === 'array' || term.kind === 'set') term.items.forEach(visitTerm);
    else if (term.kind === 'object') term.entries.flat().forEach(visitTerm);
  };
  const visit = (statement: Statement): void => {
    if (statement.kind === 'test') visitTerm(statement.term);
    else if (statement.kind === 'not') visit(statement.statement);
    else if (statement.kind === 'iterate' || statement.kind === 'every') visitTerm(statement.domain);
    else if (statement.kind !== 'some') [statement.left, statement.right].forEach(visitTerm);
  };
  body.forEach(visit);
  return out;
}

/** Variables of a pattern that is assigned: `[x, {"a": y}] := …` */
export function namesOfPattern(term: Term): readonly string[] {
  if (term.kind === 'name') return [term.name];
  if (term.kind === 'array') return term.items.flatMap(namesOfPattern);
  if (term.kind === 'object') return term.entries.flatMap(([, value]) => namesOfPattern(value));
  return [];
}

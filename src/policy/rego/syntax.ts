/** The syntax tree of a Rego module, names not yet resolved. */
import { FormatError } from '#base';
import type { Value } from './value.js';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Term = Place &
  (
    | { readonly kind: 'value'; readonly value: Value }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'ref'; readonly base: Term; readonly path: readonly Term[] }
    | { readonly kind: 'call'; readonly name: readonly string[]; readonly args: readonly Term[] }
    | { readonly kind: 'array' | 'set'; readonly items: readonly Term[] }
    | { readonly kind: 'object'; readonly entries: readonly (readonly [Term, Term])[] }
    | Collection
  );

/** A comprehension. */
export interface Collection extends Place {
  readonly kind: 'collect';
  readonly into: 'array' | 'set' | 'object';
  readonly key?: Term;
  readonly value: Term;
  readonly body: Body;
}

export type Body = readonly Statement[];

export type Statement = Place &
  (
    | { readonly kind: 'test'; readonly term: Term }
    /** `closed`: it may bind the left side only. */
    | { readonly kind: 'unify' | 'assign'; readonly left: Term; readonly right: Term; readonly closed?: boolean }
    | { readonly kind: 'not'; readonly statement: Statement }
    | { readonly kind: 'some'; readonly names: readonly string[] }
    | { readonly kind: 'iterate'; readonly key?: Term; readonly value: Term; readonly domain: Term }
    | { readonly kind: 'every'; readonly key?: Term; readonly value: Term; readonly domain: Term; readonly body: Body }
  );

/** One alternative of a rule; `otherwise` is tried when its body has no solution. */
export interface Clause extends Place {
  readonly value: Term;
  readonly body: Body;
  readonly otherwise?: Clause;
}

export type RuleKind = 'complete' | 'function' | 'set' | 'object';

export interface Rule extends Place {
  readonly kind: RuleKind;
  readonly name: string;
  readonly isDefault: boolean;
  readonly args: readonly Term[];
  readonly key?: Term;
  readonly clause: Clause;
}

export interface Import extends Place {
  readonly path: readonly string[];
  readonly alias: string;
}

export interface Module {
  readonly package: readonly string[];
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
}

export function mistake({ line, column }: Place, problem: string): FormatError {
  return new FormatError(`line ${line}, column ${column}: ${problem}`);
}

export const placeOf = ({ line, column }: Place): Place => ({ line, column });

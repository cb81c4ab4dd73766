/** What is evaluated: terms and statements with every name resolved; variables are places (slots) of a frame. */
import type { Place, RuleKind } from './syntax.js';
import type { Value } from './value.js';

export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  | ({ readonly kind: 'slot'; readonly slot: number; readonly name: string } & Place)
  | { readonly kind: 'input' }
  | ({ readonly kind: 'rule'; readonly name: string } & Place)
  | { readonly kind: 'ref'; readonly base: Expression; readonly path: readonly Expression[] }
  | ({ readonly kind: 'builtin'; readonly name: string; readonly args: readonly Expression[] } & Place)
  | ({ readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] } & Place)
  | { readonly kind: 'array' | 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | (Place & {
      readonly kind: 'collect';
      readonly into: 'array' | 'set' | 'object';
      readonly key?: Expression;
      readonly value: Expression;
      readonly body: Block;
    });

/** Statements in the order of their evaluation, which `orderBlock` decides. */
export interface Block {
  steps: readonly Step[];
  /** The slots that belong to this block, all others are of blocks around it. */
  readonly own: ReadonlySet<number>;
}

export type Step = Place &
  (
    | { readonly kind: 'test'; readonly term: Expression }
    /** `closed`: it may bind the left side only. */
    | {
        readonly kind: 'unify';
        readonly left: Expression;
        readonly right: Expression;
        readonly closed?: boolean;
      }
    | { readonly kind: 'not'; readonly step: Step }
    | { readonly kind: 'iterate'; readonly key?: Expression; readonly value: Expression; readonly domain: Expression }
    | {
        readonly kind: 'every';
        readonly key?: Expression;
        readonly value: Expression;
        readonly domain: Expression;
        readonly own: ReadonlySet<number>;
        readonly body: Block;
      }
    | { readonly kind: 'print'; readonly args: readonly Expression[] }
  );

export interface Alternative extends Place {
  readonly value: Expression;
  readonly body: Block;
  readonly otherwise?: Alternative;
}

/** One definition of a rule; a rule may have many. */
export interface Definition extends Place {
  /** How many slots a frame needs. */
  readonly slots: number;
  readonly args: readonly Expression[];
  readonly key?: Expression;
  readonly first: Alternative;
}

export interface ResolvedRule {
  readonly kind: RuleKind;
  readonly name: string;
  readonly arity: number;
  readonly definitions: readonly Definition[];
  readonly fallback?: Definition;
}

export interface Program {
  readonly rules: ReadonlyMap<string, ResolvedRule>;
}

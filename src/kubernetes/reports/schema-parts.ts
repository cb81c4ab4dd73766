/** What definitions of custom resources are made of. */
import type { Schema } from '../definitions/definition.js';

export { flag, object, type Schema, time } from '../definitions/definition.js';

export const text: Schema = { type: 'string' };
export const count: Schema = { type: 'integer', minimum: 0 };

export const list = (items: Schema): Schema => ({ type: 'array', items });
/** Anything. */
export const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** Shown by `-o wide` only. */
  readonly priority?: 1;
}

export interface Definition {
  readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
  readonly scope?: 'Cluster' | 'Namespaced';
  readonly about: string;
  readonly columns: readonly Column[];
  readonly report: Schema;
}

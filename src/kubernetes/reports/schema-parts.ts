/** What definitions of custom resources are made of. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const time: Schema = { type: 'string', format: 'date-time' };
export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', minimum: 0 };

export const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  ...(required.length > 0 && { required }),
  properties,
});
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
  /** `aquasecurity.github.io` without. */
  readonly group?: string;
  readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
  readonly scope?: 'Cluster' | 'Namespaced';
  readonly about: string;
  readonly columns: readonly Column[];
  readonly report?: Schema;
  /** Name and schema of what is not a report. */
  readonly body?: readonly [name: string, schema: Schema];
  readonly status?: Schema;
}

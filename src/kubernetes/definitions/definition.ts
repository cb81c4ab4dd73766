/**
 * The parts that definitions of custom resources are made of, as data; `scripts/crds.mjs` writes them to deploy/crds.
 * Source  https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
export type Schema = Readonly<Record<string, unknown>>;

const MAX_TEXT = 1000;
const MAX_ELEMENTS = 1000;

export const anyText: Schema = { type: 'string' };
export const time: Schema = { type: 'string', format: 'date-time' };
export const flag: Schema = { type: 'boolean' };
/** As `TableReader` takes it. */
export const text: Schema = { type: 'string', minLength: 1, maxLength: MAX_TEXT };

export const described = (schema: Schema, description: string): Schema => ({ ...schema, description });

export const listOf = (items: Schema, description?: string): Schema => ({
  type: 'array',
  maxItems: MAX_ELEMENTS,
  ...(description && { description }),
  items,
});

export const number = (minimum: number, maximum: number, description?: string): Schema => ({
  type: 'number',
  minimum,
  maximum,
  ...(description && { description }),
});

export const oneOf = (values: readonly string[], more: Schema = {}): Schema => ({
  type: 'string',
  enum: values,
  ...more,
});

export const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  ...(required.length > 0 && { required }),
  properties,
});

/** A date, which is its whole day in UTC, or a time. */
export const expiry: Schema = {
  type: 'string',
  description: 'a date, which is its whole day in UTC, or a time',
  maxLength: 40,
  pattern: String.raw`^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$`,
};

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
  /** Shown by `-o wide` only. */
  readonly priority?: 1;
}

export interface ResourceDefinition {
  readonly kind: string;
  readonly shortNames?: readonly string[];
  readonly about: string;
  readonly columns: readonly Column[];
  readonly spec: Schema;
  /** With it, the status is a subresource. */
  readonly status?: Schema;
}

/** Of the group `pratique.dev`. */
export function defineCustomResource({ kind, shortNames, about, columns, spec, status }: ResourceDefinition): Schema {
  const singular = kind.toLowerCase();
  const plural = singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.pratique.dev`, labels: { 'app.kubernetes.io/managed-by': 'pratique' } },
    spec: {
      group: 'pratique.dev',
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames && { shortNames }) },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          ...(status && { subresources: { status: {} } }),
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: about,
              required: ['spec'],
              properties: {
                apiVersion: anyText,
                kind: anyText,
                metadata: { type: 'object' },
                spec,
                ...(status && { status }),
              },
            },
          },
        },
      ],
    },
  };
}

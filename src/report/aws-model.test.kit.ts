/**
 * Checks a value by a model of an Amazon API as its kits carry it: types of members, which are required, and none that
 * the model does not know.
 */
import assert from 'node:assert/strict';

export interface AwsModel {
  readonly operations: Readonly<Record<string, { readonly input: AwsShape }>>;
  readonly shapes: Readonly<Record<string, AwsShape>>;
}

/** A text when there is no type. */
export interface AwsShape {
  readonly shape?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, AwsShape>>;
  readonly member?: AwsShape;
  readonly value?: AwsShape;
}

const plain: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  double: 'number',
  integer: 'number',
  long: 'number',
  string: 'string',
  timestamp: 'string',
};

export function assertAwsShape(model: AwsModel, reference: AwsShape, value: unknown, path: string): void {
  const shape = reference.shape === undefined ? reference : model.shapes[reference.shape]!;
  const { type = 'string', required = [], members = {}, member, value: each } = shape;
  if (type === 'list') {
    assert.ok(Array.isArray(value), `${path} is a list`);
    for (const [i, element] of value.entries()) assertAwsShape(model, member!, element, `${path}[${i}]`);
  } else if (type === 'map') {
    for (const [key, element] of Object.entries(value as object))
      assertAwsShape(model, each!, element, `${path}.${key}`);
  } else if (type === 'structure') {
    for (const key of required) assert.ok((value as Record<string, unknown>)[key] !== undefined, `${path}.${key}`);
    for (const [key, element] of Object.entries(value as object)) {
      assert.ok(Object.hasOwn(members, key), `${path}.${key} is not in the model`);
      assertAwsShape(model, members[key]!, element, `${path}.${key}`);
    }
  } else assert.equal(typeof value, plain[type], `${path} is ${type}`);
}

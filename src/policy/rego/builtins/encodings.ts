/** Types, JSON, base64, semantic versions, debugging, and the library that policies over findings import. */
import { scheme } from '#versions';
import { cvssMetrics } from '../../cvss-metrics.js';
import { fromJson, RegoObject, textOf, typeOf, type Value } from '../value.js';
import { builtin, BuiltinFailure, type Builtins, isType, text } from './builtin.js';

export const encodings: Builtins = {
  is_array: isType('array'),
  is_boolean: isType('boolean'),
  is_null: isType('null'),
  is_number: isType('number'),
  is_object: isType('object'),
  is_set: isType('set'),
  is_string: isType('string'),
  type_name: builtin(1, (_, value) => typeOf(value)),
  'json.marshal': builtin(1, (_, value) => textOf(value, 'json').replace(/[<>&\u2028\u2029]/g, escaped)),
  'json.unmarshal': builtin(1, (_, value) => unmarshal(text(value))),
  'json.is_valid': builtin(1, (_, value) => typeof value === 'string' && tried(() => unmarshal(value))),
  'base64.encode': builtin(1, (_, value) => Buffer.from(text(value)).toString('base64')),
  'base64.decode': builtin(1, (_, value) => fromBase64(text(value))),
  'base64.is_valid': builtin(1, (_, value) => tried(() => fromBase64(text(value)))),
  'semver.compare': builtin(2, (_, a, b) => compareVersions(text(a), text(b))),
  'semver.is_valid': builtin(1, (_, value) => typeof value === 'string' && semantic.test(value)),
  trace: builtin(1, ({ print }, note) => {
    print(text(note));
    return true;
  }),
  'data.lib.trivy.parse_cvss_vector_v3': builtin(1, (_, vector) => new RegoObject(cvssMetrics(text(vector)))),
};

/** A `v` may come before. https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string */
const semantic =
  /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/** As JSON that may stand in HTML. */
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

function compareVersions(a: string, b: string): Value {
  for (const version of [a, b])
    if (!semantic.test(version))
      throw new BuiltinFailure(`${JSON.stringify(version.slice(0, 100))} is no semantic version`);
  return Math.sign(scheme('semver').compare(a, b)!);
}

function unmarshal(json: string): Value {
  try {
    return fromJson(JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw new BuiltinFailure('the string is no JSON');
    throw error;
  }
}

function fromBase64(word: string): Value {
  if (word.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(word))
    throw new BuiltinFailure('the string is no base64');
  return Buffer.from(word, 'base64').toString();
}

function tried(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof BuiltinFailure) return false;
    throw error;
  }
}

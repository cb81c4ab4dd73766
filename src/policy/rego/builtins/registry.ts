/** All built-in functions by name, and those that a policy over findings may not call. */
import { arithmetic } from './arithmetic.js';
import type { Builtin } from './builtin.js';
import { collections } from './collections.js';
import { encodings } from './encodings.js';
import { patterns } from './patterns.js';
import { strings } from './strings.js';
import { time } from './time.js';

export const builtins: ReadonlyMap<string, Builtin> = new Map(
  [arithmetic, collections, encodings, patterns, strings, time].flatMap((table) => Object.entries(table)),
);

const network = 'a policy makes no requests';
const environment = 'a policy sees the finding alone';
export const refused: ReadonlyMap<string, string> = new Map([
  ['http.send', network],
  ['net.lookup_ip_addr', network],
  ['opa.runtime', environment],
  ['rego.parse_module', environment],
  ['rand.intn', 'a policy decides the same each time'],
  ['uuid.rfc4122', 'a policy decides the same each time'],
]);

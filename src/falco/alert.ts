/**
 * One alert of Falco, as its `http_output` posts it with `json_output`.
 * Reads   JSON: `rule`, `priority`, `time` and `output_fields` are needed.
 * Yields  texts of bounded length; fields that are neither text, number nor boolean are left out.
 * Limits  the size of the text is its reader's; 256 fields, 4096 characters of a text.
 * Errors  `FormatError`.
 * Source  https://falco.org/docs/concepts/outputs/formatting/, https://falco.org/docs/concepts/outputs/channels/#http-output
 */
import { FormatError } from '#base';

export const priorities = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;
export type Priority = (typeof priorities)[number];

export interface Alert {
  readonly time: string;
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  readonly hostname: string;
  readonly output: string;
  readonly fields: ReadonlyMap<string, string>;
}

const MAX_FIELDS = 256;
const MAX_TEXT = 4096;

export function readAlert(bytes: Uint8Array): Alert {
  const root = object(parse(bytes), 'the alert');
  const rule = text(root, 'rule');
  if (rule === '') throw new FormatError('rule is missing');
  const time = text(root, 'time');
  if (Number.isNaN(Date.parse(time))) throw new FormatError('time is no time');
  const fields = Object.entries(object(own(root, 'output_fields'), 'output_fields'));
  if (fields.length > MAX_FIELDS) throw new FormatError(`output_fields has more than ${MAX_FIELDS} fields`);
  return {
    time,
    rule,
    priority: readPriority(text(root, 'priority')),
    source: text(root, 'source') || 'syscall',
    hostname: text(root, 'hostname'),
    output: text(root, 'output'),
    fields: new Map(
      fields.flatMap(([name, value]) => (isPlain(value) ? [[name.slice(0, MAX_TEXT), cut(String(value))]] : [])),
    ),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FormatError('not JSON', { cause });
  }
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(`${what} is no object`);
  return value as Json;
}

const own = (root: Json, key: string): unknown => (Object.hasOwn(root, key) ? root[key] : undefined);

/** Empty when it is missing. */
function text(root: Json, key: string): string {
  const value = own(root, key) ?? '';
  if (typeof value !== 'string') throw new FormatError(`${key} is no text`);
  return cut(value);
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const cut = (value: string): string => (value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value);

function readPriority(given: string): Priority {
  const lower = given.toLowerCase();
  const found = priorities.find((one) => one.toLowerCase() === (lower === 'info' ? 'informational' : lower));
  if (found === undefined) throw new FormatError('priority is none that Falco knows');
  return found;
}

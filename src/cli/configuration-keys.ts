/** Which keys of the configuration file mean something, and what the user is told of the others. */
import { PratiqueError } from '#base';
import type { Log } from '#platform';
import type { Configuration } from './configuration.js';
import { nearest } from './nearest.js';
import type { OptionSpec } from './option.js';
import { optionTable } from './option-table.js';
import { laterKeys } from './later-options.js';

/** Unknown keys are warned about, not refused: files written for other versions go on working. */
export function warnOfKeys(configuration: Configuration, log: Log): void {
  const specs: readonly OptionSpec[] = Object.values(optionTable);
  const known = new Map(specs.flatMap((spec) => (spec.key ? [[spec.key.toLowerCase(), spec] as const] : [])));
  const prefixes = specs.filter((spec) => spec.type === 'map').map((spec) => `${spec.key!.toLowerCase()}.`);
  const later: string[] = [];
  for (const key of configuration.values.keys()) {
    if (known.has(key) || prefixes.some((prefix) => key.startsWith(prefix))) continue;
    const parent = parentOf(key, known);
    if (parent !== undefined) throw misplaced(configuration, key, parent, known.get(parent)!);
    if (laterKeys.some((other) => key === other || key.startsWith(`${other}.`) || key.startsWith(`${other}[`))) {
      later.push(key);
      continue;
    }
    const near = nearest(key, [...known.keys()]);
    log.warn(`unknown key in the configuration${near ? `; did you mean ${near}?` : ''}`, {
      path: configuration.path,
      key,
      line: configuration.lines.get(key),
    });
  }
  if (later.length > 0)
    log.warn('keys in the configuration that are not available yet', { path: configuration.path, keys: later.join() });
}

/** The option under whose key a mapping, or a list of more than texts, stands. */
function parentOf(key: string, known: ReadonlyMap<string, unknown>): string | undefined {
  for (let end = key.search(/[.[]/); end > 0 && end < key.length;) {
    if (known.has(key.slice(0, end))) return key.slice(0, end);
    const next = key.slice(end + 1).search(/[.[]/);
    if (next < 0) return undefined;
    end += next + 1;
  }
  return undefined;
}

function misplaced({ path, lines }: Configuration, key: string, parent: string, spec: OptionSpec): PratiqueError {
  const expected = spec.type === 'list' || spec.type === 'texts' ? 'a list of texts' : 'a single value';
  return new PratiqueError('config/invalid', {
    path,
    problem: `line ${lines.get(key) ?? 1}: ${parent} must be ${expected}`,
  });
}

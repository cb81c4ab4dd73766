/** Option values of a command by precedence: command line, environment (PRATIQUE_ before TRIVY_), configuration, default. */
import type { Environment } from '#platform';
import type { OptionSpec } from './option.js';
import { defaultValue, toValue, type OptionValue } from './option-value.js';
import { optionTable, type OptionName } from './option-table.js';

export interface Resolved {
  readonly values: Readonly<Record<string, OptionValue>>;
  readonly explicit: ReadonlySet<OptionName>;
}

export interface OptionSources {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly env: Environment;
  /** Texts by dotted key. */
  readonly configuration: ReadonlyMap<string, readonly string[]>;
  readonly configurationPath: string;
  readonly defaults: Readonly<Record<string, OptionValue | undefined>>;
}

export function resolveOptions(names: readonly OptionName[], sources: OptionSources): Resolved {
  const values: Record<string, OptionValue> = {};
  const explicit = new Set<OptionName>();
  for (const name of names) {
    const spec: OptionSpec = optionTable[name];
    const found = find(name, spec, sources);
    if (found) explicit.add(name);
    values[name] = found ? toValue(spec, found.texts, found.label) : (sources.defaults[name] ?? defaultValue(spec));
  }
  return { values, explicit };
}

function find(
  name: string,
  spec: OptionSpec,
  sources: OptionSources,
): { texts: readonly string[]; label: string } | undefined {
  const given = sources.given.get(name);
  if (given) return { texts: given, label: `--${name}` };
  if (!spec.noEnvironment) {
    for (const variable of variablesOf(name, spec)) {
      const value = sources.env[variable];
      if (value !== undefined && value !== '') return { texts: [value], label: variable };
    }
  }
  const key = spec.key;
  const configured = key === undefined ? undefined : sources.configuration.get(key.toLowerCase());
  return configured && { texts: configured, label: `${key} in ${sources.configurationPath}` };
}

/** Names in the order they count. */
export function variablesOf(name: string, spec: OptionSpec): string[] {
  const upper = [name, ...(spec.aliases ?? [])].map((n) => n.toUpperCase().replaceAll('-', '_'));
  return [...upper.map((n) => `PRATIQUE_${n}`), ...upper.map((n) => `TRIVY_${n}`)];
}

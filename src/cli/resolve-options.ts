/** Option values of a command by precedence: command line, environment (PRATIQUE_ before TRIVY_), configuration, default. */
import { PratiqueError } from '#base';
import type { Environment } from '#platform';
import type { Configuration } from './configuration.js';
import type { OptionSpec } from './option.js';
import { defaultValue, splitList, toValue, type OptionValue } from './option-value.js';
import { optionTable, type OptionName } from './option-table.js';

export interface Resolved {
  readonly values: Readonly<Record<string, OptionValue>>;
  readonly explicit: ReadonlySet<OptionName>;
}

export interface OptionSources {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly env: Environment;
  /** By dotted key. */
  readonly configuration: Configuration['values'];
  readonly configurationPath: string;
  readonly configurationLines?: Configuration['lines'];
  readonly defaults: Readonly<Record<string, OptionValue | undefined>>;
}

export function resolveOptions(names: readonly OptionName[], sources: OptionSources): Resolved {
  const values: Record<string, OptionValue> = {};
  const explicit = new Set<OptionName>();
  for (const name of names) {
    const spec = allowing(optionTable[name], sources.defaults[name]);
    const found = find(name, spec, sources);
    if (found !== undefined) explicit.add(name);
    values[name] = found ?? sources.defaults[name] ?? defaultValue(spec);
  }
  return { values, explicit };
}

/** What a command takes by default, it takes from the user, too. */
function allowing(spec: OptionSpec, byDefault: OptionValue | undefined): OptionSpec {
  if (!spec.values || !Array.isArray(byDefault)) return spec;
  return { ...spec, values: [...new Set([...spec.values, ...(byDefault as readonly string[])])] };
}

function find(name: string, spec: OptionSpec, sources: OptionSources): OptionValue | undefined {
  const { given, env, configuration, configurationPath, configurationLines } = sources;
  const onLine = given.get(name);
  if (onLine) return toValue(spec, onLine, `--${name}`);
  if (!spec.noEnvironment && !spec.configurationOnly) {
    for (const variable of variablesOf(name, spec)) {
      const value = env[variable];
      if (value) return toValue(spec, [value], variable);
    }
    if (spec.setBy?.some((variable) => env[variable])) return true;
  }
  const key = spec.key?.toLowerCase();
  if (key === undefined) return undefined;
  if (spec.type === 'map') return below(`${key}.`, configuration);
  const configured = configuration.get(key);
  const line = configurationLines?.get(key) ?? 1;
  const label = `${spec.key} in ${configurationPath}:${line}`;
  if (typeof configured === 'string') return toValue(spec, [configured], label);
  if (configured && spec.type !== 'list' && spec.type !== 'texts')
    throw new PratiqueError('config/invalid', {
      path: configurationPath,
      problem: `line ${line}: ${spec.key} must be a single value`,
    });
  return configured && toValue(spec, configured, label, true);
}

function below(prefix: string, configuration: OptionSources['configuration']): OptionValue | undefined {
  const found = [...configuration].filter(([key]) => key.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    found.map(([key, texts]) => [key.slice(prefix.length), typeof texts === 'string' ? splitList(texts) : texts]),
  );
}

/** Names in the order they count. */
export function variablesOf(name: string, spec: OptionSpec): string[] {
  const upper = [name, ...(spec.aliases ?? [])].map((n) => n.toUpperCase().replaceAll('-', '_'));
  return [...upper.map((n) => `PRATIQUE_${n}`), ...upper.map((n) => `TRIVY_${n}`)];
}

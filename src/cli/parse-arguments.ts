/**
 * Splits a command line into options and arguments, by the tokens of node:util's parseArgs.
 * Booleans take `--flag`, `--flag=true`, `--flag=false`; lists may repeat and hold commas.
 */
import { PratiqueError } from '#base';
import { laterOption } from './later-options.js';
import { nearest } from './nearest.js';
import type { OptionSpec } from './option.js';

export interface ParsedArguments {
  /** Raw texts by option name, in the order given. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly args: readonly string[];
  readonly help: boolean;
}

export function parseArguments(
  argv: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
  command: string,
): ParsedArguments {
  const names = new Map<string, string>();
  const config: Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> = {
    help: { type: 'boolean', short: 'h', multiple: true },
  };
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.configurationOnly) continue;
    const type = spec.type === 'flag' ? ('boolean' as const) : ('string' as const);
    for (const spelling of [name, ...(spec.aliases ?? [])]) {
      names.set(spelling, name);
      config[spelling] =
        spec.short && spelling === name ? { type, short: spec.short, multiple: true } : { type, multiple: true };
    }
  }
  // Not imported: as an ES module it reads each of its exports, which loads much that is not needed.
  const { parseArgs } = process.getBuiltinModule('node:util');
  const { tokens } = parseArgs({
    args: [...argv],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const args: string[] = [];
  let help = false;
  let last = -1;
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    // `-f=json`, which the runtime takes for the value `=json`, or for a row of flags.
    const attached = /^-[^-]=(.*)$/s.exec(argv[token.index]!)?.[1];
    if (attached !== undefined && token.index === last) continue;
    last = token.index;
    const name = names.get(token.name);
    if (token.name === 'help') help ||= (attached ?? token.value ?? 'true') !== 'false';
    else if (name === undefined) throw unknownOption(token.rawName, [...names.keys()], command);
    else push(given, name, optionText(specs[name]!, attached ?? token.value, token.rawName));
  }
  return { given, args, help };
}

function optionText(spec: OptionSpec, value: string | undefined, rawName: string): string {
  if (spec.type === 'flag') return value ?? 'true';
  if (value === undefined) throw new PratiqueError('usage/invalid', { problem: `${rawName} needs a value` });
  return value;
}

function unknownOption(rawName: string, known: readonly string[], command: string): PratiqueError {
  const name = rawName.replace(/^-+/, '');
  const later = rawName.startsWith('--') ? laterOption(name) : undefined;
  if (later) return new PratiqueError('usage/invalid', { problem: later });
  const near = nearest(name, known);
  const advice = near ? `; did you mean --${near}?` : '';
  return new PratiqueError('usage/invalid', { problem: `pratique ${command} has no option ${rawName}${advice}` });
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

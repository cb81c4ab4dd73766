/**
 * Splits a command line into options and arguments, by the tokens of node:util's parseArgs.
 * Booleans take `--flag`, `--flag=true`, `--flag=false`; lists may repeat and hold commas.
 */
import { PratiqueError } from '#base';
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
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const name = names.get(token.name);
    if (token.name === 'help') help = true;
    else if (name === undefined) throw unknownOption(token.rawName, [...names.keys()], command);
    else push(given, name, optionText(specs[name]!, token.value, token.rawName));
  }
  return { given, args, help };
}

function optionText(spec: OptionSpec, value: string | undefined, rawName: string): string {
  if (spec.type === 'flag') return value ?? 'true';
  if (value === undefined) throw new PratiqueError('usage/invalid', { problem: `${rawName} needs a value` });
  return value;
}

function unknownOption(rawName: string, known: readonly string[], command: string): PratiqueError {
  const near = nearest(rawName.replace(/^-+/, ''), known);
  const advice = near ? `; did you mean --${near}?` : '';
  return new PratiqueError('usage/invalid', { problem: `pratique ${command} has no option ${rawName}${advice}` });
}

/** The known word with the smallest edit distance, when it is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (!best || distance < best.distance) best = { word: candidate, distance };
  }
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.word : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= Math.min(a.length, 64); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

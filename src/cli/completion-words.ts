/** What a shell completes: words of commands, and of their options; made from the tables. */
import type { Command } from './command.js';
import { globalOptions, optionTable } from './option-table.js';
import type { OptionSpec } from './option.js';

export interface CommandWords {
  /** The name and its aliases; of commands of several words, the first. */
  readonly words: readonly string[];
  /** The further words of the commands that share the first. */
  readonly below: readonly string[];
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** Arguments are files or directories. */
  readonly takesPath: boolean;
}

export interface OptionWords {
  readonly name: string;
  readonly short?: string;
  readonly about: string;
  readonly takes: 'nothing' | 'one of' | 'some of' | 'path' | 'text';
  readonly values: readonly string[];
}

export function completionWords(commands: readonly Command[]): readonly CommandWords[] {
  const byFirst = new Map<string, Command[]>();
  for (const command of commands) {
    const [first = ''] = command.name.split(' ');
    const others = byFirst.get(first);
    if (others) others.push(command);
    else byFirst.set(first, [command]);
  }
  return [...byFirst].map(([first, group]) => ({
    words: [first, ...group.flatMap(({ aliases = [] }) => aliases)],
    below: [...new Set(group.flatMap(({ name }) => name.split(' ').slice(1)))],
    about: group.map(({ about }) => about).join('; '),
    options: [...new Set(group.flatMap(({ options }) => [...options, ...globalOptions]))].flatMap(optionWords),
    takesPath: group.some(({ usage }) => /PATH|DIR|FILE|REPORT/.test(usage)),
  }));
}

/** Each option once, whichever commands take it. */
export function allOptions(commands: readonly CommandWords[]): readonly OptionWords[] {
  return [...new Map(commands.flatMap(({ options }) => options.map((option) => [option.name, option]))).values()];
}

function optionWords(name: keyof typeof optionTable): readonly OptionWords[] {
  const spec: OptionSpec = optionTable[name];
  if (spec.hidden || spec.configurationOnly) return [];
  return [
    {
      name,
      ...(spec.short !== undefined && { short: spec.short }),
      about: spec.about,
      takes: takes(spec),
      values: spec.values ?? [],
    },
  ];
}

function takes(spec: OptionSpec): OptionWords['takes'] {
  if (spec.type === 'flag') return 'nothing';
  if (spec.values) return spec.type === 'list' ? 'some of' : 'one of';
  return /FILE|DIR|PATH/.test(spec.placeholder ?? '') ? 'path' : 'text';
}

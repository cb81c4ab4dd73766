/** What a shell completes: words of commands, and of their options; made from the tables. */
import type { Command } from './command.js';
import { globalOptions, optionTable } from './option-table.js';
import type { OptionSpec } from './option.js';

export interface CommandWords {
  /** The name and its aliases; of a command of two words, the first. */
  readonly words: readonly string[];
  readonly second?: string;
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
  return commands.map((command) => {
    const [first = '', second] = command.name.split(' ');
    return {
      words: [first, ...(command.aliases ?? [])],
      ...(second !== undefined && { second }),
      about: command.about,
      options: [...new Set([...command.options, ...globalOptions])].flatMap(optionWords),
      takesPath: /PATH|DIR|FILE|REPORT/.test(command.usage),
    };
  });
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

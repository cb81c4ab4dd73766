/** The contract of a command: data, and a handler loaded when the command runs. */
import type { World } from '#platform';
import type { OptionSpec } from './option.js';
import type { GlobalOptions, OptionName, Options } from './option-table.js';

export interface CommandInput<N extends OptionName> {
  readonly options: Options<N> & GlobalOptions;
  /** Options set on the command line, in the environment or in the configuration. */
  readonly explicit: ReadonlySet<OptionName>;
  readonly args: readonly string[];
  readonly world: World;
  /** Every command of the program. */
  commands(): Promise<readonly Command[]>;
}

export interface Command<N extends OptionName = OptionName> {
  /** Words of the command; `db build` has two, `vex repo list` three. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly group: 'Scanning' | 'Management' | 'Utility';
  readonly about: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly options: readonly N[];
  /** Defaults that differ from the table's. */
  readonly defaults?: { readonly [K in N]?: Options<N>[K] };
  /** What help says of an option, where it means something else than for other commands. */
  readonly words?: { readonly [K in N]?: Pick<OptionSpec, 'about' | 'placeholder'> };
  /** Resolves to the exit code. */
  run(input: CommandInput<N>): Promise<number>;
}

export function defineCommand<const N extends OptionName>(command: Command<N>): Command<N> {
  return command;
}

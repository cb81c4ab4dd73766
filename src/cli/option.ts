/** What an option is: data from which parsing, help, environment, configuration and docs derive. */
/**
 * `list` takes values parted by commas, `texts` one value each time it is given; `map` holds lists by name and stands in
 * the configuration file only.
 */
export type OptionType = 'flag' | 'text' | 'texts' | 'list' | 'number' | 'duration' | 'size' | 'map';

export interface OptionSpec {
  readonly type: OptionType;
  readonly group: OptionGroup;
  /** One line, no full stop. */
  readonly about: string;
  readonly short?: string;
  /** Durations and sizes are written as the user would (`5m0s`). */
  readonly default: boolean | string | number | readonly string[] | Readonly<Record<string, never>>;
  /** Allowed values; lists are checked element by element. */
  readonly values?: readonly string[];
  /** Values of the reference that this program does not know yet. */
  readonly unavailable?: readonly string[];
  /** Other spellings of values. */
  readonly valueAliases?: Readonly<Record<string, string>>;
  /** Former names of the option. */
  readonly aliases?: readonly string[];
  /** Dotted key in the configuration file. */
  readonly key?: string;
  /** How the value is called in help. */
  readonly placeholder?: string;
  /** Not in the environment. */
  readonly noEnvironment?: boolean;
  /** Variables that set a flag when they hold anything. */
  readonly setBy?: readonly string[];
  /** Neither on the command line nor in the environment. */
  readonly configurationOnly?: boolean;
  readonly hidden?: boolean;
}

export const optionGroups = [
  'Scan',
  'Report',
  'Vulnerability',
  'Secret',
  'License',
  'Package',
  'Image',
  'Repository',
  'Kubernetes',
  'Registry',
  'Database',
  'Cache',
  'Clean',
  'Build',
  'Webhook',
  'Operator',
  'Falco',
  'Global',
] as const;
export type OptionGroup = (typeof optionGroups)[number];

/** Values by type: durations in milliseconds, sizes in bytes (decimal units), 0 for none. */
export type ValueOf<S extends OptionSpec> = S['type'] extends 'flag'
  ? boolean
  : S['type'] extends 'list' | 'texts'
    ? readonly string[]
    : S['type'] extends 'map'
      ? Readonly<Record<string, readonly string[]>>
      : S['type'] extends 'text'
        ? string
        : number;

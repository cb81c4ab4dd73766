/** Help texts, made from the tables of commands and options. */
import type { Command } from './command.js';
import type { OptionSpec } from './option.js';
import { optionGroups } from './option.js';
import { globalOptions, optionTable, type OptionName } from './option-table.js';

export function programHelp(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map((c) => names(c).length));
  const groups = (['Scanning', 'Management', 'Utility'] as const).map((group) => {
    const lines = commands.filter((c) => c.group === group).map((c) => `  ${names(c).padEnd(width)}  ${c.about}`);
    return lines.length > 0 ? `${group} commands\n${lines.join('\n')}\n` : '';
  });
  return [
    `pratique ${version}: vulnerability scanner and gatekeeper for container supply chains\n`,
    'Usage\n  pratique COMMAND [options] [TARGET]\n',
    ...groups.filter(Boolean),
    'Examples\n  pratique image python:3.12-alpine\n  pratique image --severity HIGH,CRITICAL --exit-code 1 IMAGE\n  pratique fs .\n',
    `${optionLines(globalOptions, 'Global options')}`,
    'Run `pratique COMMAND --help` for the options of a command.\n',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const sections = optionGroups.map((group) => {
    const own = command.options.filter((name) => optionTable[name].group === group);
    const list = group === 'Global' ? [...new Set([...own, ...globalOptions])] : own;
    return optionLines(list, `${group} options`, command);
  });
  return [
    `${command.about[0]!.toUpperCase()}${command.about.slice(1)}\n`,
    `Usage\n  pratique ${command.name} [options] ${command.usage}`.trimEnd() + '\n',
    ...(command.aliases?.length ? [`Aliases\n  ${command.aliases.join(', ')}\n`] : []),
    ...(command.examples.length ? [`Examples\n${command.examples.map((e) => `  pratique ${e}`).join('\n')}\n`] : []),
    ...sections.filter(Boolean),
  ].join('\n');
}

const names = (command: Command): string => [command.name, ...(command.aliases ?? [])].join(', ');

function optionLines(list: readonly OptionName[], title: string, command?: Command): string {
  const specs = list
    .map((name) => [name, specOf(name, command)] as const)
    .filter(([, spec]) => !spec.hidden && !spec.configurationOnly);
  if (specs.length === 0) return '';
  const left = specs.map(([name, spec]) => `${spec.short ? `-${spec.short}, ` : '    '}--${name}${placeholder(spec)}`);
  const width = Math.max(...left.map((text) => text.length));
  return `${title}\n${specs.map(([, spec], i) => `  ${left[i]!.padEnd(width)}  ${description(spec)}`).join('\n')}\n`;
}

/** As the command has it. */
function specOf(name: OptionName, command: Command | undefined): OptionSpec {
  const spec: OptionSpec = { ...optionTable[name], ...command?.words?.[name] };
  return withDefault(spec, command?.defaults?.[name] as OptionSpec['default'] | undefined);
}

/** Defaults of commands are values: of durations, milliseconds. */
function withDefault(spec: OptionSpec, own: OptionSpec['default'] | undefined): OptionSpec {
  if (own === undefined) return spec;
  return { ...spec, default: spec.type === 'duration' && typeof own === 'number' ? durationText(own) : own };
}

function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return seconds === 0 ? '' : `${seconds}s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${seconds % 60}s`;
}

function placeholder(spec: OptionSpec): string {
  if (spec.type === 'flag') return '';
  const words = {
    text: 'TEXT',
    texts: 'TEXT',
    list: 'LIST',
    number: 'N',
    duration: 'DURATION',
    size: 'SIZE',
    map: '',
  } as const;
  return ` ${spec.placeholder ?? words[spec.type]}`;
}

function description(spec: OptionSpec): string {
  const values = spec.values ? ` (${spec.values.join(', ')})` : '';
  const value = Array.isArray(spec.default) ? spec.default.join(',') : String(spec.default);
  const shown =
    spec.default === false || value === '' || value === '0' || value === spec.values?.join(',') ? '' : ` [${value}]`;
  return `${spec.about}${values}${shown}`;
}

/** `--generate-default-config`: a configuration file with the default of every key of a command, to be edited. */
import { PratiqueError } from '#base';
import { readIfPresent, writeAtomically, type World } from '#platform';
import { join } from 'node:path';
import type { Command } from './command.js';
import { globalOptions, optionTable } from './option-table.js';
import type { OptionSpec } from './option.js';

const FILE = 'trivy-default.yaml';

/** Keys whose default, once written down, means more than the same default unwritten; they are put into comments. */
const inComments: ReadonlySet<string> = new Set(['format', 'ignorefile', 'scan.scanners', 'table-mode']);

export async function writeDefaultConfiguration(command: Command, world: World): Promise<void> {
  const path = join(world.cwd, FILE);
  if (await readIfPresent(path, Infinity))
    throw new PratiqueError('file/unwritable', { path: FILE, reason: 'it exists already' });
  await writeAtomically(path, defaultConfiguration(command));
  world.log.info(`wrote ${FILE}`);
}

interface Node {
  readonly below: Map<string, Node>;
  spec?: OptionSpec;
  value?: OptionSpec['default'];
}

/** YAML text, keys in alphabetical order. */
export function defaultConfiguration(command: Command): string {
  const top: Node = { below: new Map() };
  for (const name of [...command.options, ...globalOptions]) {
    const spec: OptionSpec = optionTable[name];
    if (spec.key === undefined || spec.hidden) continue;
    let node = top;
    for (const part of spec.key.split('.')) {
      const next: Node = node.below.get(part) ?? { below: new Map() };
      node.below.set(part, next);
      node = next;
    }
    node.spec = spec;
    const own = (command.defaults as Record<string, OptionSpec['default']> | undefined)?.[name];
    // Defaults of commands are values: of durations, milliseconds.
    node.value = spec.type === 'duration' && typeof own === 'number' ? `${own / 1000}s` : (own ?? spec.default);
  }
  return lines(top, '').join('\n') + '\n';
}

function lines(node: Node, indent: string): string[] {
  const sorted = [...node.below].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([key, { below, spec, value }]) => [
    ...(spec
      ? [`${indent}# ${spec.about}`, `${indent}${inComments.has(spec.key ?? '') ? '# ' : ''}${key}: ${scalar(value)}`]
      : [`${indent}${key}:`]),
    ...lines({ below }, `${indent}  `),
  ]);
}

/** JSON is YAML. */
function scalar(value: OptionSpec['default'] | undefined): string {
  if (
    typeof value === 'string' &&
    /^[A-Za-z][\w.-]*$/.test(value) &&
    !/^(?:true|false|yes|no|on|off|null)$/i.test(value)
  )
    return value;
  return JSON.stringify(value);
}

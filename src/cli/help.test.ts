import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { defineCommand, type Command } from './command.js';
import { commands } from './commands/registry.js';
import { commandHelp, programHelp } from './help.js';
import { globalOptions, optionTable } from './option-table.js';
import type { OptionSpec } from './option.js';

const load = (): Promise<Command[]> => Promise.all(commands.map((command) => command.load()));

test('the program lists every command by group', async () => {
  const all = await load();
  const help = programHelp(all, '1.2.3');
  assert.match(help, /^pratique 1\.2\.3: /);
  for (const { name, aliases = [], about, group } of all) {
    const line = help.split('\n').find((text) => text.startsWith(`  ${[name, ...aliases].join(', ')} `));
    assert.ok(line !== undefined && line.endsWith(about), name);
    assert.ok(help.indexOf(`${group} commands`) < help.indexOf(line), name);
  }
});

test('a command lists its options and the global ones, once, with short names, values and defaults', async () => {
  for (const command of await load()) {
    const help = commandHelp(command);
    for (const name of [...command.options, ...globalOptions]) {
      const spec: OptionSpec = optionTable[name];
      const lines = help.split('\n').filter((line) => new RegExp(`^  (?:-\\w, |    )--${name}(?: |$)`).test(line));
      assert.equal(lines.length, spec.hidden || spec.configurationOnly ? 0 : 1, `${command.name} --${name}`);
    }
    for (const example of command.examples) assert.ok(help.includes(`  pratique ${example}\n`), command.name);
    assert.doesNotMatch(help, /undefined|\[object|\n\n\n/, command.name);
  }
  const image = commandHelp((await load())[0]!);
  assert.match(image, /-f, --format TEXT +format of the report \(.*table.*\) \[table\]/);
  assert.match(image, /--timeout DURATION +limit for the whole run \[5m0s\]/);
  assert.match(image, /-s, --severity LIST +severities to report \(a set, not a threshold\) \(UNKNOWN, .*CRITICAL\)\n/);
});

test('defaults are those of the command', async () => {
  const helpOf = async (name: string): Promise<string> =>
    commandHelp((await load()).find((command) => command.name === name)!);
  const operator = await helpOf('operator');
  assert.match(operator, /--listen \[HOST\]:PORT +address to listen at \[:8080\]\n/);
  assert.match(operator, /--scan-workers N +scans at the same time \[2\]\n/);
  assert.match(operator, /--timeout DURATION +limit for the whole run\n/);
  assert.match(await helpOf('kubernetes'), /--timeout DURATION +limit for the whole run \[1h0m0s\]\n/);
});

test('what an option means to a command is told in its words', async () => {
  const build = (await load()).find((command) => command.name === 'db build')!;
  assert.match(commandHelp(build), /-o, --output DIR +directory that the database is written to\n/);
});

test('a command without aliases, examples and options of its own', () => {
  const bare = defineCommand({
    name: 'bare',
    group: 'Utility',
    about: 'do little',
    usage: '',
    examples: [],
    options: [],
    run: () => Promise.resolve(0),
  });
  const help = commandHelp(bare as unknown as Command);
  assert.match(help, /^Do little\n\nUsage\n {2}pratique bare \[options\]\n\nGlobal options\n/);
});

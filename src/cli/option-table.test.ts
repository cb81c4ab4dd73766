import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { commands } from './commands/registry.js';
import { laterKeys, laterOption, laterOptions } from './later-options.js';
import type { OptionSpec } from './option.js';
import { globalOptions, optionTable, type OptionName } from './option-table.js';

const all = Object.entries(optionTable) as [OptionName, OptionSpec][];

test('one meaning per spelling, key and environment variable', () => {
  const spellings = (list: typeof all): string[] => list.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  // Another meaning on the command line of another command is no matter; the environment is one for all.
  const variables = spellings(all.filter(([, { noEnvironment }]) => !noEnvironment));
  assert.equal(new Set(variables).size, variables.length);
  assert.ok(!spellings(all).includes('help'));
  const keys = all.flatMap(([, { key }]) => (key ? [key.toLowerCase()] : []));
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.ok(!keys.some((other) => other.startsWith(`${key}.`)), key);
});

test('one meaning per letter and spelling within a command', async () => {
  for (const { load } of commands) {
    const { name, options } = await load();
    assert.equal(new Set(options).size, options.length, name);
    const list = [...new Set<OptionName>([...options, ...globalOptions])];
    const letters = list.flatMap((option) => (optionTable[option] as OptionSpec).short ?? []);
    assert.equal(new Set(letters).size, letters.length, name);
    const words = list.flatMap((option) => [option as string, ...((optionTable[option] as OptionSpec).aliases ?? [])]);
    assert.equal(new Set(words).size, words.length, name);
    assert.ok(!letters.includes('h'), name);
  }
});

test('texts of the table are one line without a full stop', () => {
  for (const [name, { about }] of all) assert.match(about, /^[^\n]*[^.\n]$/, name);
});

test('what is available is not announced for later', () => {
  for (const [name] of all) assert.equal(laterOption(name), undefined, name);
  assert.equal(laterOption('compliance'), '--compliance is not available yet');
  assert.equal(laterOption('toString'), undefined);
  for (const name of laterOptions) assert.equal(laterOption(name), `--${name} is not available yet`);
  assert.ok(laterKeys.includes('scan.maven.mirrors'));
});

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { commands } from './commands/registry.js';
import { configurationSchema } from './config-schema.js';
import { readConfiguration } from './configuration.js';
import { warnOfKeys } from './configuration-keys.js';
import { writeDefaultConfiguration } from './default-config.js';
import { globalOptions, optionTable, type OptionName } from './option-table.js';
import type { OptionSpec } from './option.js';
import { resolveOptions } from './resolve-options.js';

test('the written file means what no file means, for every command', async () => {
  for (const { load } of commands) {
    const command = await load();
    const place = await tempDirectory();
    const world = fakeWorld({ cwd: place.path });
    await writeDefaultConfiguration(command, world);
    const path = 'trivy-default.yaml';
    const configuration = await readConfiguration(path, true, world);
    world.written.log = '';
    warnOfKeys(configuration, world.log);
    assert.equal(world.written.log, '', command.name);
    const names: OptionName[] = [...command.options, ...globalOptions];
    const sources = { given: new Map(), env: {}, configurationPath: path, defaults: command.defaults ?? {} };
    const usual = resolveOptions(names, { ...sources, configuration: new Map() });
    const { values } = resolveOptions(names, { ...sources, configuration: configuration.values });
    assert.deepEqual(values, usual.values, command.name);
    const text = readFileSync(join(place.path, path), 'utf8');
    for (const name of names) {
      const { key, hidden }: OptionSpec = optionTable[name];
      if (key && !hidden) assert.match(text, new RegExp(`^ *(?:# )?${key.split('.').at(-1)!}:`, 'm'), name);
    }
    await place.remove();
  }
});

test('a file that is there stays', async () => {
  const place = await tempDirectory();
  const path = join(place.path, 'trivy-default.yaml');
  writeFileSync(path, 'mine');
  const command = await commands[0]!.load();
  await assert.rejects(writeDefaultConfiguration(command, fakeWorld({ cwd: place.path })), {
    code: 'file/unwritable',
    message: /exists already/,
  });
  assert.equal(readFileSync(path, 'utf8'), 'mine');
  await place.remove();
  assert.ok(!existsSync(path));
});

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
}

test('the schema has every key, described, with its default', () => {
  const schema = configurationSchema(optionTable) as Schema;
  for (const spec of Object.values(optionTable) as OptionSpec[]) {
    if (spec.key === undefined) continue;
    let at: Schema | undefined = schema;
    for (const part of spec.key.split('.')) at = at?.properties?.[part];
    assert.equal(at?.description, spec.about, spec.key);
    if (spec.default !== '') assert.deepEqual(at.default, spec.default, spec.key);
    if (spec.type === 'text' && spec.values) for (const value of spec.values) assert.ok(at.enum?.includes(value));
  }
  assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
});

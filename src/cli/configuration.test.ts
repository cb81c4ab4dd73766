import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { tempDirectory, type TempDirectory } from '#platform';
import { fakeWorld, type FakeWorld } from '#platform/fakes';
import { readConfiguration, type Configuration, type ConfiguredValue } from './configuration.js';
import { warnOfKeys } from './configuration-keys.js';

let place: TempDirectory;
before(async () => {
  place = await tempDirectory();
});
after(() => place.remove());

async function read(text: string | Uint8Array): Promise<Configuration> {
  writeFileSync(join(place.path, 'test.yaml'), text);
  return readConfiguration('test.yaml', true, fakeWorld({ cwd: place.path }));
}

test('values by dotted, lower-case key', async () => {
  const cases: Readonly<Record<string, Readonly<Record<string, ConfiguredValue>>>> = {
    '': {},
    '# nothing\n': {},
    '---\n': {},
    'severity: HIGH\n': { severity: 'HIGH' },
    'severity: [HIGH, LOW]\n': { severity: ['HIGH', 'LOW'] },
    'scan:\n  skip-dirs:\n    - "a,b"\n': { 'scan.skip-dirs': ['a,b'] },
    'Scan: {Parallel: 3}\n': { 'scan.parallel': '3' },
    'scan.parallel: 3\n': { 'scan.parallel': '3' },
    'severity:\nformat: ~\ntemplate: Null\noutput: ""\n': {},
    'exit-code: 007\ntimeout: 1e3\n': { 'exit-code': '007', timeout: '1e3' },
    'scan: {maven: {mirrors: [{source: a, targets: [b]}]}}\n': {
      'scan.maven.mirrors[0].source': 'a',
      'scan.maven.mirrors[0].targets': ['b'],
    },
    '__proto__: {severity: LOW}\nconstructor: x\n': { '__proto__.severity': 'LOW', constructor: 'x' },
  };
  for (const [text, values] of Object.entries(cases)) {
    const found = await read(text);
    assert.deepEqual([...found.values], Object.entries(values), text);
  }
});

test('which file is read', async () => {
  const cwd = join(place.path, 'project');
  mkdirSync(cwd);
  const of = async (path: string, named: boolean) => {
    const { path: found, values } = await readConfiguration(path, named, fakeWorld({ cwd }));
    return [found, values.get('severity')];
  };
  assert.deepEqual(await of('trivy.yaml', false), ['trivy.yaml', undefined]);
  await assert.rejects(of('trivy.yaml', true), { code: 'file/not-found', message: /^trivy\.yaml: no such file/ });
  writeFileSync(join(cwd, 'trivy.yaml'), 'severity: LOW\n');
  assert.deepEqual(await of('trivy.yaml', false), ['trivy.yaml', 'LOW']);
  writeFileSync(join(cwd, 'pratique.yaml'), 'severity: HIGH\n');
  assert.deepEqual(await of('trivy.yaml', false), ['pratique.yaml', 'HIGH']);
  assert.deepEqual(await of('trivy.yaml', true), ['trivy.yaml', 'LOW']);
  assert.deepEqual(await of(join(cwd, 'trivy.yaml'), true), [join(cwd, 'trivy.yaml'), 'LOW']);
  await assert.rejects(of(cwd, true), { code: 'file/unreadable' });
});

test('mistakes name the file and the line', async () => {
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ['a: [b\n', /^test\.yaml: not YAML: line \d$/],
    ['a: 1\na: 2\n', /^test\.yaml: not YAML: line 2$/],
    ['- a\n', /the top level is not a mapping$/],
    ['just text\n', /the top level is not a mapping$/],
    [Uint8Array.of(0xff, 0xfe, 0x61), /it is not UTF-8 text$/],
    ['x'.repeat(9_000_000), /too large$/],
  ];
  for (const [text, message] of cases)
    await assert.rejects(read(text), { code: 'config/invalid', message }, String(message));
});

test('any bytes are read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.string().map((s) => `scan: {${s}}`),
        fc.uint8Array(),
      ),
      async (text) => {
        await read(text).catch((error: unknown) => assert.ok(error instanceof PratiqueError, String(error)));
      },
    ),
    { numRuns: 60 },
  );
});

async function warned(text: string): Promise<FakeWorld['written']['log']> {
  const world = fakeWorld();
  warnOfKeys(await read(text), world.log);
  return world.written.log;
}

test('unknown keys are warned about, with the nearest known one', async () => {
  assert.equal(await warned('severity: [LOW]\nscan: {skip-dirs: a}\nregistry: {mirrors: {docker.io: [a]}}\n'), '');
  assert.match(
    await warned('severty: LOW\n'),
    /WARN\tunknown key in the configuration; did you mean severity\?.*key=severty line=1\n$/,
  );
  assert.match(await warned('scan: {skip-dir: LOW}\n'), /did you mean scan\.skip-dirs\?/);
  assert.match(
    await warned('nothing-like-it: 1\n'),
    /unknown key in the configuration\tpath=test\.yaml key=nothing-like-it line=1\n$/,
  );
  assert.doesNotMatch(await warned('"\\e[2J": 1\n'), /\u001b/);
});

test('keys of the reference that mean nothing here yet are named at once', async () => {
  const log = await warned('scan: {maven: {mirrors: [{source: a}]}}\nlicense: {forbidden: [a]}\n');
  assert.match(log, /^[^\n]*keys in the configuration that are not available yet[^\n]*scan\.maven\.mirrors[^\n]*\n$/);
});

test('a mapping or a list of mappings where a value belongs is an error', async () => {
  await assert.rejects(warned('severity: {HIGH: true}\n'), {
    message: /^test\.yaml: line 1: severity must be a list of texts$/,
  });
  await assert.rejects(warned('scan: {skip-dirs: [[a]]}\n'), { message: /scan\.skip-dirs must be a list of texts/ });
  await assert.rejects(warned('timeout: {a: {b: c}}\n'), { message: /timeout must be a single value/ });
});

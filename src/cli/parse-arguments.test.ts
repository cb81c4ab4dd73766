import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PratiqueError } from '#base';
import { laterOptions } from './later-options.js';
import type { OptionSpec } from './option.js';
import { parseArguments } from './parse-arguments.js';

const about = '';
const specs: Readonly<Record<string, OptionSpec>> = {
  severity: { type: 'list', group: 'Report', short: 's', default: [], about },
  format: { type: 'text', group: 'Report', short: 'f', default: '', about },
  quiet: { type: 'flag', group: 'Global', short: 'q', default: false, about },
  debug: { type: 'flag', group: 'Global', short: 'd', default: false, about },
  'skip-db-update': { type: 'flag', group: 'Database', default: false, aliases: ['skip-update'], about },
  'exit-code': { type: 'number', group: 'Report', default: 0, about },
  mirrors: { type: 'map', group: 'Registry', default: {}, configurationOnly: true, about },
};

const parse = (line: string): ReturnType<typeof parseArguments> =>
  parseArguments(line === '' ? [] : line.split(' '), specs, 'test');

test('command lines', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string[]>>, string[]])[] = [
    ['', {}, []],
    ['a b', {}, ['a', 'b']],
    ['--severity HIGH a', { severity: ['HIGH'] }, ['a']],
    ['--severity=HIGH,LOW --severity CRITICAL', { severity: ['HIGH,LOW', 'CRITICAL'] }, []],
    ['-s HIGH -sLOW -s=MEDIUM', { severity: ['HIGH', 'LOW', 'MEDIUM'] }, []],
    ['-f json', { format: ['json'] }, []],
    ['-f=json', { format: ['json'] }, []],
    ['-f=a=b', { format: ['a=b'] }, []],
    ['-f =x', { format: ['=x'] }, []],
    ['-f=', { format: [''] }, []],
    ['--format=', { format: [''] }, []],
    ['--format -', { format: ['-'] }, []],
    // A value may look like an option.
    ['--format --quiet', { format: ['--quiet'] }, []],
    ['--quiet a', { quiet: ['true'] }, ['a']],
    ['--quiet=false', { quiet: ['false'] }, []],
    ['-q=false a', { quiet: ['false'] }, ['a']],
    ['-qd', { quiet: ['true'], debug: ['true'] }, []],
    ['-qf json', { quiet: ['true'], format: ['json'] }, []],
    ['-qfjson', { quiet: ['true'], format: ['json'] }, []],
    ['--skip-update', { 'skip-db-update': ['true'] }, []],
    ['a --quiet -- --debug -x', { quiet: ['true'] }, ['a', '--debug', '-x']],
    ['--exit-code -1', { 'exit-code': ['-1'] }, []],
    ['-', {}, ['-']],
  ];
  for (const [line, given, args] of cases) {
    const parsed = parse(line);
    assert.deepEqual(Object.fromEntries(parsed.given), given, line);
    assert.deepEqual(parsed.args, args, line);
    assert.equal(parsed.help, false, line);
  }
});

test('help', () => {
  for (const line of ['--help', '-h', 'a -h', '-qh', '--help=true']) assert.equal(parse(line).help, true, line);
  for (const line of ['-- --help', '--help=false', '-h=false']) assert.equal(parse(line).help, false, line);
});

test('what is refused, and the advice', () => {
  const cases: Readonly<Record<string, RegExp>> = {
    '--severty HIGH': /^pratique test has no option --severty; did you mean --severity\?$/,
    '--skip-updates': /did you mean --skip-update\?/,
    '--nothing-like-it': /has no option --nothing-like-it$/,
    '-x': /has no option -x$/,
    '-qx': /has no option -x$/,
    '-x=1': /has no option -x$/,
    ...Object.fromEntries(laterOptions.map((name) => [`--${name}=x`, new RegExp(`^--${name} is not available yet$`)])),
    '--clear-cache': /^--clear-cache is no more: use the command clean --scan-cache$/,
    '--mirrors x': /has no option --mirrors/,
    '--format': /^--format needs a value$/,
    '-s': /^-s needs a value$/,
    '--__proto__ x': /has no option --__proto__/,
    '--constructor': /has no option --constructor/,
    '--toString': /has no option --toString/,
  };
  for (const [line, message] of Object.entries(cases)) {
    assert.throws(() => parse(line), { code: 'usage/invalid', message }, line);
  }
});

test('any line is read or refused', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--severity', '-s', '-q', '--quiet=', '-f=', '--', '-', '-q=x=y', '--=', '-=', '--__proto__=1'),
  );
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      try {
        parseArguments(argv, specs, 'test');
      } catch (error) {
        assert.ok(error instanceof PratiqueError && error.code === 'usage/invalid', String(error));
      }
    }),
  );
});

test('values survive', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      assert.deepEqual(parseArguments([`--format=${value}`], specs, 't').given.get('format'), [value]);
      assert.deepEqual(parseArguments([`-f=${value}`], specs, 't').given.get('format'), [value]);
      assert.deepEqual(parseArguments(['--format', value], specs, 't').given.get('format'), [value]);
      assert.deepEqual(parseArguments(['--', value], specs, 't').args, [value]);
    }),
  );
});

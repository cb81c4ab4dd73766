import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Command } from './command.js';
import { commands } from './commands/registry.js';
import { bashCompletion } from './completion-bash.js';
import { fishCompletion } from './completion-fish.js';
import { powershellCompletion } from './completion-powershell.js';
import { completionWords, type CommandWords } from './completion-words.js';
import { zshCompletion } from './completion-zsh.js';

const words = async (): Promise<readonly CommandWords[]> =>
  completionWords(await Promise.all(commands.map((command) => command.load())));

const has = (program: string): boolean => {
  try {
    return execFileSync(program, ['--version']).length > 0;
  } catch {
    return false;
  }
};

test('bash completes commands, options and values', { skip: !has('bash') }, async () => {
  const script = bashCompletion(await words());
  const complete = (line: string): string[] => {
    // As bash splits a line: the equals sign is a word of its own.
    const parts = line.split(/ |(?<==)|(?==)/).map((part) => `'${part}'`);
    const program = `${script}\nCOMP_WORDS=(${parts.join(' ')})\nCOMP_CWORD=${parts.length - 1}\n_pratique\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' }).split('\n').filter(Boolean);
  };
  assert.deepEqual(complete('pratique im'), ['image']);
  assert.deepEqual(complete('pratique re'), ['repository', 'repo']);
  assert.ok(complete('pratique --quiet ').includes('image'));
  assert.deepEqual(complete('pratique db b'), ['build']);
  assert.deepEqual(complete('pratique falco l'), ['listen']);
  assert.deepEqual(complete('pratique vex repo d'), ['download']);
  assert.deepEqual(complete('pratique image --sev'), ['--severity']);
  assert.deepEqual(complete('pratique i --severity H'), ['HIGH']);
  assert.deepEqual(complete('pratique i -s LOW,H'), ['LOW,HIGH']);
  assert.deepEqual(complete('pratique i --severity=H'), ['HIGH']);
  assert.deepEqual(complete('pratique i --format tab'), ['table']);
  assert.deepEqual(complete('pratique repo --bra'), ['--branch']);
  assert.deepEqual(complete('pratique image --bra'), []);
  assert.deepEqual(complete('pratique fs --output x'), []);
});

test('every command and visible option is in every script', async () => {
  const all = await words();
  const scripts = [bashCompletion, zshCompletion, fishCompletion, powershellCompletion].map((make) => make(all));
  for (const script of scripts) {
    for (const { words: names, options } of all) {
      for (const name of names) assert.match(script, new RegExp(`\\b${name}\\b`));
      for (const { name } of options) assert.match(script, new RegExp(`\\b${name}\\b`));
    }
    assert.doesNotMatch(script, /undefined|\[object|skip-version-check|mirrors=/);
  }
});

test('texts with quotes and brackets stay texts', () => {
  const hostile = completionWords([
    {
      name: 'x',
      group: 'Utility',
      about: `it's "quoted" $(touch /tmp/x) \`x\` [a]:b \\`,
      usage: '',
      examples: [],
      options: ['severity'],
      run: () => Promise.resolve(0),
    } as unknown as Command,
  ]);
  assert.match(zshCompletion(hostile), /'x:it'\\''s "quoted" \$\(touch/);
  assert.match(fishCompletion(hostile), /-d 'it\\'s "quoted" \$\(touch .* \\\\'\n/);
  assert.match(powershellCompletion(hostile), /'x' = 'it''s "quoted" \$\(touch/);
  if (has('bash')) execFileSync('bash', ['-n', '-c', bashCompletion(hostile)]);
  if (has('zsh')) execFileSync('zsh', ['-n', '-c', zshCompletion(hostile)]);
  if (has('fish')) execFileSync('fish', ['--no-execute', '-c', fishCompletion(hostile)]);
});

import { PratiqueError } from '#base';
import type { CommandWords } from '../completion-words.js';
import { defineCommand } from '../command.js';

const shells: Readonly<Record<string, () => Promise<(commands: readonly CommandWords[]) => string>>> = {
  bash: async () => (await import('../completion-bash.js')).bashCompletion,
  zsh: async () => (await import('../completion-zsh.js')).zshCompletion,
  fish: async () => (await import('../completion-fish.js')).fishCompletion,
  powershell: async () => (await import('../completion-powershell.js')).powershellCompletion,
};

export const completion = defineCommand({
  name: 'completion',
  group: 'Utility',
  about: 'print a script that completes command lines in your shell',
  usage: 'bash|zsh|fish|powershell',
  examples: ['completion bash > ~/.local/share/bash-completion/completions/pratique', 'completion fish | source'],
  options: [],
  async run({ args, commands, world }) {
    const [name = ''] = args;
    const shell = Object.hasOwn(shells, name) ? shells[name] : undefined;
    if (!shell || args.length > 1) {
      const problem = `completion needs the name of a shell: ${Object.keys(shells).join(', ')}`;
      throw new PratiqueError('usage/invalid', { problem });
    }
    const { completionWords } = await import('../completion-words.js');
    await world.stdout.write((await shell())(completionWords(await commands())));
    return 0;
  },
});

/** Completion for fish. https://fishshell.com/docs/current/completions.html */
import type { CommandWords, OptionWords } from './completion-words.js';

export function fishCompletion(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ words, below, about, options, takesPath }) => {
    const seen = `-n ${quoted(`__fish_seen_subcommand_from ${words.join(' ')}`)}`;
    return [
      ...words.map((word) => `complete -c pratique -n __fish_use_subcommand -a ${word} -d ${quoted(about)}`),
      ...below.map((word) => `complete -c pratique ${seen} -a ${word}`),
      ...(takesPath ? [`complete -c pratique ${seen} -F`] : []),
      ...options.map((option) => `complete -c pratique ${seen} ${optionFlags(option)}`),
    ];
  });
  return `# fish completion for pratique; load it with: pratique completion fish | source
complete -c pratique -f
${lines.join('\n')}
`;
}

function optionFlags({ name, short, about, takes, values }: OptionWords): string {
  const value = {
    nothing: '',
    'one of': ` -x -a ${quoted(values.join(' '))}`,
    'some of': ` -x -a ${quoted(`(__fish_append , ${values.join(' ')})`)}`,
    path: ' -r -F',
    text: ' -x',
  }[takes];
  return `-l ${name}${short ? ` -s ${short}` : ''}${value} -d ${quoted(about)}`;
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

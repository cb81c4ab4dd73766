/** Completion for zsh. https://zsh.sourceforge.io/Doc/Release/Completion-System.html#index-_005farguments */
import type { CommandWords, OptionWords } from './completion-words.js';

export function zshCompletion(commands: readonly CommandWords[]): string {
  const described = commands.flatMap(({ words, about }) => words.map((word) => quoted(`${word}:${about}`)));
  const cases = commands.map(
    ({ words, below, options, takesPath }) => `        ${words.join('|')})
          _arguments -S \\
${[
  ...options.flatMap(argument),
  ...(below.length > 0
    ? [quoted(`*:command:(${below.join(' ')})`)]
    : [quoted(takesPath ? '*:path:_files' : '*:target:')]),
]
  .map((line) => `            ${line}`)
  .join(' \\\n')}
          ;;`,
  );
  return `#compdef pratique
# zsh completion for pratique; load it with: source <(pratique completion zsh)
_pratique() {
  local context state line
  typeset -A opt_args
  _arguments -C '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
${described.map((text) => `        ${text}`).join('\n')}
      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}
compdef _pratique pratique
`;
}

function argument({ name, short, about, takes, values }: OptionWords): string[] {
  const described = `[${about.replace(/[[\]\\:]/g, '\\$&')}]`;
  const value = {
    nothing: '',
    'one of': `:value:(${values.join(' ')})`,
    'some of': `:values:_values -s , value ${values.join(' ')}`,
    path: ':path:_files',
    text: ':value:',
  }[takes];
  const long = quoted(`--${name}${takes === 'nothing' ? '' : '='}${described}${value}`);
  return short ? [long, quoted(`-${short}${takes === 'nothing' ? '' : '+'}${described}${value}`)] : [long];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

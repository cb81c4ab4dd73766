/** Completion for bash. https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
import { allOptions, type CommandWords, type OptionWords } from './completion-words.js';

export function bashCompletion(commands: readonly CommandWords[]): string {
  const firsts = [...new Set(commands.flatMap(({ words }) => words))];
  const cases = commands.map(
    ({ words, below, options }) =>
      `    ${words.join('|')}) words="${[...below, ...options.flatMap(spellings)].join(' ')}" ;;`,
  );
  const parents = commands.filter(({ below }) => below.length > 0).flatMap(({ words }) => words);
  const valued = allOptions(commands).filter(({ takes }) => takes !== 'nothing');
  const chosen = valued
    .filter(({ values }) => values.length > 0)
    .map((option) => `    ${spellings(option).join('|')}) values="${option.values.join(' ')}" ;;`);
  const free = valued.filter(({ values }) => values.length === 0).flatMap(spellings);
  return `# bash completion for pratique; load it with: source <(pratique completion bash)
_pratique() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= values= i
  COMPREPLY=()
  # Bash takes = for a word of its own.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then command=\${COMP_WORDS[i]}; break; fi
  done
  case $previous in
${chosen.join('\n')}
    ${free.join('|')}) return ;;
  esac
  if [[ -n $values ]]; then
    # The last of several, after a comma.
    COMPREPLY=($(compgen -W "$values" -P "\${current%"\${current##*,}"}" -- "\${current##*,}"))
    return
  fi
  case $command in
    '') words="${[...firsts, 'help', '--help', '--version'].join(' ')}" ;;
${cases.join('\n')}
  esac
  if [[ -z $command || $current == -* || " ${parents.join(' ')} " == *" $command "* ]]; then
    COMPREPLY=($(compgen -W "$words --help" -- "$current"))
  fi
}
complete -o default -F _pratique pratique
`;
}

const spellings = ({ name, short }: OptionWords): string[] => [`--${name}`, ...(short ? [`-${short}`] : [])];

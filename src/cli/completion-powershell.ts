/** Completion for PowerShell. https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter */
import { allOptions, type CommandWords, type OptionWords } from './completion-words.js';

export function powershellCompletion(commands: readonly CommandWords[]): string {
  const abouts = commands.flatMap(({ words, about }) => words.map((word) => entry(word, quoted(about))));
  const options = commands.flatMap(({ words, below, options: own }) => {
    const list = `@(${[...below, ...own.flatMap(spellings)].map(quoted).join(', ')})`;
    return words.map((word) => entry(word, list));
  });
  const all = allOptions(commands);
  const values = all
    .filter((option) => option.values.length > 0)
    .flatMap((option) => spellings(option).map((word) => entry(word, `@(${option.values.map(quoted).join(', ')})`)));
  const free = all.filter(({ takes }) => takes === 'text' || takes === 'path').flatMap(spellings);
  return `# PowerShell completion for pratique; load it with: pratique completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName pratique -ScriptBlock {
  param($word, $tree, $cursor)
  $commands = [ordered]@{
${abouts.join('\n')}
  }
  $options = @{
${options.join('\n')}
  }
  # Of options, case counts: -c and -C are two.
  $values = [System.Collections.Hashtable]::new([StringComparer]::Ordinal)
${values.map((line) => `  $values[${line.trim().replace(' = ', '] = ')}`).join('\n')}
  $free = @(${free.map(quoted).join(', ')})
  $given = @($tree.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  $command = $given | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
  $previous = $given | Select-Object -Last 1
  if ($previous -and $values.ContainsKey($previous)) {
    # The last of several, after a comma.
    $comma = $word.LastIndexOf(',') + 1
    $before = $word.Substring(0, $comma)
    $offered = $values[$previous] | ForEach-Object { $before + $_ }
  } elseif ($previous -and $free -ccontains $previous) {
    return
  } elseif (-not $command) {
    $offered = $commands.Keys
  } else {
    $offered = $options[$command]
  }
  $offered | Where-Object { $_ -like "$word*" } | ForEach-Object {
    $about = if ($commands.Contains($_)) { $commands[$_] } else { $_ }
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $about)
  }
}
`;
}

const entry = (name: string, value: string): string => `    ${quoted(name)} = ${value}`;

const spellings = ({ name, short }: OptionWords): string[] => [`--${name}`, ...(short ? [`-${short}`] : [])];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

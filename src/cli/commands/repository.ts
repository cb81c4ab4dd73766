import { PratiqueError } from '#base';
import { defineCommand } from '../command.js';
import { runScan } from '../run-scan.js';
import { scanOptionNames, toScanOptions } from './scan-options.js';

export const repository = defineCommand({
  name: 'repository',
  aliases: ['repo'],
  group: 'Scanning',
  about: 'scan a git repository: a directory, or a URL that is cloned',
  usage: 'PATH|URL',
  examples: [
    'repo .',
    'repo https://git.example.org/group/project',
    'repo --branch develop git.example.org/group/project',
    'repo --tag v1.2.3 ssh://git@git.example.org/group/project',
  ],
  options: [...scanOptionNames, 'include-dev-deps', 'branch', 'tag', 'commit'],
  run({ options, explicit, args, world }) {
    const { branch, tag, commit } = options;
    const target = {
      kind: 'repository' as const,
      path: args[0] ?? '',
      ...(branch && { branch }),
      ...(tag && { tag }),
      ...(commit && { commit }),
    };
    // A repository has no installed system packages, whatever files lie in it.
    const extra = { packageTypes: ['library'] as const, includeDev: options['include-dev-deps'] };
    return runScan(target, toScanOptions(options, extra), {
      options,
      explicit,
      world,
      exitOnEol: 0,
      checkTarget() {
        if (args.length === 1 && args[0] !== '') return;
        const problem = args.length > 1 ? 'repo takes one repository at a time' : 'repo needs a path or a URL';
        throw new PratiqueError('usage/invalid', { problem });
      },
    });
  },
});

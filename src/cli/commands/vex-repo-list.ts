import { oneLine, PratiqueError } from '#base';
import { vexRepositoryTools } from '#policy';
import { defineCommand } from '../command.js';

export const vexRepoList = defineCommand({
  name: 'vex repo list',
  group: 'Management',
  about: 'print the VEX repositories that --vex repo reads, in their order',
  usage: '',
  examples: ['vex repo list'],
  options: [],
  async run({ args, world }) {
    if (args.length > 0) throw new PratiqueError('usage/invalid', { problem: 'vex repo list takes no arguments' });
    const { listRepositories, repositoryListPath } = await vexRepositoryTools();
    const entries = (await listRepositories(world)).map(({ name, url, enabled }) =>
      [`- Name: ${name}`, `  URL: ${oneLine(url)}`, `  Status: ${enabled ? 'Enabled' : 'Disabled'}`].join('\n'),
    );
    const title = `VEX Repositories (config: ${oneLine(repositoryListPath(world))})`;
    await world.stdout.write(`${[title, ...entries].join('\n\n')}\n`);
    return 0;
  },
});

import { PratiqueError } from '#base';
import { vexRepositoryTools } from '#policy';
import { defineCommand } from '../command.js';

export const vexRepoInit = defineCommand({
  name: 'vex repo init',
  group: 'Management',
  about: 'write the list of VEX repositories, with the public hub, to edit it',
  usage: '',
  examples: ['vex repo init'],
  options: [],
  async run({ args, world }) {
    if (args.length > 0) throw new PratiqueError('usage/invalid', { problem: 'vex repo init takes no arguments' });
    const { repositoryListPath, writeDefaultList } = await vexRepositoryTools();
    const made = await writeDefaultList(world);
    world.log.info(made ? 'the list of VEX repositories was written' : 'there is a list already, which stays', {
      path: repositoryListPath(world),
    });
    return 0;
  },
});

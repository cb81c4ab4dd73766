import { PratiqueError } from '#base';
import { cacheDirectory } from '#platform';
import { vexRepositoryTools } from '#policy';
import { defineCommand } from '../command.js';

export const vexRepoDownload = defineCommand({
  name: 'vex repo download',
  group: 'Management',
  about: 'fetch VEX repositories into the cache: all that are enabled, or those that are named',
  usage: '[NAME...]',
  examples: ['vex repo download', 'vex repo download default'],
  options: [],
  async run({ options, args, world }) {
    const { listRepositories, updateRepository } = await vexRepositoryTools();
    const listed = await listRepositories(world);
    const unknown = args.find((name) => !listed.some((one) => one.name === name));
    if (unknown !== undefined) {
      const known = listed.map(({ name }) => name).join(', ') || 'none';
      throw new PratiqueError('usage/invalid', {
        problem: `vex repo download: there is no repository ${unknown} (there is ${known})`,
      });
    }
    const chosen = listed.filter(({ name, enabled }) => enabled && (args.length === 0 || args.includes(name)));
    if (chosen.length === 0) world.log.warn('no VEX repository is enabled');
    const registry = { insecure: options.insecure, ...(options.cacert && { caFile: options.cacert }) };
    const cacheDir = options['cache-dir'] || cacheDirectory(world);
    for (const repository of chosen) {
      if (repository.url === '') {
        world.log.warn('the VEX repository has no url and is not fetched', { name: repository.name });
        continue;
      }
      const result = await updateRepository(repository, { cacheDir, force: true, registry }, world);
      world.log.info(result === 'updated' ? 'the VEX repository was updated' : 'the VEX repository is up to date', {
        name: repository.name,
      });
    }
    return 0;
  },
});

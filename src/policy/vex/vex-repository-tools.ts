/** What the commands `vex repo …` do with VEX repositories. */
export { listRepositories, repositoryListPath, writeDefaultList } from './vex-repository-list.js';
export { updateRepository } from './vex-repository-update.js';

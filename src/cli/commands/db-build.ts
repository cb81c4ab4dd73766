import { PratiqueError } from '#base';
import type { BuildResult, BuildSummary, SourceProgress } from '#advisories';
import type { World } from '#platform';
import { resolve } from 'node:path';
import { defineCommand } from '../command.js';

export const dbBuild = defineCommand({
  name: 'db build',
  group: 'Management',
  about: 'build a vulnerability database from downloaded feeds',
  usage: '',
  examples: ['db build --from feeds --output db'],
  options: ['from', 'output', 'no-progress'],
  words: { output: { about: 'directory that the database is written to', placeholder: 'DIR' } },
  async run({ options, args, world }) {
    const { from } = options;
    const [output, ...more] = options.output;
    if (!from || !output || more.length > 0 || args.length > 0)
      throw new PratiqueError('usage/invalid', { problem: 'db build needs --from DIR and --output DIR' });
    const { buildDatabase } = await import('#advisories');
    const progress = progressLine(world, world.stderr.isTTY && !options['no-progress'] && !options.quiet);
    const result = await buildDatabase({
      from: resolve(world.cwd, from),
      output: resolve(world.cwd, output),
      now: world.clock.now(),
      signal: world.signal,
      onProgress: progress.show,
    }).finally(progress.clear);
    for (const { message, path, severity } of result.diagnostics) {
      if (severity === 'info') world.log.debug(message, { path });
      else world.log.warn(message, { path });
    }
    if (!options.quiet) await world.stderr.write(summary(result));
    return 0;
  },
});

/** One line that is written over, at most ten times a second. */
function progressLine(world: World, enabled: boolean) {
  let last = 0;
  let shown = false;
  const write = (text: string): void => void world.stderr.write(`\r\u001b[K${text}`).catch(() => {});
  return {
    show({ source, done, files }: SourceProgress): void {
      const now = world.clock.now().getTime();
      if (!enabled || now - last < 100) return;
      last = now;
      shown = true;
      write(`${source}: ${done} of ${files} files`);
    },
    clear(): void {
      if (shown) write('');
    },
  };
}

function summary({ path, sources, absent, vulnerabilities }: BuildResult): string {
  const rows = [
    ['Source', 'As of', 'Files', 'Given up', 'Advisories'],
    ...sources.map(({ source, date, files, malformed, advisories }: BuildSummary) => [
      source.id,
      date,
      String(files),
      String(malformed),
      String(advisories),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  if (absent.length > 0) lines.push(`without a feed: ${absent.join(', ')}`);
  return `${lines.join('\n')}\n${path}: ${vulnerabilities} vulnerabilities with details\n`;
}

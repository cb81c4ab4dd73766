import { PratiqueError } from '#base';
import { cacheDirectory } from '#platform';
import { referenceVersion } from '#report';
import { databaseVersions, type DatabaseVersion } from '#scan';
import { defineCommand } from '../command.js';
import { programVersion } from '../program-version.js';

export const version = defineCommand({
  name: 'version',
  group: 'Utility',
  about: "print the program's version and those of its databases",
  usage: '',
  examples: ['version', 'version --format json'],
  options: ['format'],
  async run({ options, explicit, world }) {
    const asJson = explicit.has('format') && options.format === 'json';
    if (explicit.has('format') && !asJson && options.format !== 'table') {
      throw new PratiqueError('usage/invalid', { problem: 'version knows the formats table and json' });
    }
    const databases = await databaseVersions(options['cache-dir'] || cacheDirectory(world), world);
    await world.stdout.write(asJson ? jsonText(databases) : plainText(databases));
    return 0;
  },
});

/** The keys of the reference, whose consumers look for `Version` and `VulnerabilityDB`. */
function jsonText(databases: readonly DatabaseVersion[]): string {
  const entry = (kind: DatabaseVersion['kind']) => databases.find((d) => d.kind === kind)?.metadata;
  const embedded = databases.find((d) => d.kind === 'embedded');
  return `${JSON.stringify({
    Version: referenceVersion,
    VulnerabilityDB: entry('vulnerability'),
    JavaDB: entry('java'),
    Pratique: {
      Version: programVersion(),
      EmbeddedDB: embedded && { ...embedded.metadata, Sources: embedded.sources },
    },
  })}\n`;
}

function plainText(databases: readonly DatabaseVersion[]): string {
  const lines = [`Version: ${programVersion()} (compatible with ${referenceVersion})`];
  const titles = { vulnerability: 'Vulnerability DB', java: 'Java DB', embedded: 'Embedded DB' } as const;
  for (const { kind, metadata, sources } of databases) {
    lines.push(`${titles[kind]}:`);
    for (const [key, value] of Object.entries(metadata)) lines.push(`  ${key}: ${String(value)}`);
    for (const { name, date, license } of sources ?? []) lines.push(`  Source: ${name}, as of ${date}, ${license}`);
  }
  return `${lines.join('\n')}\n`;
}

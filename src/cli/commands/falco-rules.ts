import { PratiqueError } from '#base';
import { resolve } from 'node:path';
import type { Severity } from '#model';
import { writeAtomically } from '#platform';
import { defineCommand } from '../command.js';
import { programVersion } from '../program-version.js';
import { readImageReports } from '../read-image-reports.js';

export const falcoRules = defineCommand({
  name: 'falco rules',
  group: 'Utility',
  about: 'write rules for Falco that fire when a container of a vulnerable image starts',
  usage: 'REPORT_JSON...',
  examples: [
    'falco rules --output pratique_rules.yaml report.json other.json',
    'falco rules --severity CRITICAL,HIGH --ignore-unfixed cluster.json',
  ],
  options: ['output', 'severity', 'ignore-unfixed', 'report-file'],
  async run({ options, args, world }) {
    const [output, ...more] = options.output;
    if (more.length > 0) throw new PratiqueError('usage/invalid', { problem: 'falco rules writes one file' });
    const { writeRules } = await import('#falco');
    const text = writeRules(await readImageReports([...options['report-file'], ...args], world), {
      version: programVersion(),
      severities: options.severity as readonly Severity[],
      ignoreUnfixed: options['ignore-unfixed'],
    });
    if (output) await writeAtomically(resolve(world.cwd, output), text);
    else await world.stdout.write(text);
    return 0;
  },
});

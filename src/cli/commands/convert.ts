import { FormatError, limits, PratiqueError } from '#base';
import type { Report } from '#model';
import { cacheDirectory, readIfPresent, type World } from '#platform';
import { readReport } from '#report';
import { applyFilter, openScanFilter } from '#scan';
import { defineCommand } from '../command.js';
import { checkReportOptions, publishReport } from '../publish-report.js';
import { onePath } from '../run-scan.js';
import { reportOptionNames, toFilterChoice } from './report-options.js';

export const convert = defineCommand({
  name: 'convert',
  group: 'Utility',
  about: 'write a JSON report in other formats, filtered anew',
  usage: 'REPORT_JSON',
  examples: ['convert --severity CRITICAL report.json', 'convert --output cyclonedx=bom.json report.json'],
  options: [...reportOptionNames, 'exit-on-eol'],
  defaults: { scanners: ['vuln'] },
  async run({ options, explicit, args, world }) {
    checkReportOptions(options, explicit);
    onePath('convert', args);
    const cacheDir = options['cache-dir'] || cacheDirectory(world);
    const filter = await openScanFilter(toFilterChoice(options, explicit), cacheDir, world);
    const report = await applyFilter(await readReportFile(args[0]!, world), filter);
    return publishReport(report, options, explicit, world);
  },
});

async function readReportFile(path: string, world: World): Promise<Report> {
  const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, limits.textFile);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  try {
    const report = await readReport(new TextDecoder().decode(bytes));
    // What the filters of that run had to say is not about this one.
    const diagnostics = report.diagnostics.filter(({ code }) => !/^(?:ignore-file|policy|vex)\//.test(code));
    return { ...report, diagnostics };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new PratiqueError('report/invalid', { path, problem: error.message }, error);
  }
}

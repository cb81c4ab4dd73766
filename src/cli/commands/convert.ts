import type { Report } from '#model';
import { cacheDirectory } from '#platform';
import { applyFilter, openScanFilter } from '#scan';
import { defineCommand } from '../command.js';
import { checkReportOptions, publishReport } from '../publish-report.js';
import { readReportFile } from '../read-report-file.js';
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
    const registry = { insecure: options.insecure, ...(options.cacert && { caFile: options.cacert }) };
    const filter = await openScanFilter({ ...toFilterChoice(options, explicit), registry }, cacheDir, world);
    const report = await applyFilter(unfiltered(await readReportFile(args[0]!, world)), filter);
    return publishReport(report, options, explicit, world);
  },
});

/** What the filters of that run had to say is not about this one. */
function unfiltered(report: Report): Report {
  const diagnostics = report.diagnostics.filter(({ code }) => !/^(?:ignore-file|policy|vex)\//.test(code));
  return { ...report, diagnostics };
}

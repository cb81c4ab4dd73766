/** What the scanning commands do once their target and options are known: database, scan, report, exit code. */
import { withoutCredentials } from '#artifact';
import { PratiqueError } from '#base';
import type { World } from '#platform';
import { scan, updateDatabase, type ScanOptions, type ScanTarget } from '#scan';
import { toFilterChoice } from './commands/report-options.js';
import type { ScanCommandOptions } from './commands/scan-options.js';
import type { OptionName } from './option-table.js';
import { checkReportOptions, publishReport } from './publish-report.js';
import { readPassword } from './read-password.js';
import { effectiveScanners, wantsBill } from './scanners.js';
import { chooseTemplate } from './template-choice.js';

export interface RunInput {
  readonly options: ScanCommandOptions;
  readonly explicit: ReadonlySet<OptionName>;
  readonly world: World;
  readonly exitOnEol: number;
  /** Throws when there is nothing, or too much, to scan. */
  checkTarget(): void;
}

export async function runScan(target: ScanTarget, scanOptions: ScanOptions, input: RunInput): Promise<number> {
  const { options, explicit, world } = input;
  checkCombinations(options, explicit);
  const withPassword = await readPassword(options, scanOptions, world);
  if (options['download-db-only'] || options['download-java-db-only']) {
    await updateDatabase(options['download-db-only'] ? 'vulnerability' : 'java', withPassword, world);
    return 0;
  }
  input.checkTarget();
  if (options.format === 'template') await chooseTemplate(options.template, world);
  const scanners = effectiveScanners(options, explicit);
  const request = { ...withPassword, ...toFilterChoice(options, explicit), scanners, fileDigests: wantsBill(options) };
  const report = await scan(target, request, world);
  const more = {
    'exit-on-eol': input.exitOnEol,
    scanners,
    ...('path' in target && { root: withoutCredentials(target.path) }),
  };
  return publishReport(report, { ...options, ...more }, explicit, world);
}

export function onePath(command: string, args: readonly string[]): void {
  if (args.length === 1) return;
  throw new PratiqueError('usage/invalid', {
    problem: args.length === 0 ? `${command} needs a path` : `${command} takes one path at a time`,
  });
}

function checkCombinations(options: ScanCommandOptions, explicit: ReadonlySet<OptionName>): void {
  const exclusive: readonly (readonly [
    'skip-db-update' | 'skip-java-db-update' | 'download-db-only',
    'download-db-only' | 'download-java-db-only',
  ])[] = [
    ['skip-db-update', 'download-db-only'],
    ['skip-java-db-update', 'download-java-db-only'],
    ['download-db-only', 'download-java-db-only'],
  ];
  for (const [a, b] of exclusive) {
    if (options[a] && options[b])
      throw new PratiqueError('usage/invalid', { problem: `--${a} and --${b} exclude each other` });
  }
  if (options.vex.length > 0 && explicit.has('pkg-relationships') && options['pkg-relationships'].length < 5)
    throw new PratiqueError('usage/invalid', { problem: '--vex needs all --pkg-relationships: it follows them' });
  checkReportOptions(options, explicit);
}

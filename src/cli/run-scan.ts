/** What the scanning commands do once their target and options are known: database, scan, report, exit code. */
import { PratiqueError } from '#base';
import type { Report, Severity } from '#model';
import { writeAtomically, type World } from '#platform';
import { findFormat } from '#report';
import { scan, updateDatabase, type ScanOptions, type ScanTarget } from '#scan';
import type { ScanCommandOptions } from './commands/scan-options.js';
import type { OptionName } from './option-table.js';
import { programVersion } from './program-version.js';
import { readPassword } from './read-password.js';

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
  const report = await scan(target, withPassword, world);
  warn(report, world);
  await writeReport(report, options, world);
  return exitCode(report, options, input.exitOnEol);
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
  if (explicit.has('table-mode') && options.format !== 'table') {
    throw new PratiqueError('usage/invalid', { problem: '--table-mode is for --format table' });
  }
}

function warn(report: Report, world: World): void {
  const counts = new Map<string, { message: string; path?: string; count: number }>();
  for (const d of report.diagnostics) {
    if (d.severity === 'info') {
      world.log.debug(d.message, { code: d.code, path: d.path });
      continue;
    }
    const seen = counts.get(d.code);
    if (seen) seen.count++;
    else counts.set(d.code, { message: d.message, count: 1, ...(d.path !== undefined && { path: d.path }) });
  }
  for (const [code, { message, path, count }] of counts) {
    world.log.warn(message, { code, path, more: count > 1 ? count - 1 : undefined });
  }
}

async function writeReport(report: Report, options: ScanCommandOptions, world: World): Promise<void> {
  const toFile = options.output !== '';
  const format = await findFormat(options.format as Parameters<typeof findFormat>[0]);
  const terminal = !toFile && world.stdout.isTTY;
  const chunks = format.encode(report, {
    version: programVersion(),
    listPackages: options['list-all-pkgs'],
    severities: options.severity as readonly Severity[],
    scanners: options.scanners,
    color: terminal && !world.env['NO_COLOR'],
    tableModes: options['table-mode'] as readonly ('summary' | 'detailed')[],
    dependencyTree: options['dependency-tree'],
    ...(terminal && world.stdout.columns ? { width: world.stdout.columns } : {}),
  });
  if (toFile) return writeAtomically(resolvePath(options.output, world), chunks);
  for await (const chunk of gathered(chunks)) await world.stdout.write(chunk);
}

const resolvePath = (path: string, world: World): string => (path.startsWith('/') ? path : `${world.cwd}/${path}`);

/** Chunks of about 64 KiB: one write per finding would cost more than making it. */
async function* gathered(chunks: AsyncIterable<string | Uint8Array>): AsyncIterable<string | Uint8Array> {
  let text = '';
  for await (const chunk of chunks) {
    if (typeof chunk !== 'string') {
      if (text) yield text;
      text = '';
      yield chunk;
    } else if ((text += chunk).length > 65_536) {
      yield text;
      text = '';
    }
  }
  if (text) yield text;
}

/** End of support first, then findings, then what could not be assessed. */
function exitCode(report: Report, options: ScanCommandOptions, exitOnEol: number): number {
  if (exitOnEol !== 0 && report.metadata.os?.endOfLife) return exitOnEol;
  if (options['exit-code'] !== 0 && report.results.some((r) => r.vulnerabilities.length > 0))
    return options['exit-code'];
  if (options['incomplete-exit-code'] !== 0 && report.diagnostics.some((d) => d.severity === 'error'))
    return options['incomplete-exit-code'];
  return 0;
}

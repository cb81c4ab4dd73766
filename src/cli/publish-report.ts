/** What follows a finished report: warnings, outputs, exit code. */
import { PratiqueError } from '#base';
import type { Diagnostic, Report, Severity } from '#model';
import { writeOutput as writeOutputFile, type World } from '#platform';
import { findFormat, formatIds, type FormatOptions, reproducibleReport } from '#report';
import { isBrokenPipe } from './broken-pipe.js';
import type { ReportOptions } from './commands/report-options.js';
import type { OptionName } from './option-table.js';
import { programVersion } from './program-version.js';
import { chooseTemplate, type TemplateChoice } from './template-choice.js';

/** Resolves to the exit code. */
export async function publishReport(
  report: Report,
  options: ReportOptions,
  explicit: ReadonlySet<OptionName>,
  world: World,
): Promise<number> {
  warn(report, world);
  const written = options.reproducible ? reproducibleReport(report, world.env['SOURCE_DATE_EPOCH']) : report;
  for (const output of outputsOf(options, explicit)) await writeOutput(written, output, options, world);
  return exitCode(report, options);
}

/** Fails before anything is scanned. */
export function checkReportOptions(options: ReportOptions, explicit: ReadonlySet<OptionName>): void {
  const outputs = outputsOf(options, explicit);
  if (explicit.has('table-mode') && !outputs.some(({ format }) => format === 'table'))
    throw new PratiqueError('usage/invalid', { problem: '--table-mode is for --format table' });
  if (options['spdx-version'] === '3.0' && outputs.some(({ format }) => format === 'spdx'))
    throw new PratiqueError('usage/invalid', { problem: 'SPDX 3.0 has no tag-value form; use --format spdx-json' });
  for (const name of ['exit-code', 'exit-on-eol', 'incomplete-exit-code'] as const)
    // The system keeps eight bits: 256 would be 0, which says that nothing was found. Not every command has all three.
    if (((options[name] as number | undefined) ?? 0) & ~255)
      throw new PratiqueError('usage/invalid', { problem: `--${name} must be from 0 to 255` });
  if (outputs.some(({ format }) => format === 'template') && options.template === '')
    throw new PratiqueError('usage/invalid', { problem: '--format template needs --template' });
  const paths = outputs.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined)
    throw new PratiqueError('usage/invalid', { problem: `--output names ${twice} for two formats` });
}

type FormatId = (typeof formatIds)[number];

interface OutputChoice {
  readonly format: FormatId;
  /** Standard output when there is none. */
  readonly path?: string;
}

/** `FORMAT=FILE` as often as wanted; of plain paths the last one counts, for `--format`. */
function outputsOf(options: ReportOptions, explicit: ReadonlySet<OptionName>): readonly OutputChoice[] {
  const outputs: OutputChoice[] = [];
  let plain: string | undefined;
  for (const text of options.output) {
    const equals = text.indexOf('=');
    const format = formatIds.find((id) => id === text.slice(0, equals));
    if (equals < 1 || !format) plain = text;
    else if (equals === text.length - 1)
      throw new PratiqueError('usage/invalid', { problem: `--output ${text}: FORMAT=FILE is expected` });
    else outputs.push({ format, path: text.slice(equals + 1) });
  }
  const format = options.format as FormatId;
  if (plain !== undefined) outputs.push({ format, path: plain });
  else if (outputs.length === 0 || explicit.has('format')) outputs.push({ format });
  return outputs;
}

async function writeOutput(report: Report, output: OutputChoice, options: ReportOptions, world: World): Promise<void> {
  const { format: id, template } = await choiceOf(output, options, world);
  const format = await findFormat(id);
  const terminal = output.path === undefined && world.stdout.isTTY;
  const chunks = format.encode(report, {
    version: programVersion(),
    listPackages: options['list-all-pkgs'],
    severities: options.severity as readonly Severity[],
    scanners: options.scanners,
    color: terminal && !world.env['NO_COLOR'],
    tableModes: options['table-mode'] as readonly ('summary' | 'detailed')[],
    cyclonedxVersion: options['cyclonedx-version'] as '1.6' | '1.7',
    spdxVersion: options['spdx-version'] as '2.3' | '3.0',
    dependencyTree: options['dependency-tree'],
    showSuppressed: options['show-suppressed'],
    github: gitHubRun(world.env),
    env: world.env,
    ...(template && { template }),
    ...(options.root !== undefined && { root: resolvePath(options.root, world) }),
    ...(terminal && world.stdout.columns ? { width: world.stdout.columns } : {}),
  });
  if (output.path !== undefined) return writeOutputFile(resolvePath(output.path, world), gathered(chunks));
  try {
    for await (const chunk of gathered(chunks)) await world.stdout.write(chunk);
  } catch (error) {
    // What was found still decides the exit code.
    if (!isBrokenPipe(error)) throw error;
  }
}

const choiceOf = async (
  { format }: OutputChoice,
  { template }: ReportOptions,
  world: World,
): Promise<TemplateChoice> => (format === 'template' ? chooseTemplate(template, world) : { format });

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
const gitHubRun = (env: World['env']): NonNullable<FormatOptions['github']> => ({
  ref: env['GITHUB_REF'] ?? '',
  sha: env['GITHUB_SHA'] ?? '',
  workflow: env['GITHUB_WORKFLOW'] ?? '',
  job: env['GITHUB_JOB'] ?? '',
  runId: env['GITHUB_RUN_ID'] ?? '',
});

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

/** The first of each kind, with how many more there are; information only when debugging, save on the user's own files. */
function warn(report: Report, world: World): void {
  const byCode = new Map<string, Diagnostic[]>();
  for (const d of report.diagnostics) {
    const list = byCode.get(d.code);
    if (list) list.push(d);
    else byCode.set(d.code, [d]);
  }
  for (const [code, [first, ...rest]] of byCode) {
    const { message, path, severity } = first!;
    const fields = { code, path, more: rest.length > 0 ? rest.length : undefined };
    if (code === 'ignore-file/expired')
      for (const d of [first!, ...rest].slice(0, 20)) world.log.warn(d.message, { code, path: d.path });
    else if (code === 'ignore-file/unused') world.log.info(message, fields);
    else if (severity !== 'info') world.log.warn(message, fields);
    else for (const d of [first!, ...rest]) world.log.debug(d.message, { code, path: d.path });
  }
}

/** End of support first, then findings, then what could not be assessed. */
function exitCode(report: Report, options: ReportOptions): number {
  if (options['exit-on-eol'] && report.metadata.os?.endOfLife) return options['exit-on-eol'];
  if (options['exit-code'] !== 0 && report.results.some(hasFindings)) return options['exit-code'];
  if (options['incomplete-exit-code'] !== 0 && report.diagnostics.some((d) => d.severity === 'error'))
    return options['incomplete-exit-code'];
  return 0;
}

const hasFindings = ({ vulnerabilities, secrets, licenses }: Report['results'][number]): boolean =>
  vulnerabilities.length > 0 || (secrets ?? []).length > 0 || (licenses ?? []).length > 0;

/**
 * The user's view of a report: filters in the order severity, status, ignore files, duplicates, policy, sort, exceptions,
 * VEX.
 * What was taken out stays in `suppressed` of its result, except by severity and status.
 */
import type { Diagnostic, Finding, Report, Result, Severity, Status } from '#model';
import type { RegistryOptions } from '#oci';
import type { World } from '#platform';
import type { Json } from './cel-policy.js';
import { acceptFindings, exceptionRemarks } from './exceptions/accept-findings.js';
import { type ExceptionFile, loadExceptions } from './exceptions/load-exceptions.js';
import { filterResult, type FindingPolicy } from './filter-findings.js';
import type { IgnoreRules } from './ignore-rules.js';
import { loadIgnoreFiles, type IgnoreFileChoice } from './load-ignore-files.js';
import type { IgnorePolicy } from './load-policy.js';
import type { BomIdentity } from './vex/cyclonedx-source.js';
import type { Vex } from './vex/load-vex.js';

export interface FilterOptions {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses?: readonly Status[];
  readonly ignoreFiles?: readonly IgnoreFileChoice[];
  /** Names or expressions of licenses. */
  readonly ignoredLicenses?: readonly string[];
  /** Path of a policy. */
  readonly ignorePolicy?: string;
  /** Paths of files with exceptions. */
  readonly exceptions?: readonly string[];
  /** Documents by path, `repo`, `oci` or `sbom-ref`. */
  readonly vex?: readonly string[];
  /** Read VEX repositories as they lie in the cache. */
  readonly skipVexUpdate?: boolean;
  /** How VEX is fetched. */
  readonly registry?: RegistryOptions;
  readonly cacheDir: string;
}

/** A filter with everything it needs read and checked; for one report. */
export interface ReportFilter {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses: readonly Status[];
  readonly ignore?: IgnoreRules;
  readonly policy?: IgnorePolicy;
  readonly exceptions?: readonly ExceptionFile[];
  readonly vex?: Vex;
  /** When exceptions are to count. */
  readonly now: Date;
}

export interface FilterContext {
  /** A finding as the JSON report writes it: what policies see. */
  encode(finding: Finding, result: Result, report: Report): Json;
  /** Set when a CycloneDX document was scanned. */
  readonly bom?: BomIdentity;
}

/** Files that are missing or damaged fail here, before anything is scanned. */
export async function openFilter(options: FilterOptions, world: World): Promise<ReportFilter> {
  const {
    severities,
    ignoredStatuses = [],
    ignoreFiles = [],
    ignoredLicenses = [],
    ignorePolicy,
    exceptions: paths = [],
    vex: names = [],
  } = options;
  const ignore = await loadIgnoreFiles(ignoreFiles, ignoredLicenses, world);
  const policy = ignorePolicy ? await (await import('./load-policy.js')).loadPolicy(ignorePolicy, world) : undefined;
  const vex = names.length > 0 ? await (await import('./vex/load-vex.js')).loadVex(names, options, world) : undefined;
  const exceptions = paths.length > 0 ? await loadExceptions(paths, world) : undefined;
  return {
    severities,
    ignoredStatuses,
    now: world.clock.now(),
    ...(ignore && { ignore }),
    ...(policy && { policy }),
    ...(exceptions && { exceptions }),
    ...(vex && { vex }),
  };
}

export async function filterReport(report: Report, filter: ReportFilter, context: FilterContext): Promise<Report> {
  const { policy, ignore, severities, ignoredStatuses } = filter;
  const asked = policy && findingPolicy(policy, report, context);
  const own = { severities, ignoredStatuses, ...(ignore && { ignore }), ...(asked && { policy: asked }) };
  const results = report.results.map((result) => filterResult(result, own));
  const found = [...(ignore?.diagnostics() ?? []), ...(asked?.diagnostics() ?? [])];
  const filtered = withExceptions({ ...report, results, diagnostics: [...report.diagnostics, ...found] }, filter);
  if (!filter.vex) return filtered;
  const { applyVex } = await import('./vex/apply-vex.js');
  return applyVex(filtered, filter.vex, context.bom);
}

function withExceptions(report: Report, { exceptions = [], now }: ReportFilter): Report {
  let found = report;
  for (const { path, exceptions: loaded } of exceptions) {
    const all = loaded.map(({ exception }) => exception);
    const accepted = acceptFindings(found, all, now);
    const remarks = exceptionRemarks(all, accepted, now, path);
    found = { ...accepted.report, diagnostics: [...accepted.report.diagnostics, ...remarks] };
  }
  return found;
}

function findingPolicy(
  policy: IgnorePolicy,
  report: Report,
  context: FilterContext,
): FindingPolicy & { diagnostics(): readonly Diagnostic[] } {
  let asked = 0;
  let undecided = 0;
  let ignored = 0;
  let reason = '';
  const unseen = new Set(policy.fields);
  return {
    source: policy.source,
    statement: policy.statement,
    ignores(finding, result) {
      const input: Json = { ...context.encode(finding, result, report), Type: finding.kind };
      const judgement = policy.judge({ input, target: result.target, class: result.class });
      asked++;
      if (judgement.ignored) ignored++;
      for (const field of unseen) if (Object.hasOwn(input, field) && input[field] !== undefined) unseen.delete(field);
      if ('unknown' in judgement) {
        undecided++;
        reason ||= judgement.unknown;
      }
      return judgement.ignored;
    },
    diagnostics() {
      // Most likely misspelled: their absence is no error in the language.
      if (undecided === 0 && ignored === 0 && asked > 0 && unseen.size > 0) {
        const names = [...unseen].map((name) => `input.${name}`).join(', ');
        const message = `ignored none of ${asked} findings; none of them has ${names}`;
        return [{ code: 'policy/fields', severity: 'info', message, path: policy.source }];
      }
      if (undecided === 0) return [];
      const message = `undecided for ${undecided} of ${asked} findings, which stay: ${reason}`;
      // Undecided for all of them is most likely a misspelled field.
      const severity = undecided === asked ? 'warning' : 'info';
      return [{ code: 'policy/undecided', severity, message, path: policy.source }];
    },
  };
}

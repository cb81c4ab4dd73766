/** A finding of any kind as one row: what formats for lists and trackers write. Text stays as found; formats escape it. */
import type { Finding, LayerRef, Report, Result, Severity } from '#model';

export interface FlatFinding {
  readonly kind: Finding['kind'];
  readonly id: string;
  readonly severity: Severity;
  /** Package; of a secret, the file it is in. */
  readonly subject: string;
  readonly installed: string;
  readonly fixed: string;
  readonly status: string;
  readonly title: string;
  readonly description: string;
  /** Empty, or http(s) or ftp. */
  readonly url: string;
  readonly target: string;
  /** File of the finding, where there is one. */
  readonly path: string;
  /** 1-based; undefined where not known. */
  readonly line?: number;
  readonly layer?: LayerRef;
  readonly finding: Finding;
  readonly result: Result;
}

/** In the order of the report; of one severity, when one is asked for. */
export function* flatFindings({ results }: Pick<Report, 'results'>, severity?: Severity): Generator<FlatFinding> {
  for (const result of results)
    for (const finding of findingsOf(result))
      if (severity === undefined || finding.severity === severity) yield flatFinding(finding, result);
}

function* findingsOf({ vulnerabilities, secrets = [], licenses = [] }: Result): Generator<Finding> {
  yield* vulnerabilities;
  yield* secrets;
  yield* licenses;
}

export function flatFinding(finding: Finding, result: Result): FlatFinding {
  const { kind, severity } = finding;
  const same = { kind, severity, target: result.target, finding, result, installed: '', fixed: '', status: '' };
  if (finding.kind === 'secret') {
    const { layer } = finding;
    return {
      ...same,
      id: finding.ruleId,
      subject: result.target,
      title: finding.title,
      description: `${finding.category}: ${finding.match}`,
      url: '',
      path: result.target,
      line: finding.startLine,
      ...(layer && { layer }),
    };
  }
  if (finding.kind === 'license')
    return {
      ...same,
      id: finding.name,
      subject: finding.packageName || finding.filePath,
      status: finding.category,
      title: `License ${finding.name}`,
      description: `License ${finding.name} (${finding.category}) of ${finding.packageName || finding.filePath}`,
      url: safeUrl(finding.link),
      path: finding.filePath,
    };
  const { package: pkg } = finding;
  return {
    ...same,
    id: finding.id,
    subject: pkg.name,
    installed: finding.installedVersion,
    fixed: finding.fixedVersion ?? '',
    status: finding.status,
    title: finding.title || `${finding.id} in ${pkg.name}`,
    description: finding.description || finding.title || '',
    url: safeUrl(finding.primaryUrl),
    path: pkg.path || (result.class === 'os-pkgs' ? '' : result.target),
    ...(pkg.locations?.[0] && { line: pkg.locations[0].start }),
    ...(pkg.layer && { layer: pkg.layer }),
  };
}

/** As the URL standard writes it, so without anything to escape; references may be followed by a remark. */
export function safeUrl(text = ''): string {
  const [url = ''] = text.trim().split(/\s/, 1);
  if (!/^(?:https?|ftp):\/\//i.test(url) || !URL.canParse(url)) return '';
  return new URL(url).href.replace(/[\\'"<>`{}|^()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Links of a finding, the first one first, none twice. */
export function linksOf(finding: Finding, most = 50): readonly string[] {
  if (finding.kind === 'secret') return [];
  if (finding.kind === 'license') return [safeUrl(finding.link)].filter(Boolean);
  return [...new Set([finding.primaryUrl, ...(finding.references ?? [])].map(safeUrl).filter(Boolean))].slice(0, most);
}

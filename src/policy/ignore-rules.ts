/** The entries of all ignore files, asked per finding; remembers which were of use. */
import { formatLicenseExpression, parseLicenseExpression, type LicenseExpression, type PackageUrl } from '#formats';
import type { Diagnostic, LicenseFinding, Secret, Vulnerability } from '#model';
import type { FindingKind, IgnoreEntry, IgnoreFile } from './ignore-entry.js';
import { createPurlReader, purlMatches } from './purl-matches.js';

export interface IgnoreRules {
  /** The entry that takes the finding out, if any. */
  vulnerability(finding: Vulnerability, target: string): IgnoreEntry | undefined;
  secret(finding: Secret, target: string): IgnoreEntry | undefined;
  license(finding: LicenseFinding): IgnoreEntry | undefined;
  /** What the user should know after all findings were asked for: entries that expired, met nothing or were unreadable. */
  diagnostics(): readonly Diagnostic[];
}

interface Subject {
  readonly kind: FindingKind;
  readonly paths: readonly string[];
  readonly purl?: PackageUrl;
}

export function createIgnoreRules(files: readonly IgnoreFile[], now: Date): IgnoreRules {
  const byId = new Map<string, IgnoreEntry[]>();
  for (const entry of files.flatMap((file) => file.entries)) {
    const list = byId.get(entry.id);
    if (list) list.push(entry);
    else byId.set(entry.id, [entry]);
  }
  const met = new Set<IgnoreEntry>();
  const readPurl = createPurlReader();
  const find = (ids: readonly string[], subject: Subject): IgnoreEntry | undefined => {
    for (const id of ids) {
      for (const entry of byId.get(id) ?? []) {
        if (!applies(entry, subject)) continue;
        met.add(entry);
        if (!isExpired(entry, now)) return entry;
      }
    }
    return undefined;
  };
  return {
    vulnerability(finding, target) {
      const { path, purl } = finding.package;
      const read = readPurl(purl);
      const paths = path ? [target, path] : [target];
      // An advisory's own id names the finding as well.
      return find([finding.id, ...(finding.vendorIds ?? [])], {
        kind: 'vulnerability',
        paths,
        ...(read && { purl: read }),
      });
    },
    secret: (finding, target) => find([finding.ruleId], { kind: 'secret', paths: [target] }),
    license(finding) {
      const subject: Subject = { kind: 'license', paths: [finding.filePath] };
      const whole = find([finding.name], subject);
      if (whole) return whole;
      const entries = licensesOf(parseLicenseExpression(finding.name)).map((name) => find([name], subject));
      return entries.every((entry) => entry !== undefined) ? entries[0] : undefined;
    },
    diagnostics: () => [
      ...files.flatMap((file) => file.diagnostics),
      ...[...byId.values()].flat().flatMap((entry) => remark(entry, met.has(entry), now) ?? []),
    ],
  };
}

/** The licenses that an expression names, those with an exception as one. */
function licensesOf(expression: LicenseExpression | undefined): readonly string[] {
  if (!expression) return [];
  return expression.kind === 'license'
    ? [formatLicenseExpression(expression)]
    : expression.operands.flatMap(licensesOf);
}

function applies(entry: IgnoreEntry, { kind, paths, purl }: Subject): boolean {
  if (entry.kind !== undefined && entry.kind !== kind) return false;
  if (entry.paths && !entry.paths.some((glob) => paths.some((path) => glob.test(path)))) return false;
  // A package without a package URL cannot be told apart: the entry's other conditions decide.
  return !entry.purls || !purl || entry.purls.some((pattern) => purlMatches(pattern, purl));
}

const isExpired = ({ expires }: IgnoreEntry, now: Date): boolean => expires !== undefined && expires < now;

function remark(entry: IgnoreEntry, met: boolean, now: Date): Diagnostic | undefined {
  const day = entry.expires?.toISOString().slice(0, 10);
  const at = { path: entry.source, ...(entry.line !== undefined && { line: entry.line }) };
  const name = `${entry.id} (${entry.place})`;
  if (!met && entry.standing) return undefined;
  if (!met)
    return { code: 'ignore-file/unused', severity: 'info', message: `${name} met no finding of this scan`, ...at };
  if (isExpired(entry, now))
    return {
      code: 'ignore-file/expired',
      severity: 'info',
      message: `${name} expired on ${day!} and counts no more`,
      ...at,
    };
  return undefined;
}

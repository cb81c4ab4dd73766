/** Verdicts in words: the message of a denial, warnings, and annotations for the audit log. */
import type { FactFinding } from './image-facts.js';
import type { AcceptedFinding, ImageVerdict, Problem } from './decide.js';

/** Findings named in one line. */
const NAMED = 3;

export function problemText({ text, findings = [] }: Problem): string {
  if (findings.length === 0) return text;
  const more = findings.length - NAMED;
  return `${text}: ${findings.slice(0, NAMED).map(findingText).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** `CVE-2024-1 (CRITICAL) in openssl 1.1.1t, fixed in 1.1.1w` */
export function findingText(finding: FactFinding): string {
  const { id, severity, exploited, epss, fixedVersion } = finding;
  // Only where it stands out: most are far below a percent.
  const likely = epss !== undefined && epss >= 0.01 ? `, EPSS ${epss.toFixed(2)}` : '';
  const fix = fixedVersion === undefined ? 'no fix yet' : `fixed in ${fixedVersion}`;
  return `${id} (${severity}${exploited ? ', exploited' : ''}${likely}) in ${finding.package} ${finding.version}, ${fix}`;
}

/** One warning for each finding that is named, so that none is cut; the worst come first. */
export function* imageWarnings(image: string, verdict: ImageVerdict): Generator<string> {
  const name = shortImage(image);
  for (const problem of verdict.problems) {
    const { findings = [] } = problem;
    if (findings.length === 0) yield `${name}: ${problem.text}`;
    for (const finding of findings.slice(0, NAMED)) yield `${name}: ${findingText(finding)}`;
    if (findings.length > NAMED) yield `${name}: and ${findings.length - NAMED} more vulnerabilities not allowed`;
  }
  for (const note of verdict.notes) yield `${name}: ${note}`;
  const first = verdict.accepted.reduce((least, { expires }) => Math.min(least, expires), Infinity);
  if (Number.isFinite(first)) {
    const ids = [...new Set(verdict.accepted.map(({ id }) => id))];
    yield `${name}: ${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', ...' : ''} let through by exception until ${minute(first)}`;
  }
}

/** `CVE-2024-1 until 2026-12-31T00:00Z by VulnerabilityException shop/openssl (not reachable; team-shop)` */
export function acceptedText({ id, reason, expires, by, owner }: AcceptedFinding): string {
  return `${id} until ${minute(expires)} by ${by} (${reason}${owner === undefined ? '' : `; ${owner}`})`;
}

const minute = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;

/** Long digests and registry paths would leave no room for the finding. */
function shortImage(image: string): string {
  const short = image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');
  return short.length <= 90 ? short : `...${short.slice(-87)}`;
}

/**
 * The judgement of one image by one policy: a pure function of the policy, what is known of the image, and the time.
 * The time counts through exceptions that expire, findings that leave their grace, and facts that grow too old; the
 * verdict says until when it holds, so that it can be kept until then.
 */
import { acceptedBy, exceptionsFor, type FindingException } from '#policy';
import type { FactFinding, ImageFacts, JudgedImage, Measure } from './image-facts.js';
import { type ImagePolicy, measuresOf } from './image-policy.js';
import { mustBeSigned } from './signature-policy.js';

export interface ImageVerdict {
  /** Why the image must not run; none: it may. */
  readonly problems: readonly Problem[];
  /** What is worth telling although it breaks no rule. */
  readonly notes: readonly string[];
  /** Exceptions that let findings through. */
  readonly accepted: readonly AcceptedFinding[];
  /** Milliseconds since 1970; absent: as long as policy and facts stay. */
  readonly validUntil?: number;
}

export type ProblemCode =
  'invalid' | 'registry' | 'digest' | 'signature' | 'unknown' | 'incomplete' | 'age' | 'vulnerability' | 'policy';

export interface Problem {
  readonly code: ProblemCode;
  /** For `vulnerability`, without the findings. */
  readonly text: string;
  /** Worst first; for `vulnerability` only. */
  readonly findings?: readonly FactFinding[];
}

export interface AcceptedFinding {
  readonly id: string;
  readonly reason: string;
  readonly expires: number;
  /** Name of the exception. */
  readonly by: string;
  readonly owner?: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `exceptions` are those of the namespace; the policy may not want them. */
export function decide(
  policy: ImagePolicy,
  image: JudgedImage,
  now: Date,
  exceptions: readonly FindingException[] = [],
): ImageVerdict {
  const time = now.getTime();
  const problems = [...referenceProblems(policy, image)];
  const facts = knownFacts(policy, image, time);
  if (typeof facts === 'string') {
    if (policy.unknownImage !== 'allow') problems.push({ code: 'unknown', text: facts });
    return { problems, notes: policy.unknownImage === 'allow' ? [facts] : [], accepted: [] };
  }
  const notes: string[] = [];
  for (const gap of gapsOf(policy, facts)) {
    if (policy.incompleteScan === 'deny') problems.push({ code: 'incomplete', text: gap });
    else notes.push(`not everything was assessed: ${gap}`);
  }
  const old = policy.maxImageAgeDays === undefined ? undefined : tooOld(facts, policy.maxImageAgeDays, time);
  if (typeof old === 'string') problems.push({ code: 'age', text: old });
  const judged = judgeFindings(policy, image, distinct(facts), exceptions, time);
  if (judged.blocking.length > 0) {
    problems.push({
      code: 'vulnerability',
      text: `${judged.blocking.length} ${judged.blocking.length === 1 ? 'vulnerability' : 'vulnerabilities'} not allowed`,
      findings: judged.blocking,
    });
  }
  const ages = policy.maxScanAgeHours ? facts.map((one) => one.scannedAt + policy.maxScanAgeHours! * HOUR) : [];
  const until = Math.min(...judged.changes, ...ages, typeof old === 'number' ? old : Infinity);
  return { problems, notes, accepted: judged.accepted, ...(Number.isFinite(until) && { validUntil: until }) };
}

function* referenceProblems(policy: ImagePolicy, image: JudgedImage): Generator<Problem> {
  if (image.invalid !== undefined) {
    yield { code: 'invalid', text: image.invalid };
    return;
  }
  const below = (registry: string): boolean =>
    image.repository === registry || image.repository.startsWith(`${registry}/`);
  if (policy.allowedRegistries.length > 0 && !policy.allowedRegistries.some(below))
    yield { code: 'registry', text: `${image.repository} is not below an allowed registry` };
  if (policy.requireDigest && !image.pinned) yield { code: 'digest', text: 'the image must be named by its digest' };
  const { signatures } = policy;
  if (signatures && mustBeSigned(signatures, image)) {
    const { status, detail } = image.signatures.get(signatures.hash) ?? unknownSignature;
    if (status !== 'valid') yield { code: 'signature', text: `a signature is required: ${detail}` };
  }
}

/** Of images whose digest is not known. */
const unknownSignature = { status: 'pending', detail: 'nothing is known of the image' } as const;

/** Why the image counts as unknown, or the facts of the platforms it has. */
function knownFacts(policy: ImagePolicy, image: JudgedImage, time: number): readonly ImageFacts[] | string {
  const { knowledge } = image;
  if (knowledge.kind === 'unknown') return knowledge.reason;
  const present = knowledge.facts.filter((one) => !one.absent);
  if (present.length === 0) return 'the image has no variant for the platforms of this cluster';
  const hours = policy.maxScanAgeHours;
  if (hours !== undefined && present.some((one) => one.scannedAt + hours * HOUR <= time))
    return `the last scan is older than ${hours} hours`;
  return present;
}

function* gapsOf(policy: ImagePolicy, facts: readonly ImageFacts[]): Generator<string> {
  const incomplete = facts.find((one) => one.incomplete !== undefined)?.incomplete;
  if (incomplete !== undefined) yield incomplete;
  for (const measure of measuresOf(policy))
    if (facts.some(({ lacking }) => lacking?.includes(measure))) yield lackingTexts[measure];
}

const lackingTexts: Readonly<Record<Measure, string>> = {
  exploited: 'the advisory database does not tell what is known to be exploited',
  epss: 'the advisory database does not tell how likely findings are to be exploited (EPSS)',
  created: 'the image does not tell when it was made',
};

/** Why, or when it will be; the oldest platform counts. */
function tooOld(facts: readonly ImageFacts[], days: number, time: number): string | number | undefined {
  const made = Math.min(...facts.map(({ createdAt = Infinity }) => createdAt));
  if (!Number.isFinite(made)) return undefined;
  const end = made + days * DAY;
  return end > time ? end : `the image was made ${Math.floor((time - made) / DAY)} days ago, and ${days} are allowed`;
}

/** Of all platforms, each finding once; worst first, as each list is. */
function distinct(facts: readonly ImageFacts[]): readonly FactFinding[] {
  if (facts.length === 1) return facts[0]!.findings;
  const found = new Map<string, FactFinding>();
  for (const { findings } of facts)
    for (const one of findings) found.set(`${one.id} ${one.package} ${one.version}`, one);
  return [...found.values()];
}

function judgeFindings(
  policy: ImagePolicy,
  image: JudgedImage,
  findings: readonly FactFinding[],
  exceptions: readonly FindingException[],
  time: number,
) {
  const blocking: FactFinding[] = [];
  const accepted: AcceptedFinding[] = [];
  /** Times at which the outcome may be another. */
  const changes: number[] = [];
  const all = policy.exceptionResources ? [...policy.exceptions, ...exceptions] : policy.exceptions;
  const candidates = exceptionsFor(all, [image]);
  for (const finding of findings) {
    const counts = countsFrom(policy, finding);
    if (counts === undefined) continue;
    if (counts > time) {
      changes.push(counts);
      continue;
    }
    const exception = acceptedBy(candidates, finding, time);
    if (!exception) {
      blocking.push(finding);
      continue;
    }
    const { name: by, owner, reason, expires } = exception;
    changes.push(expires);
    accepted.push({ id: finding.id, reason, expires, by, ...(owner !== undefined && { owner }) });
  }
  return { blocking, accepted, changes };
}

/** When a finding begins to count; `undefined`: never. */
function countsFrom({ vulnerabilities: rule }: ImagePolicy, finding: FactFinding): number | undefined {
  if (rule.knownExploited && finding.exploited) return -Infinity;
  if (rule.epss !== undefined && finding.epss !== undefined && finding.epss >= rule.epss) return -Infinity;
  if (!rule.severities.includes(finding.severity)) return undefined;
  if (rule.fixableOnly && finding.fixedVersion === undefined) return undefined;
  // Without a date of publication there is no grace.
  return finding.publishedAt === undefined ? -Infinity : finding.publishedAt + rule.graceDays * DAY;
}

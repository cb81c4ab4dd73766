/** Many judgements of one request become one answer. Every policy must agree; the strictest outcome counts. */
import type { AdmissionRequest, AdmissionResponse } from './admission-review.js';
import type { ImageVerdict } from './decide.js';
import type { JudgedImage } from './image-facts.js';
import type { ImagePolicy } from './image-policy.js';
import type { SignatureVerdict } from './signature-verdicts.js';
import { acceptedText, imageWarnings, problemText } from './verdict-text.js';

export interface Judgement {
  readonly policy: Pick<ImagePolicy, 'name' | 'mode' | 'breakGlass'>;
  readonly image: Pick<JudgedImage, 'text'> & Partial<JudgedImage>;
  readonly verdict: ImageVerdict;
}

export interface Combined {
  readonly outcome: 'allow' | 'warn' | 'audit' | 'deny' | 'break-glass';
  readonly response: AdmissionResponse;
}

/** `breakGlass` is the reason that the object gives for going past the policies. */
export function combine(
  request: Pick<AdmissionRequest, 'user'>,
  judgements: readonly Judgement[],
  breakGlass: string | undefined,
): Combined {
  const broken = judgements.filter(({ verdict }) => verdict.problems.length > 0);
  const denied = broken.filter(({ policy }) => policy.mode === 'enforce');
  const mayBreak =
    breakGlass !== undefined && breakGlass !== '' && denied.every(({ policy }) => mayPass(policy, request));
  const outcome =
    denied.length > 0
      ? mayBreak
        ? 'break-glass'
        : 'deny'
      : broken.some(isWarning)
        ? 'warn'
        : broken.length > 0
          ? 'audit'
          : 'allow';
  const shown = judgements.filter(({ policy }) => policy.mode !== 'audit');
  const warnings = [...new Set(shown.flatMap(({ image, verdict }) => [...imageWarnings(image.text, verdict)]))];
  const response: AdmissionResponse = {
    allowed: outcome !== 'deny',
    auditAnnotations: annotations(outcome, judgements, broken, outcome === 'break-glass' ? breakGlass : undefined),
    // The message of a denial says it all.
    ...(outcome !== 'deny' && warnings.length > 0 && { warnings }),
    ...(outcome === 'deny' && { message: message(denied, breakGlass !== undefined) }),
  };
  return { outcome, response };
}

const isWarning = ({ policy }: Judgement): boolean => policy.mode === 'warn';

function mayPass({ breakGlass }: Judgement['policy'], { user }: Pick<AdmissionRequest, 'user'>): boolean {
  const { allowed, groups } = breakGlass;
  return allowed && (groups.length === 0 || groups.some((group) => user.groups.includes(group)));
}

/** Images named in one message. */
const NAMED = 5;

function message(denied: readonly Judgement[], triedBreakGlass: boolean): string {
  const parts = denied
    .slice(0, NAMED)
    .map(
      ({ image, policy, verdict }) => `${image.text}: ${verdict.problems.map(problemText).join('; ')} (${policy.name})`,
    );
  if (denied.length > NAMED) parts.push(`and ${denied.length - NAMED} more`);
  if (triedBreakGlass) parts.push('breaking the glass is not allowed to you by the policy');
  return parts.join(' | ');
}

function annotations(
  outcome: Combined['outcome'],
  judgements: readonly Judgement[],
  broken: readonly Judgement[],
  breakGlass: string | undefined,
): Record<string, string> {
  const accepted = judgements.flatMap(({ verdict }) => verdict.accepted.map(acceptedText));
  const databases = judgements.flatMap(({ image: { knowledge } }) =>
    knowledge?.kind === 'assessed' ? knowledge.facts.map(({ databaseVersion }) => databaseVersion) : [],
  );
  const found: Record<string, string> = {
    verdict: outcome,
    policy: distinct(judgements.map(({ policy }) => policy.name)),
    images: distinct(judgements.map(({ image }) => (image.digest ? `${image.text} ${image.digest}` : image.text))),
  };
  const signers = judgements.flatMap(({ image: { text, signatures = new Map<string, SignatureVerdict>() } }) =>
    [...signatures.values()].flatMap(({ status, detail }) => (status === 'valid' ? [`${text} by ${detail}`] : [])),
  );
  if (signers.length > 0) found['signatures'] = distinct(signers);
  if (databases.length > 0) found['database'] = distinct(databases);
  if (broken.length > 0)
    found['problems'] = distinct(
      broken.flatMap(({ image, verdict }) => verdict.problems.map((p) => `${image.text}: ${problemText(p)}`)),
    );
  if (accepted.length > 0) found['exceptions'] = distinct(accepted);
  if (breakGlass !== undefined) found['break-glass'] = breakGlass;
  return found;
}

const distinct = (texts: readonly string[]): string => [...new Set(texts)].join(', ');

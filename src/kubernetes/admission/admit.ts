/**
 * Judges requests: which images are new, what is known of them, what the policies of the namespace say.
 * The ordinary way is look-ups in memory; the registry is asked for tags that are not known, nothing is scanned here.
 */
import type { World } from '#platform';
import type { AdmissionRequest, AdmissionResponse } from './admission-review.js';
import type { ExceptionSet, NamespaceExceptions } from '../exceptions/namespace-exceptions.js';
import { BoundedMap } from './bounded-map.js';
import { decide, type ImageVerdict } from './decide.js';
import type { JudgedImage } from './image-facts.js';
import { type ImagePolicy, measuresOf } from './image-policy.js';
import { knowImage, type KnowledgeSources } from './know-image.js';
import { isJudgedKind, newImages, objectAnnotation, objectImages, wantedPlatform } from './object-images.js';
import { type BrokenPolicy, isBroken, type Policies } from './policies.js';
import { combine, type Judgement } from './combine.js';

export interface AdmissionOptions extends KnowledgeSources {
  readonly policies: Policies;
  readonly exceptions: Pick<NamespaceExceptions, 'of'>;
  /** Of the nodes of the cluster, `os/arch`. */
  platforms(): readonly string[];
  onDecision(decision: Decision): void;
}

export interface Decision {
  readonly outcome: 'allow' | 'warn' | 'audit' | 'deny' | 'break-glass';
  readonly kind: string;
  readonly operation: string;
  readonly dryRun: boolean;
  /** Images of which nothing was known. */
  readonly unknown: number;
}

export interface Admission {
  /** `budget` is when the API server gives up, milliseconds from now. */
  validate(request: AdmissionRequest, budget: number): Promise<AdmissionResponse>;
}

export const breakGlassAnnotation = 'pratique.dev/break-glass';
const mirrorAnnotation = 'kubernetes.io/config.mirror';
/** Images known at the same time. */
const PARALLEL = 8;

export function createAdmission(options: AdmissionOptions, world: World): Admission {
  const verdicts = new BoundedMap<ImageVerdict>(20_000);

  function verdictOf(policy: ImagePolicy, image: JudgedImage, exceptions: ExceptionSet, now: Date): ImageVerdict {
    const key = verdictKey(policy, image, exceptions);
    const kept = key === undefined ? undefined : verdicts.get(key);
    if (kept && (kept.validUntil ?? Infinity) > now.getTime()) return kept;
    const verdict = decide(policy, image, now, exceptions.all);
    if (key !== undefined) verdicts.set(key, verdict);
    return verdict;
  }

  return {
    async validate(request, budget) {
      const { kind, operation, dryRun } = request;
      const end = performance.now() + budget;
      const tell = (outcome: Decision['outcome'], unknown = 0): void =>
        options.onDecision({ outcome, kind: isJudgedKind(kind) ? kind : 'other', operation, dryRun, unknown });
      const texts = imagesToJudge(request);
      if (texts.length === 0) {
        tell('allow');
        return { allowed: true };
      }
      if (isMirrorPod(request)) {
        // The node runs it already; refusing its mirror would only hide it.
        tell('allow');
        return { allowed: true, auditAnnotations: { verdict: 'allow', reason: 'mirror of a static pod' } };
      }
      const policies = options.policies.of(request.namespace);
      const images = await knowAll(texts, request, policies, () => end - performance.now());
      const now = world.clock.now();
      const exceptions = options.exceptions.of(request.namespace);
      const judgements = policies.flatMap((policy): Judgement[] =>
        isBroken(policy)
          ? [brokenJudgement(policy, texts[0]!)]
          : images.map((image) => ({ policy, image, verdict: verdictOf(policy, image, exceptions, now) })),
      );
      const annotation = objectAnnotation(kind, request.object, breakGlassAnnotation);
      const { outcome, response } = combine(request, judgements, annotation);
      if (outcome === 'break-glass')
        world.log.warn('admitted by break-glass', {
          namespace: request.namespace,
          name: request.name,
          user: request.user.name,
          reason: annotation,
          dryRun,
        });
      tell(outcome, images.filter(({ knowledge }) => knowledge.kind === 'unknown').length);
      return response;
    },
  };

  async function knowAll(
    texts: readonly string[],
    request: AdmissionRequest,
    policies: readonly (ImagePolicy | BrokenPolicy)[],
    budget: () => number,
  ): Promise<readonly JudgedImage[]> {
    const whole = policies.filter((policy): policy is ImagePolicy => !isBroken(policy));
    const waits = whole.map((policy) => (policy.unknownImage === 'wait' ? policy.waitSeconds * 1000 : 0));
    const knowledge = {
      platforms: platformsFor(request, options.platforms()),
      dryRun: request.dryRun,
      signatures: whole.flatMap(({ signatures }) => signatures ?? []),
      measures: [...new Set(whole.flatMap((policy) => [...measuresOf(policy)]))],
      wait: Math.max(0, ...waits),
      budget,
    };
    const images: JudgedImage[] = [];
    for (let i = 0; i < texts.length; i += PARALLEL) {
      const some = texts.slice(i, i + PARALLEL).map((text) => knowImage(text, knowledge, options));
      images.push(...(await Promise.all(some)));
    }
    return images;
  }
}

/** Each image once. */
function imagesToJudge({ kind, operation, object, oldObject }: AdmissionRequest): readonly string[] {
  const places =
    operation === 'CREATE'
      ? objectImages(kind, object)
      : operation === 'UPDATE'
        ? newImages(kind, object, oldObject)
        : [];
  return [...new Set(places.map(({ image }) => image))];
}

/** Only nodes may make them; the annotation alone proves nothing. */
const isMirrorPod = ({ kind, object, user }: AdmissionRequest): boolean =>
  kind === 'Pod' &&
  user.groups.includes('system:nodes') &&
  objectAnnotation(kind, object, mirrorAnnotation) !== undefined;

function platformsFor({ kind, object }: AdmissionRequest, all: readonly string[]): readonly string[] {
  const { os, arch } = wantedPlatform(kind, object);
  if (os === undefined && arch === undefined) return all;
  const fitting = all.filter((platform) => {
    const [itsOs, itsArch] = platform.split('/');
    return (os ?? itsOs) === itsOs && (arch ?? itsArch) === itsArch;
  });
  return fitting.length > 0 ? fitting : [`${os ?? 'linux'}/${arch ?? 'amd64'}`];
}

/** `undefined`: nothing is known, so there is nothing to keep. */
function verdictKey(
  policy: ImagePolicy,
  { repository, digest, pinned, signatures, knowledge }: JudgedImage,
  exceptions: ExceptionSet,
): string | undefined {
  if (knowledge.kind === 'unknown') return undefined;
  const facts = knowledge.facts.map((one) => `${one.platform ?? ''} ${one.scannedAt} ${one.databaseVersion}`).join(' ');
  const signature = policy.signatures && signatures.get(policy.signatures.hash);
  const signed = signature ? `${signature.status} ${signature.detail}` : '';
  return `${policy.hash} ${exceptions.hash} ${repository} ${digest} ${pinned} ${signed} ${facts}`;
}

const brokenJudgement = (policy: BrokenPolicy, text: string): Judgement => ({
  policy: { name: policy.name, mode: 'enforce', breakGlass: { allowed: false, groups: [] } },
  image: { text },
  verdict: {
    problems: [{ code: 'policy', text: `the policy cannot be read: ${policy.problem}` }],
    notes: [],
    accepted: [],
  },
});

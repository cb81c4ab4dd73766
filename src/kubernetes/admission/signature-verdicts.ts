/**
 * Which images are signed by whom a policy trusts. Asked of registries in the background; answers come from memory.
 * Limits  10,000 verdicts, 4 verifications at a time, 1,000 waiting. A valid signature is believed for a day, then looked at
 *         again while it counts; a missing one for 15 seconds, since it may be on its way; a failure for 10 seconds.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import type { ImageToVerify, SignatureOutcome, SignatureRule } from '#signatures';
import { BoundedMap } from './bounded-map.js';

export interface SignatureVerdict {
  readonly status: 'valid' | 'invalid' | 'failed' | 'pending';
  /** Who signed, or why it does not count. */
  readonly detail: string;
}

/** A rule with the hash by which its verdicts are kept. */
export interface HashedRule {
  readonly rule: SignatureRule;
  readonly hash: string;
}

export interface SignatureVerdicts {
  /** What is known; what is not is found out in the background. */
  look(image: ImageToVerify, rule: HashedRule): SignatureVerdict;
  /** Resolves once something is known, or after `ms` milliseconds. */
  arrival(image: ImageToVerify, rule: HashedRule, ms: number): Promise<void>;
}

/** Throws when it cannot be found out. */
export type VerifyImage = (image: ImageToVerify, rule: SignatureRule, signal: AbortSignal) => Promise<SignatureOutcome>;

interface Known {
  readonly verdict: SignatureVerdict;
  readonly freshUntil: number;
}

const fresh = { valid: 86_400_000, invalid: 15_000, failed: 10_000, pending: 0 } as const;
const PARALLEL = 4;
const WAITING = 1000;
const LONGEST = 60_000;

export function createSignatureVerdicts(
  verify: VerifyImage,
  world: World,
  onResult: (status: SignatureVerdict['status']) => void = () => {},
): SignatureVerdicts {
  const known = new BoundedMap<Known>(10_000);
  const waiting = new Map<string, () => Promise<void>>();
  const running = new Map<string, Promise<void>>();
  const arrivals = new Map<string, Set<() => void>>();
  const now = (): number => world.clock.now().getTime();

  function pump(): void {
    while (running.size < PARALLEL && !world.signal.aborted) {
      const next = waiting.entries().next().value;
      if (!next) return;
      const [key, work] = next;
      waiting.delete(key);
      running.set(
        key,
        work().finally(() => {
          running.delete(key);
          for (const wake of arrivals.get(key) ?? []) wake();
          pump();
        }),
      );
    }
  }

  async function find(key: string, image: ImageToVerify, { rule }: HashedRule): Promise<void> {
    const verdict = await outcome(image, rule);
    if (!verdict) return;
    onResult(verdict.status);
    const old = known.get(key);
    // A registry that is away takes no signature back.
    const kept = verdict.status === 'failed' && old?.verdict.status === 'valid' ? old.verdict : verdict;
    known.set(key, { verdict: kept, freshUntil: now() + fresh[verdict.status] });
  }

  /** `undefined`: the program ends. */
  async function outcome(image: ImageToVerify, rule: SignatureRule): Promise<SignatureVerdict | undefined> {
    try {
      const found = await verify(image, rule, AbortSignal.any([world.signal, AbortSignal.timeout(LONGEST)]));
      return { status: found.status, detail: found.status === 'valid' ? found.by : found.reason };
    } catch (error) {
      if (world.signal.aborted) return undefined;
      const detail = error instanceof Error ? error.message : String(error);
      const level = error instanceof PratiqueError ? 'warn' : 'error';
      world.log[level]('a signature could not be verified', { image: nameOf(image), reason: detail });
      return { status: 'failed', detail };
    }
  }

  function begin(key: string, image: ImageToVerify, rule: HashedRule): boolean {
    if (waiting.has(key) || running.has(key)) return true;
    if (waiting.size >= WAITING) return false;
    waiting.set(key, () => find(key, image, rule));
    pump();
    return true;
  }

  return {
    look(image, rule) {
      const key = keyOf(image, rule);
      const found = known.get(key);
      if (found && found.freshUntil > now()) return found.verdict;
      const begun = begin(key, image, rule);
      if (found) return found.verdict;
      return {
        status: 'pending',
        detail: begun ? 'it is being verified, try again in a moment' : 'too many others wait to be verified',
      };
    },
    arrival(image, rule, ms) {
      const key = keyOf(image, rule);
      if (!waiting.has(key) && !running.has(key)) return Promise.resolve();
      return new Promise((resolve) => {
        const list = arrivals.get(key) ?? new Set();
        const end = (): void => {
          clearTimeout(timer);
          list.delete(end);
          if (list.size === 0) arrivals.delete(key);
          resolve();
        };
        const timer = setTimeout(end, Math.max(0, ms));
        arrivals.set(key, list.add(end));
      });
    },
  };
}

const nameOf = ({ repository, digest }: ImageToVerify): string => `${repository}@${digest}`;

/** By repository, too: signatures lie beside the image. */
const keyOf = (image: ImageToVerify, { hash }: HashedRule): string => `${hash} ${nameOf(image)}`;

/** What the secret scanner looks for and what it lets pass: rules as data. */
import type { Severity } from '#model';

/** A credential of one provider in one of its forms. */
export interface SecretRule {
  /** As users write it in `disable-rules` and ignore files. */
  readonly id: string;
  /** The provider. */
  readonly category: string;
  readonly title: string;
  readonly severity: Severity;
  readonly shapes: readonly Shape[];
  /** Only files whose path matches. */
  readonly path?: RegExp;
  /** Bits per character, below which the secret is taken for a placeholder. */
  readonly minEntropy?: number;
}

/**
 * One form of a secret. Files are bytes: patterns are matched against text with one character per byte.
 * Every repetition in a pattern is bounded, so that each trigger costs a bounded number of steps.
 */
export interface Shape {
  /** ASCII texts in lower case. Every match has one of them, in any case, at the place where `find` is asked. */
  readonly triggers: readonly string[];
  /** Bytes before the trigger that the match may begin in or depend on. */
  readonly before: number;
  /** Bytes from the start of the trigger on that the match may end in or depend on. */
  readonly after: number;
  find(text: string, at: number): Match | undefined;
}

/** Places in the text. The whole match is what allow rules look at, the secret is what is reported and hidden. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

/** Lets files or matches pass. */
export interface AllowRule {
  readonly id: string;
  readonly path?: RegExp;
  readonly match?: RegExp;
}

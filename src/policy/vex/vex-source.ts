/** Whoever can say that a vulnerability does not matter to a product: documents and repositories. */
import type { PackageUrl } from '#formats';

/** A package, or the artifact that was scanned. */
export interface Component {
  /** Every package URL it is known by. */
  readonly purls: readonly PackageUrl[];
  /** Verbatim names: package URLs as text, references inside a bill of materials. */
  readonly names: readonly string[];
}

export interface Verdict {
  readonly status: 'not_affected' | 'fixed';
  readonly statement: string;
  readonly source: string;
}

export interface VexSource {
  /**
   * Whether the vulnerability of `leaf` does not reach `product`, one of its ancestors or itself.
   * `undefined` where the source says nothing, or that it does.
   */
  judge(vulnerability: string, product: Component, leaf: Component): Verdict | undefined;
}

/** Several as one: the first that says something decides. */
export function firstVerdict(sources: readonly VexSource[]): VexSource {
  return {
    judge(vulnerability, product, leaf) {
      for (const source of sources) {
        const verdict = source.judge(vulnerability, product, leaf);
        if (verdict) return verdict;
      }
      return undefined;
    },
  };
}

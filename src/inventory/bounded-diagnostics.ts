/**
 * Diagnostics of one tree. Of each code the first thousand are kept, and one more tells how many there were besides: a
 * tree of a million broken files must not cost a million lines.
 */
import type { Diagnostic } from '#model';

const MOST = 1000;

export class BoundedDiagnostics {
  readonly #kept: Diagnostic[] = [];
  readonly #counts = new Map<string, { first: Diagnostic; count: number }>();

  add(diagnostic: Diagnostic): void {
    const seen = this.#counts.get(diagnostic.code);
    if (!seen) this.#counts.set(diagnostic.code, { first: diagnostic, count: 1 });
    else if (++seen.count > MOST) return;
    this.#kept.push(diagnostic);
  }

  list(): readonly Diagnostic[] {
    const rest = [...this.#counts.values()].filter(({ count }) => count > MOST);
    return [
      ...this.#kept,
      ...rest.map(({ first: { code, severity }, count }) => ({
        code,
        severity,
        message: `${count - MOST} more of the same kind, which are not listed`,
      })),
    ];
  }
}

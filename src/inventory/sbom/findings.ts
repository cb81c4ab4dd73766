/** Gathers what a bill of materials leaves out: things of one kind become one diagnostic with their number and examples. */
import type { Diagnostic } from '#model';

interface Kind {
  readonly severity: Diagnostic['severity'];
  /** Follows the number: `3 components …`. */
  readonly message: string;
}

const kinds = {
  incomplete: { severity: 'error', message: 'packages beyond the limit of one bill of materials were not assessed' },
  'invalid-purl': { severity: 'error', message: 'components with a malformed package URL were not assessed' },
  'name-differs': {
    severity: 'warning',
    message: 'packages go by another name in their package URL; advisories were looked up by the component name',
  },
  'no-purl': { severity: 'warning', message: 'components without a package URL were not assessed' },
  'several-systems': { severity: 'warning', message: 'further operating systems; packages count for the first' },
  'source-assumed': {
    severity: 'warning',
    message: 'system packages do not name their source package; the name of the binary package was used',
  },
  'unknown-purl-type': {
    severity: 'warning',
    message: 'components with a package URL of a type without advisories were not assessed',
  },
} as const satisfies Record<string, Kind>;

export type FindingKind = keyof typeof kinds;

const maxExamples = 5;

export class Findings {
  readonly #subjects = new Map<FindingKind, Set<string>>();

  note(kind: FindingKind, subject: string): void {
    let subjects = this.#subjects.get(kind);
    if (!subjects) this.#subjects.set(kind, (subjects = new Set()));
    subjects.add(subject);
  }

  diagnostics(): Diagnostic[] {
    return [...this.#subjects].map(([kind, subjects]) => {
      const { severity, message } = kinds[kind];
      const shown = [...subjects].slice(0, maxExamples).join(', ');
      const more = subjects.size > maxExamples ? ` and ${subjects.size - maxExamples} more` : '';
      return { code: `sbom/${kind}`, severity, message: `${message}: ${subjects.size} (${shown}${more})` };
    });
  }
}

/** Gathers what could not be assessed; things of one kind become one diagnostic with their number and a few examples. */
import type { Diagnostic } from '#model';

export type NoteCode =
  | 'match/advisories-missing'
  | 'match/content-sets-assumed'
  | 'match/content-sets-missing'
  | 'match/end-of-life'
  | 'match/no-source-package'
  | 'match/no-version'
  | 'match/third-party'
  | 'match/undetermined-advisory'
  | 'match/undetermined-version'
  | 'match/unknown-release'
  | 'match/unsupported';

const severities: Readonly<Record<NoteCode, Diagnostic['severity']>> = {
  'match/advisories-missing': 'error',
  'match/content-sets-assumed': 'warning',
  'match/content-sets-missing': 'error',
  'match/end-of-life': 'warning',
  'match/no-source-package': 'warning',
  'match/no-version': 'info',
  'match/third-party': 'info',
  'match/undetermined-advisory': 'warning',
  'match/undetermined-version': 'warning',
  'match/unknown-release': 'warning',
  'match/unsupported': 'error',
};

const EXAMPLES = 5;

interface Group {
  readonly code: NoteCode;
  readonly reason: string;
  readonly subjects: Set<string>;
}

export class Notes {
  readonly #groups = new Map<string, Group>();

  /** One thing that was met once. */
  state(code: NoteCode, message: string): void {
    this.add(code, message);
  }

  /** One subject (`name version`) of the many that share a reason; a subject counts once. */
  add(code: NoteCode, reason: string, subject?: string): void {
    const key = `${code}\n${reason}`;
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { code, reason, subjects: new Set() }));
    if (subject !== undefined) group.subjects.add(subject);
  }

  has(code: NoteCode): boolean {
    return [...this.#groups.values()].some((group) => group.code === code);
  }

  diagnostics(): Diagnostic[] {
    return [...this.#groups.values()].map(({ code, reason, subjects }) => ({
      code,
      severity: severities[code],
      message: subjects.size === 0 ? reason : `${reason}: ${listed([...subjects])}`,
    }));
  }
}

function listed(subjects: readonly string[]): string {
  const shown = subjects.slice(0, EXAMPLES).join(', ');
  const more = subjects.length - EXAMPLES;
  return `${subjects.length} (${more > 0 ? `${shown} and ${more} more` : shown})`;
}

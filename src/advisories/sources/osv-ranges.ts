/**
 * From the events of OSV ranges to the constraints of the advisory store.
 * Shape   `introduced`, `fixed`, `last_affected`; sorted by version, then read as the specification has it: a version is
 *         affected from an `introduced` to the next `fixed` (without it) or `last_affected` (with it).
 * Yields  one constraint per interval: `>=1.0, <1.2`; `<1.2` where it begins at 0.
 * Errors  FormatError for a range without a beginning, and for events of other kinds (`limit`).
 * Source  https://ossf.github.io/osv-schema/#evaluation
 */
import { FormatError } from '#base';
import { fieldOf, listOf, textOf } from '#formats';
import type { Scheme } from '#versions';

interface Event {
  readonly kind: 'introduced' | 'fixed' | 'last_affected';
  readonly version: string;
}

/** @param everything the constraint of an interval from 0 without an end */
export function osvConstraints(range: unknown, scheme: Pick<Scheme, 'compare'>, everything = '>=0'): string[] {
  const constraints: string[] = [];
  let start: string | undefined;
  for (const { kind, version } of sorted(eventsOf(range), scheme)) {
    if (kind === 'introduced') start ??= version;
    else if (start !== undefined) {
      const end = `${kind === 'fixed' ? '<' : '<='}${version}`;
      constraints.push(start === '0' ? end : `>=${start}, ${end}`);
      start = undefined;
    } else if (constraints.length === 0) throw new FormatError(`a range ends at ${version} and begins nowhere`);
  }
  if (start !== undefined) constraints.push(start === '0' ? everything : `>=${start}`);
  return constraints;
}

function eventsOf(range: unknown): Event[] {
  return listOf(range, 'events').map((event) => {
    for (const kind of ['introduced', 'fixed', 'last_affected'] as const) {
      const version = textOf(event, kind)?.trim();
      if (version) return { kind, version };
    }
    throw new FormatError(
      `a range has an event that is not known: ${Object.keys(fieldOf({ event }, 'event') ?? {})[0]}`,
    );
  });
}

/** As they stand where a version does not compare. An end goes before a beginning at the same version. */
function sorted(events: readonly Event[], scheme: Pick<Scheme, 'compare'>): readonly Event[] {
  const order = (a: Event, b: Event): number | undefined => {
    if (a.version === b.version) return Number(a.kind === 'introduced') - Number(b.kind === 'introduced');
    if (a.version === '0') return -1;
    return b.version === '0' ? 1 : scheme.compare(a.version, b.version);
  };
  const comparable = events.every(
    (event) => event.version === '0' || order(event, { kind: 'fixed', version: '1' }) !== undefined,
  );
  return comparable ? events.toSorted((a, b) => order(a, b) ?? 0) : events;
}

/**
 * YAML with the lines of its keys and elements: files that a user writes, whose mistakes are told by line.
 * Reads, yields, limits and errors: as `yaml.ts`; the first document counts.
 */
import type { Event, EVENT_ID, ScalarEvent } from 'js-yaml';
import { checkYamlSize, yamlError, yamlLimits } from './yaml.js';

export interface LocatedYaml {
  /** `undefined` when there is no document. */
  readonly root: unknown;
  /**
   * 1-based line of a place, `rules[2].regex`; of what encloses it where it is not there itself.
   * `undefined` for what is not below the top of the document.
   */
  lineOf(place: string): number | undefined;
}

export async function parseLocatedYaml(text: string): Promise<LocatedYaml> {
  checkYamlSize(text);
  const {
    constructFromEvents,
    EVENT_ID: kinds,
    FAILSAFE_SCHEMA,
    getScalarValue,
    parseEvents,
  } = await import('js-yaml');
  const source = text.replace(/^\uFEFF/, '');
  try {
    const events = parseEvents(source, { maxDepth: yamlLimits.depth });
    const [root] = constructFromEvents(events, { source, schema: FAILSAFE_SCHEMA, maxAliases: yamlLimits.aliases });
    const walk = new Walk(events, source, kinds, (scalar) => getScalarValue(source, scalar));
    return { root, lineOf: (place) => nearestLine(place, walk.lines) };
  } catch (error) {
    throw await yamlError(error);
  }
}

function nearestLine(place: string, lines: ReadonlyMap<string, number>): number | undefined {
  for (let at = place; at !== ''; at = at.replace(/(?:^|\.)[^.[\]]*$|\[\d+\]$/, '')) {
    const line = lines.get(at);
    if (line !== undefined) return line;
    if (!/[.[]/.test(at)) return undefined;
  }
  return undefined;
}

/** Follows the events of the first document; nested no deeper than they are. */
class Walk {
  readonly lines = new Map<string, number>();
  readonly #events: readonly Event[];
  readonly #kinds: typeof EVENT_ID;
  readonly #textOf: (scalar: ScalarEvent) => string;
  readonly #lineAt: (offset: number) => number;
  /** Behind the event that opens the document. */
  #at = 1;

  constructor(
    events: readonly Event[],
    source: string,
    kinds: typeof EVENT_ID,
    textOf: (scalar: ScalarEvent) => string,
  ) {
    this.#events = events;
    this.#kinds = kinds;
    this.#textOf = textOf;
    this.#lineAt = lineCounter(source);
    if (events.length > 1) this.#node('');
  }

  /** `place` is `undefined` inside a key that is no text. */
  #node(place: string | undefined): void {
    const { type } = this.#events[this.#at++]!;
    if (type !== this.#kinds.SEQUENCE && type !== this.#kinds.MAPPING) return;
    for (let i = 0; !this.#ends(); i++) {
      const below =
        type === this.#kinds.MAPPING ? this.#key(place) : place === undefined ? undefined : `${place}[${i}]`;
      if (type === this.#kinds.SEQUENCE) this.#note(below);
      this.#node(below);
    }
    this.#at++;
  }

  #ends(): boolean {
    const event = this.#events[this.#at];
    return !event || event.type === this.#kinds.POP;
  }

  /** Passes over a key; yields the place of its value. */
  #key(place: string | undefined): string | undefined {
    const event = this.#events[this.#at]!;
    if (place === undefined || event.type !== this.#kinds.SCALAR) {
      this.#node(undefined);
      return undefined;
    }
    const key = this.#textOf(event);
    const below = place === '' ? key : `${place}.${key}`;
    this.#note(below);
    this.#at++;
    return below;
  }

  #note(place: string | undefined): void {
    const event = this.#events[this.#at]!;
    const start = 'start' in event ? event.start : 'valueStart' in event ? event.valueStart : -1;
    if (place !== undefined && start >= 0) this.lines.set(place, this.#lineAt(start));
  }
}

/** Offsets are asked for in rising order, mostly. */
function lineCounter(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length)];
  let line = 0;
  return (offset) => {
    if (starts[line]! > offset) line = 0;
    while (line + 1 < starts.length && starts[line + 1]! <= offset) line++;
    return line + 1;
  };
}

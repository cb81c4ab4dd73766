/**
 * Core metadata of a Python distribution: name, version, licenses.
 * Reads   the header block of METADATA, PKG-INFO and egg-info files: `Key: value` lines up to the first empty one;
 *         keys in any case, lines that start with a blank continue the one before.
 * Yields  nothing when name or version is missing.
 * Errors  none: lines of another shape are passed over.
 * Source  https://packaging.python.org/en/latest/specifications/core-metadata/
 */
import { normalizeLicense, splitLicenses } from '#formats';

export interface CoreMetadata {
  /** As written, not normalised. */
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly string[];
}

export function parseCoreMetadata(text: string): CoreMetadata | undefined {
  const headers = readHeaders(text);
  const name = headers.get('name')?.[0];
  const version = headers.get('version')?.[0];
  return name && version ? { name, version, licenses: licensesOf(headers) } : undefined;
}

/** The expression, else the classifiers, else the free text. */
function licensesOf(headers: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const expression = headers.get('license-expression')?.[0];
  if (expression) return splitLicenses(expression);
  const classified = (headers.get('classifier') ?? [])
    .filter((classifier) => classifier.startsWith('License :: '))
    .map((classifier) => classifier.slice(classifier.lastIndexOf(' :: ') + 4))
    // A group of licenses, not one.
    .filter((name) => name !== 'OSI Approved');
  if (classified.length > 0) return classified.map(normalizeLicense);
  return splitLicenses(headers.get('license')?.[0] ?? '');
}

function readHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of linesOf(text)) {
    if (line === '') break;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last) last[last.length - 1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) {
      last = undefined;
      continue;
    }
    const key = line.slice(0, colon).toLowerCase();
    last = headers.get(key) ?? [];
    last.push(line.slice(colon + 1).trim());
    headers.set(key, last);
  }
  return headers;
}

/** Lazily: what follows the headers may be a whole manual. */
function* linesOf(text: string): Generator<string, void, undefined> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const line = end < 0 ? text.slice(start) : text.slice(start, end);
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    if (end < 0) return;
    start = end + 1;
  }
}

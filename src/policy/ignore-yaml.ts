/**
 * The ignore file in YAML.
 * Shape   lists `vulnerabilities`, `misconfigurations`, `secrets` and `licenses`; an entry has `id`, and may have
 *         `paths` (globs), `purls` (vulnerabilities only), `expired_at` (a day or time) and `statement`.
 * Yields  an entry each.
 * Errors  `FormatError` with line and field for a wrong type, glob, package URL or time; an unknown key or an entry
 *         without id is a diagnostic.
 * Source  https://trivy.dev/latest/docs/configuration/filtering/#trivyignoreyaml
 */
import { compileGlob, FormatError } from '#base';
import { decodePurl, fieldOf, isTable, parseLocatedYaml, type PackageUrl } from '#formats';
import type { Diagnostic } from '#model';
import { parseExpiry, type FindingKind, type IgnoreEntry, type IgnoreFile } from './ignore-entry.js';

const kinds: ReadonlyMap<string, FindingKind> = new Map([
  ['vulnerabilities', 'vulnerability'],
  ['misconfigurations', 'misconfiguration'],
  ['secrets', 'secret'],
  ['licenses', 'license'],
]);
const keys: ReadonlySet<string> = new Set(['id', 'paths', 'purls', 'expired_at', 'statement']);
const maxEntries = 100_000;

export async function parseIgnoreYaml(text: string, source: string): Promise<IgnoreFile> {
  const { root, lineOf } = await parseLocatedYaml(text);
  try {
    return readDocument(root, source, lineOf);
  } catch (error) {
    // Messages begin with the place.
    const line = error instanceof FormatError ? lineOf(error.message.split(/:? /)[0]!) : undefined;
    throw line === undefined ? error : new FormatError(`line ${line}: ${(error as Error).message}`, { cause: error });
  }
}

type LineOf = (place: string) => number | undefined;

function readDocument(document: unknown, source: string, lineOf: LineOf): IgnoreFile {
  const entries: IgnoreEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const warn = (code: string, place: string, message: string): void =>
    void diagnostics.push({
      code: `ignore-file/${code}`,
      severity: 'warning',
      message: `${place} ${message}`,
      path: source,
      ...lineAt(place, lineOf),
    });
  if (isBlank(document)) return { entries, diagnostics };
  if (!isTable(document)) throw new FormatError('the top level is not a mapping');
  for (const [section, list] of Object.entries(document)) {
    const kind = kinds.get(section);
    if (!kind) {
      warn('unknown-key', section, `is not known; there are ${[...kinds.keys()].join(', ')}`);
      continue;
    }
    if (isBlank(list)) continue;
    if (!Array.isArray(list)) throw new FormatError(`${section} is not a list`);
    if (list.length > maxEntries) throw new FormatError(`${section} has more than ${maxEntries} entries`);
    for (const [i, element] of (list as unknown[]).entries()) {
      const place = `${section}[${i}]`;
      if (!isTable(element)) throw new FormatError(`${place} is not a mapping with an id`);
      for (const key of Object.keys(element))
        if (!keys.has(key)) warn('unknown-key', `${place}.${key}`, 'is not known');
      const entry = readEntry(element, place, kind, source);
      if (entry) entries.push({ ...entry, ...lineAt(place, lineOf) });
      else warn('no-id', place, 'has no id and ignores nothing');
    }
  }
  return { entries, diagnostics };
}

function lineAt(place: string, lineOf: LineOf): { readonly line?: number } {
  const line = lineOf(place);
  return line === undefined ? {} : { line };
}

function readEntry(element: object, place: string, kind: FindingKind, source: string): IgnoreEntry | undefined {
  const id = textAt(element, 'id', place);
  if (!id) return undefined;
  const paths = textsAt(element, 'paths', place).map(({ text, at }) => glob(text, at));
  const purls = textsAt(element, 'purls', place).map(({ text, at }) => packageUrl(text, at));
  const expiry = textAt(element, 'expired_at', place);
  const expires = expiry ? parseExpiry(expiry) : undefined;
  if (expiry && !expires) throw new FormatError(`${place}.expired_at: ${quote(expiry)} is not a day, as in 2030-01-31`);
  return {
    id,
    kind,
    statement: textAt(element, 'statement', place) ?? '',
    source,
    place,
    ...(paths.length > 0 && { paths }),
    ...(purls.length > 0 && { purls }),
    ...(expires && { expires }),
  };
}

function textAt(element: object, key: string, place: string): string | undefined {
  const value = fieldOf(element, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new FormatError(`${place}.${key} is not a text`);
  return value;
}

function textsAt(element: object, key: string, place: string): readonly { text: string; at: string }[] {
  const value = fieldOf(element, key);
  if (isBlank(value)) return [];
  if (!Array.isArray(value)) throw new FormatError(`${place}.${key} is not a list`);
  return (value as unknown[]).map((text, i) => {
    const at = `${place}.${key}[${i}]`;
    if (typeof text !== 'string') throw new FormatError(`${at} is not a text`);
    return { text, at };
  });
}

function glob(text: string, at: string): RegExp {
  try {
    return compileGlob(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new FormatError(`${at}: ${quote(text)} is not a glob`, { cause: error });
    throw error;
  }
}

function packageUrl(text: string, at: string): PackageUrl {
  try {
    return decodePurl(text);
  } catch (error) {
    if (error instanceof FormatError)
      throw new FormatError(`${at}: ${quote(text)}: ${error.message}`, { cause: error });
    throw error;
  }
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';
const quote = (text: string): string => JSON.stringify(text);

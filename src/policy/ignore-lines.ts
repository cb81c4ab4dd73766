/**
 * `.trivyignore`: one id a line.
 * Shape   UTF-8; `#` starts a comment line; fields are parted by white space, the first is the id, a later one
 *         `exp:YYYY-MM-DD` is the first day (UTC) on which the line does not count any more. Other fields are remarks.
 * Yields  an entry a line, for findings of every kind.
 * Errors  none: a line with a date that is none is left out, with a diagnostic that names it.
 * Source  https://trivy.dev/latest/docs/configuration/filtering/#trivyignore
 */
import type { Diagnostic } from '#model';
import { parseExpiry, type IgnoreEntry, type IgnoreFile } from './ignore-entry.js';

export function parseIgnoreLines(text: string, source: string): IgnoreFile {
  const entries: IgnoreEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [id, ...rest] = line.split(/\s+/);
    const expiry = rest.find((field) => field.startsWith('exp:'))?.slice('exp:'.length);
    const expires = expiry === undefined ? undefined : parseDay(expiry);
    if (expiry !== undefined && !expires) {
      diagnostics.push({
        code: 'ignore-file/bad-date',
        severity: 'warning',
        message: `${id} is not ignored: exp:${expiry} is not a day, as in exp:2030-01-31`,
        path: source,
        line: i + 1,
      });
      continue;
    }
    entries.push({ id: id!, statement: '', source, place: `line ${i + 1}`, line: i + 1, ...(expires && { expires }) });
  }
  return { entries, diagnostics };
}

const parseDay = (text: string): Date | undefined => (text.length === 10 ? parseExpiry(text) : undefined);

/**
 * PAX extended header records: `LENGTH KEY=VALUE\n`, LENGTH counting the whole record in decimal.
 * Yields  the last value of each key; the repeated keys of sparse format 0.0 as one `GNU.sparse.map`.
 * Errors  `FormatError` for a record that does not add up or a NUL in a name.
 * Source  https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_03
 */
import { FormatError } from '#base';

export function parsePax(content: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const records = new Map<string, string>();
  const sparse: string[] = [];
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : digits(bytes, at, space);
    const end = at + length;
    const equals = space < 0 ? -1 : bytes.indexOf(0x3d, space);
    if (!(end <= bytes.length) || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw new FormatError('tar: malformed PAX record');
    }
    const key = bytes.toString('utf8', space + 1, equals);
    const value = bytes.toString('utf8', equals + 1, end - 1);
    if (key.includes('\0') || ((key === 'path' || key === 'linkpath') && value.includes('\0'))) {
      throw new FormatError('tar: NUL in a PAX record');
    }
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      if ((sparse.length % 2 === 0) !== (key === 'GNU.sparse.offset'))
        throw new FormatError('tar: malformed sparse map');
      sparse.push(value);
    } else records.set(key, value);
    at = end;
  }
  if (sparse.length > 0) records.set('GNU.sparse.map', sparse.join(','));
  return records;
}

function digits(bytes: Buffer, at: number, end: number): number {
  if (end === at || end - at > 15) return Number.NaN;
  let value = 0;
  for (let i = at; i < end; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

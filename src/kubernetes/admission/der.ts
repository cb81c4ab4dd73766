/**
 * Writes DER, the encoding of X.509: only what a certificate needs.
 * Source  https://www.itu.int/rec/T-REC-X.690 (encoding rules)
 */
export type Der = Uint8Array;

export const sequence = (...parts: readonly Der[]): Der => element(0x30, ...parts);
export const set = (...parts: readonly Der[]): Der => element(0x31, ...parts);
export const octets = (content: Der): Der => element(0x04, content);
export const utf8 = (text: string): Der => element(0x0c, Buffer.from(text));
export const boolean = (value: boolean): Der => element(0x01, Buffer.from([value ? 0xff : 0]));
/** `unused` bits at the end of the last byte. */
export const bits = (content: Der, unused = 0): Der => element(0x03, Buffer.from([unused]), content);
/** Constructed, context-specific. */
export const context = (tag: number, ...parts: readonly Der[]): Der => element(0xa0 | tag, ...parts);
/** Primitive, context-specific. */
export const implicit = (tag: number, content: Der): Der => element(0x80 | tag, content);

/** Of a number without sign, most significant byte first. */
export function integer(bytes: Der): Der {
  const first = bytes.findIndex((byte) => byte !== 0);
  const content = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  return content[0]! & 0x80 ? element(0x02, Buffer.from([0]), content) : element(0x02, content);
}

export function objectId(text: string): Der {
  const [a = 0, b = 0, ...rest] = text.split('.').map(Number);
  const bytes = [40 * a + b];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Buffer.from(bytes));
}

/** Two digits of the year until 2049, four from then on, as X.509 has it. */
export function time(date: Date): Der {
  const text = date.toISOString().replace(/[-T:]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}

function element(tag: number, ...parts: readonly Der[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let left = size; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return [0x80 | bytes.length, ...bytes];
}

/**
 * Writes small tar archives in memory: ustar headers, GNU long names where a name does not fit.
 * For tests and examples; every field of a header can be set to what no honest writer would write.
 */
import { padded, TAR_BLOCK } from '../tar-layout.js';

export interface TarItem {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** Type flag; `0` (a file) by default, `5` when the name ends in `/`. */
  readonly flag?: string;
  readonly link?: string;
  readonly mode?: number;
  /** The size field, when it is not to be the content's. */
  readonly size?: number;
  /** Overwrites header bytes before the checksum is made. */
  readonly patch?: (header: Buffer) => void;
}

export function makeTar(items: readonly TarItem[]): Buffer {
  const blocks = items.flatMap(blocksOf);
  return Buffer.concat([...blocks, Buffer.alloc(2 * TAR_BLOCK)]);
}

/** One PAX record. */
export function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(body);
  let total = length + String(length).length;
  if (length + String(total).length !== total) total = length + String(total).length;
  return `${total}${body}`;
}

function blocksOf(item: TarItem): Buffer[] {
  const content = Buffer.from(item.content ?? '');
  const long = Buffer.byteLength(item.name) > 100;
  const before = long ? blocksOf({ name: '././@LongLink', flag: 'L', content: `${item.name}\0` }) : [];
  const header = Buffer.alloc(TAR_BLOCK);
  header.write(
    long ? Buffer.from(item.name).subarray(0, 100).toString('latin1') : item.name,
    0,
    100,
    long ? 'latin1' : 'utf8',
  );
  header.write(octal(item.mode ?? 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(item.size ?? content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(item.flag ?? (item.name.endsWith('/') ? '5' : '0'), 156);
  header.write(item.link ?? '', 157, 100);
  header.write('ustar\u000000', 257);
  item.patch?.(header);
  header.write('        ', 148);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return [...before, header, content, Buffer.alloc(padded(content.length) - content.length)];
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

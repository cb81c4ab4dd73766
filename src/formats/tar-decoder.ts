/**
 * The state machine of a tar archive: header blocks and extended headers in, entries out. It holds no content and
 * reads nothing itself, so one decoder serves seeking readers and streams alike.
 * Yields  entries with long names, PAX records and sparse maps joined in; paths as written.
 * Limits  1 MiB an extended header or sparse map (base/limits), counted before anything is allocated.
 * Errors  `FormatError` for damaged headers, `LimitError` for oversized ones.
 * Rules   Where writers disagree, the reading of Go's archive/tar holds, because container engines unpack with it:
 *         links and directories have no content whatever their size says, GNU long names win over PAX paths, and
 *         global PAX headers are not applied.
 * Source  https://pkg.go.dev/archive/tar https://www.gnu.org/software/tar/manual/html_node/Extensions.html
 */
import { FormatError, LimitError, limits } from '#base';
import { isZeroBlock, parseTarHeader, size, type TarHeader } from './tar-header.js';
import { parsePax } from './tar-pax.js';
import { checkSegments, decimal, gnuSegments, paxSegments, type SparseMap, type SparseSegment } from './tar-sparse.js';

export type TarEntryType = 'file' | 'directory' | 'hard-link' | 'symlink' | 'other';

export interface TarEntry {
  /** As written; may be absolute or hold `..`. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Bytes a reader sees. */
  readonly size: number;
  /** Bytes of content in the archive, without padding; differs from `size` for sparse files. */
  readonly stored: number;
  readonly mode: number;
  /** Target of a link, as written. */
  readonly link: string;
  readonly sparse?: SparseMap;
}

/** What follows the block just taken. */
export type TarStep =
  /** The end of the archive; anything behind it is no part of it. */
  | { readonly kind: 'end' }
  /** Another header block. */
  | { readonly kind: 'block' }
  /** `size` bytes, padded to blocks, for `TarDecoder.extended`. */
  | { readonly kind: 'extended'; readonly size: number }
  /** `size` bytes, padded to blocks, of no use. */
  | { readonly kind: 'skip'; readonly size: number }
  /** An entry; its `stored` bytes of content, padded to blocks. */
  | { readonly kind: 'entry'; readonly entry: TarEntry };

const BLOCK: TarStep = { kind: 'block' };

export class TarDecoder {
  private zeros = 0;
  private extending = '';
  private longName: string | undefined;
  private longLink: string | undefined;
  private records: Map<string, string> | undefined;
  private sparse: { header: TarHeader; segments: SparseSegment[]; realSize: number } | undefined;

  /** Takes the 512 bytes at `at`. */
  block(bytes: Buffer, at: number): TarStep {
    if (this.sparse) return this.sparseBlock(bytes, at);
    if (bytes[at] === 0 && isZeroBlock(bytes, at)) return ++this.zeros === 2 ? { kind: 'end' } : BLOCK;
    this.zeros = 0;
    const header = parseTarHeader(bytes, at);
    switch (header.flag) {
      case 'x':
      case 'X':
      case 'L':
      case 'K':
        if (header.size > limits.tarMeta) throw new LimitError('tar extended header', limits.tarMeta);
        this.extending = header.flag;
        return { kind: 'extended', size: header.size };
      case 'g':
        return { kind: 'skip', size: header.size };
      case 'S':
        return this.gnuSparse(header, bytes, at);
      default:
        return this.entry(header);
    }
  }

  /** Takes the content announced by an `extended` step. */
  extended(content: Uint8Array): void {
    if (this.extending === 'L') this.longName = cString(content);
    else if (this.extending === 'K') this.longLink = cString(content);
    else this.records = parsePax(content);
  }

  private gnuSparse(header: TarHeader, bytes: Buffer, at: number): TarStep {
    const segments = gnuSegments(bytes, at + 386, 4);
    this.sparse = { header, segments, realSize: size(bytes, at + 483, 12, 'real size') };
    return bytes[at + 482] === 0 ? this.sparseDone() : BLOCK;
  }

  private sparseBlock(bytes: Buffer, at: number): TarStep {
    const { segments } = this.sparse!;
    segments.push(...gnuSegments(bytes, at, 21));
    if (segments.length * 24 > limits.tarMeta) throw new LimitError('tar sparse map', limits.tarMeta);
    return bytes[at + 504] === 0 ? this.sparseDone() : BLOCK;
  }

  private sparseDone(): TarStep {
    const { header, segments, realSize } = this.sparse!;
    this.sparse = undefined;
    return this.entry(header, { segments, realSize });
  }

  private entry(header: TarHeader, gnu?: { segments: readonly SparseSegment[]; realSize: number }): TarStep {
    const records = this.records;
    const type = typeOf(header.flag);
    const hasContent = type === 'file' || (type === 'other' && !/[346]/.test(header.flag));
    const told = records?.get('size');
    const stored = hasContent ? (told ? decimal(told) : header.size) : 0;
    const sparse = gnu ?? (records && type === 'file' ? paxSparse(records) : undefined);
    if (sparse && sparse.segments !== 'leading') checkSegments(sparse.segments, sparse.realSize, stored);
    const entry = {
      path: this.longName ?? (records?.get('GNU.sparse.name') || records?.get('path') || header.name),
      type,
      size: sparse?.realSize ?? stored,
      stored,
      mode: header.mode,
      link: this.longLink ?? (records?.get('linkpath') || header.link),
      ...(sparse && { sparse: sparse.segments }),
    };
    this.longName = this.longLink = this.records = undefined;
    return { kind: 'entry', entry };
  }
}

function typeOf(flag: string): TarEntryType {
  if (flag === '0' || flag === '7' || flag === 'S') return 'file';
  if (flag === '5') return 'directory';
  if (flag === '1') return 'hard-link';
  return flag === '2' ? 'symlink' : 'other';
}

function paxSparse(records: ReadonlyMap<string, string>): { segments: SparseMap; realSize: number } | undefined {
  const realSize = records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size');
  const version = `${records.get('GNU.sparse.major') ?? ''}.${records.get('GNU.sparse.minor') ?? ''}`;
  const map = records.get('GNU.sparse.map');
  if (version !== '1.0' && map === undefined) return undefined;
  if (realSize === undefined) throw new FormatError('tar: sparse file without its size');
  return { segments: version === '1.0' ? 'leading' : paxSegments(map!), realSize: decimal(realSize) };
}

function cString(content: Uint8Array): string {
  const end = content.indexOf(0);
  return Buffer.from(content.subarray(0, end < 0 ? content.length : end)).toString('utf8');
}

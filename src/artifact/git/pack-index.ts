/**
 * Where a pack keeps its objects: its index, version 2, asked by object id without reading it as a whole.
 * Errors  `FormatError` for anything that is no such index.
 * Source  https://git-scm.com/docs/gitformat-pack#_version_2_pack_idx_files_support_packs_larger_than_4_gib_and
 */
import { FormatError } from '#base';
import type { RandomAccess } from '#platform';

export interface PackIndex {
  /** Offset in the pack of the object with this id (20 or 32 bytes). */
  find(id: Uint8Array): number | undefined;
}

const HEADER = 8;
const FANOUT = 256 * 4;

export function openPackIndex(file: RandomAccess): PackIndex {
  const head = view(file, 0, HEADER + FANOUT);
  if (head.getUint32(0) !== 0xff744f63 || head.getUint32(4) !== 2) throw new FormatError('no pack index, version 2');
  const upTo = (byte: number): number => (byte < 0 ? 0 : head.getUint32(HEADER + byte * 4));
  const count = upTo(255);
  return {
    find(id) {
      const names = HEADER + FANOUT;
      let [low, high] = [upTo(id[0]! - 1), upTo(id[0]!)];
      while (low < high) {
        const middle = (low + high) >>> 1;
        const order = compare(id, file.read(names + middle * id.length, id.length));
        if (order === 0) return offsetOf(middle, id.length);
        if (order < 0) high = middle;
        else low = middle + 1;
      }
      return undefined;
    },
  };

  function offsetOf(position: number, idLength: number): number {
    const offsets = HEADER + FANOUT + count * (idLength + 4);
    const short = view(file, offsets + position * 4, 4).getUint32(0);
    if (short < 0x8000_0000) return short;
    const long = view(file, offsets + count * 4 + (short - 0x8000_0000) * 8, 8).getBigUint64(0);
    if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError('an offset in the pack index is out of range');
    return Number(long);
  }
}

function view(file: RandomAccess, offset: number, length: number): DataView {
  const bytes = file.read(offset, length);
  if (bytes.length < length) throw new FormatError('the pack index is cut off');
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

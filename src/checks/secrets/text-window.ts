/**
 * A part of a file as text with one character per byte, so that places in it are places in the file.
 * Small files are read once as a whole; of large ones a part is kept around the last place asked for.
 */
import type { ByteSource } from './byte-source.js';

export interface TextWindow {
  /** Text that has at least the range, as far as the file has it; it starts at `from`. */
  covering(start: number, end: number): { readonly text: string; readonly from: number };
}

/** Files up to `whole` bytes are read at once; of others, `margin` bytes beyond what is asked for. */
export function createTextWindow(source: ByteSource, whole: number, margin: number): TextWindow {
  let from = 0;
  let to = -1;
  let current = { text: '', from };
  return {
    covering(start, end) {
      if (Math.max(0, start) >= from && Math.min(end, source.size) <= to) return current;
      from = source.size <= whole ? 0 : Math.max(0, start - 4096);
      to = source.size <= whole ? source.size : Math.min(source.size, end + margin);
      const bytes = source.read(from, to - from);
      current = { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), from };
      return current;
    },
  };
}

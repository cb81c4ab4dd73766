/**
 * Read-only ndb, the package database format of rpm on SUSE: all header blobs.
 * Shape   little-endian; slot pages of 4096 bytes (a slot is 16 bytes: `Slot`, package index, block offset, block
 *         count) from the start of the file, whose first two slots are the file header; blobs in 16-byte blocks:
 *         `BlbS`, package index, generation, length, content, then (Adler-32, length, `BlbE`) at the end.
 * Limits  64 MiB a blob, 2 GiB of slot pages. Positioned reads; never the whole file.
 * Errors  `FormatError` when the file is no ndb; a damaged blob is told to `damaged` and left out.
 * Source  https://github.com/rpm-software-management/rpm/blob/master/lib/backend/ndb/rpmpkg.cc
 */
import { FormatError, LimitError } from '#base';
import type { ByteSource } from './zip.js';

const FILE_MAGIC = 0x506d7052; // RpmP
const SLOT_MAGIC = 0x746f6c53; // Slot
const BLOB_START = 0x53626c42; // BlbS
const BLOB_END = 0x45626c42; // BlbE
const PAGE = 4096;
const BLOCK = 16;
const MAX_BLOB = 64 * 1024 * 1024;
const MAX_DAMAGES = 10_000;

export function isNdb(head: Uint8Array): boolean {
  return head.length >= 32 && viewOf(head).getUint32(0, true) === FILE_MAGIC;
}

export function* ndbBlobs(
  source: ByteSource,
  damaged: (error: FormatError | LimitError) => void,
): Generator<Uint8Array> {
  const head = source.read(0, 32);
  if (!isNdb(head)) throw new FormatError('not an ndb database');
  const version = viewOf(head).getUint32(4, true);
  if (version !== 0) throw new FormatError(`ndb: unknown version ${version}`);
  const slotPages = viewOf(head).getUint32(12, true);
  if (slotPages * PAGE > source.size) throw new FormatError('ndb: truncated slot pages');
  let left = MAX_DAMAGES;
  for (let number = 0; number < slotPages; number++) {
    const page = source.read(number * PAGE, PAGE);
    const view = viewOf(page);
    for (let at = number === 0 ? 32 : 0; at + BLOCK <= page.length; at += BLOCK) {
      try {
        const blob = readSlot(source, view, at);
        if (blob) yield blob;
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof LimitError)) throw error;
        if (left-- <= 0) throw error;
        damaged(error);
      }
    }
  }
}

function readSlot(source: ByteSource, slots: DataView, at: number): Uint8Array | undefined {
  if (slots.getUint32(at, true) !== SLOT_MAGIC) throw new FormatError('ndb: bad slot');
  const packageIndex = slots.getUint32(at + 4, true);
  const offset = slots.getUint32(at + 8, true) * BLOCK;
  const room = slots.getUint32(at + 12, true) * BLOCK;
  // A free slot.
  if (offset === 0) return undefined;
  const start = source.read(offset, BLOCK);
  if (start.length < BLOCK) throw new FormatError('ndb: blob outside the file');
  const view = viewOf(start);
  const length = view.getUint32(12, true);
  if (view.getUint32(0, true) !== BLOB_START || view.getUint32(4, true) !== packageIndex) {
    throw new FormatError('ndb: slot without its blob');
  }
  if (length > MAX_BLOB) throw new LimitError('ndb blob', MAX_BLOB);
  if (BLOCK + length + 12 > room) throw new FormatError('ndb: blob larger than its blocks');
  const end = source.read(offset + room - 12, 12);
  if (end.length < 12 || viewOf(end).getUint32(4, true) !== length || viewOf(end).getUint32(8, true) !== BLOB_END) {
    throw new FormatError('ndb: blob without its end');
  }
  return source.read(offset + BLOCK, length);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Windows executables: the section table, which is the segment table too.
 * Errors  `FormatError` for a damaged header.
 * Source  https://learn.microsoft.com/en-us/windows/win32/debug/pe-format
 */
import { FormatError } from '#base';
import type { Executable, ExecutableSection, ExecutableSegment } from './executable-layout.js';
import type { ByteSource } from './zip.js';

const writableFlag = 0x80000000;

export function readPe(source: ByteSource): Executable {
  const start = viewOf(source.read(0x3c, 4), 4).getUint32(0, true);
  const header = viewOf(source.read(start, 24), 24);
  if (header.getUint32(0, true) !== 0x4550) throw new FormatError('not a PE file');
  const count = header.getUint16(6, true);
  const optionalSize = header.getUint16(20, true);
  const optional = viewOf(source.read(start + 24, 32), 32);
  const wide = optional.getUint16(0, true) === 0x20b;
  const base = wide ? Number(optional.getBigUint64(24, true)) : optional.getUint32(28, true);
  const table = source.read(start + 24 + optionalSize, count * 40);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const sections: ExecutableSection[] = [];
  const segments: ExecutableSegment[] = [];
  for (let at = 0; at + 40 <= table.length; at += 40) {
    const virtualSize = view.getUint32(at + 8, true);
    const rawSize = view.getUint32(at + 16, true);
    const place = {
      address: base + view.getUint32(at + 12, true),
      offset: view.getUint32(at + 20, true),
      size: virtualSize === 0 ? rawSize : Math.min(rawSize, virtualSize),
    };
    const name = Buffer.from(table.subarray(at, at + 8))
      .toString('latin1')
      .replace(/\0.*$/s, '');
    sections.push({ name, ...place });
    segments.push({ ...place, writable: (view.getUint32(at + 36, true) & writableFlag) !== 0 });
  }
  return { format: 'pe', littleEndian: true, pointerSize: wide ? 8 : 4, sections, segments };
}

function viewOf(bytes: Uint8Array, needed: number): DataView {
  if (bytes.length < needed) throw new FormatError('PE header is cut short');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

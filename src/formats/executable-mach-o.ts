/**
 * Mach-O executables of one architecture: segments and their sections from the load commands.
 * Limits  load commands 1 MiB.
 * Errors  `FormatError` for a damaged header.
 * Source  https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
 */
import { FormatError } from '#base';
import type { Executable, ExecutableSection, ExecutableSegment } from './executable-layout.js';
import type { ByteSource } from './zip.js';

const commandLimit = 1024 * 1024;
const segment32 = 1;
const segment64 = 0x19;
const writableFlag = 2;

export function readMachO(source: ByteSource): Executable {
  const head = source.read(0, 32);
  if (head.length < 28) throw new FormatError('Mach-O header is cut short');
  const littleEndian = head[3] === 0xfe;
  const wide = (littleEndian ? head[0] : head[3]) === 0xcf;
  const header = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = header.getUint32(20, littleEndian);
  const bytes = source.read(wide ? 32 : 28, Math.min(size, commandLimit));
  const sections: ExecutableSection[] = [];
  const segments: ExecutableSegment[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const command = view.getUint32(at, littleEndian);
    const end = at + view.getUint32(at + 4, littleEndian);
    if (end < at + 8 || end > bytes.length) throw new FormatError('damaged Mach-O load command');
    if (command === segment32 || command === segment64)
      readSegment(view.buffer.slice(view.byteOffset + at, view.byteOffset + end), command === segment64);
    at = end;
  }
  return { format: 'mach-o', littleEndian, pointerSize: wide ? 8 : 4, sections, segments };

  function readSegment(content: ArrayBufferLike, isWide: boolean): void {
    const command = new DataView(content);
    const number = (at: number): number =>
      isWide ? Number(command.getBigUint64(at, littleEndian)) : command.getUint32(at, littleEndian);
    const step = isWide ? 8 : 4;
    const fixed = isWide ? 72 : 56;
    const width = isWide ? 80 : 68;
    if (command.byteLength < fixed) throw new FormatError('damaged Mach-O segment');
    segments.push({
      address: number(24),
      offset: number(24 + 2 * step),
      size: number(24 + 3 * step),
      writable: (command.getUint32(fixed - 12, littleEndian) & writableFlag) !== 0,
    });
    for (let at = fixed; at + width <= command.byteLength; at += width)
      sections.push({
        name: Buffer.from(content, at, 16).toString('latin1').replace(/\0.*$/s, ''),
        address: number(at + 32),
        size: number(at + 32 + step),
        offset: command.getUint32(at + 32 + 2 * step, littleEndian),
      });
  }
}

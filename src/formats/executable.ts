/**
 * Executable files: where their sections and loaded segments lie.
 * Reads   ELF, PE and Mach-O (one architecture), by ranges of the file; code and data are never read as a whole.
 * Yields  section and segment tables; bytes at a memory address.
 * Limits  65535 sections and segments; names 256 bytes.
 * Errors  `FormatError` for a damaged header; a file of another kind is `undefined`.
 * Source  https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html,
 *         https://learn.microsoft.com/en-us/windows/win32/debug/pe-format and
 *         https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
 */
import { readElf } from './elf.js';
import type { Executable, ExecutableFormat } from './executable-layout.js';
import { readMachO } from './executable-mach-o.js';
import { readPe } from './executable-pe.js';
import type { ByteSource } from './zip.js';

/** By the first four bytes. */
export function executableFormat(head: Uint8Array): ExecutableFormat | undefined {
  if (head.length < 4) return undefined;
  const magic = ((head[0]! << 24) | (head[1]! << 16) | (head[2]! << 8) | head[3]!) >>> 0;
  if (magic === 0x7f454c46) return 'elf';
  if (magic >>> 16 === 0x4d5a) return 'pe';
  if (magic === 0xcefaedfe || magic === 0xcffaedfe || magic === 0xfeedface || magic === 0xfeedfacf) return 'mach-o';
  return undefined;
}

export function readExecutable(source: ByteSource): Executable | undefined {
  const format = executableFormat(source.read(0, 4));
  if (format === 'elf') return readElf(source);
  if (format === 'pe') return readPe(source);
  return format && readMachO(source);
}

/** `length` bytes at a memory address; fewer when the segment ends, none when no segment holds it. */
export function readMemory(source: ByteSource, executable: Executable, address: number, length: number): Uint8Array {
  for (const segment of executable.segments) {
    const into = address - segment.address;
    if (into < 0 || into >= segment.size) continue;
    return source.read(segment.offset + into, Math.min(length, segment.size - into));
  }
  return new Uint8Array(0);
}

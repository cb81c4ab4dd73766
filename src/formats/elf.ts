/**
 * ELF files: header, section and program tables, symbols.
 * Reads   32 and 64 bit, either byte order.
 * Limits  section names 1 MiB in all; symbol and string tables 64 MiB.
 * Errors  `FormatError` for a damaged header or table; a table that is absent is empty.
 * Source  https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */
import { FormatError } from '#base';
import type { Executable, ExecutableSection } from './executable-layout.js';
import type { ByteSource } from './zip.js';

/** Where the fields of the 32 and the 64 bit form lie. */
const layouts = {
  4: { header: 52, sectionTable: 32, counts: 44, section: 40, program: 32 },
  8: { header: 64, sectionTable: 40, counts: 56, section: 64, program: 56 },
} as const;

const nameTableLimit = 1024 * 1024;
const symbolTableLimit = 64 * 1024 * 1024;
const loadable = 1;
const noBits = 8;
const symbolTable = 2;
const writableFlag = 2;

interface RawSection {
  readonly nameOffset: number;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface Elf {
  readonly pointerSize: 4 | 8;
  readonly littleEndian: boolean;
  readonly header: Fields;
}

export function readElf(source: ByteSource): Executable {
  const elf = openElf(source);
  const raw = rawSections(source, elf);
  const names = raw[elf.header.u16(layouts[elf.pointerSize].counts + 6)];
  const nameTable = names ? source.read(names.offset, Math.min(names.size, nameTableLimit)) : new Uint8Array(0);
  const sections = raw.map(({ nameOffset, type, address, offset, size }): ExecutableSection => ({
    name: cString(nameTable, nameOffset),
    address,
    offset,
    size: type === noBits ? 0 : size,
  }));
  const { pointerSize, littleEndian } = elf;
  return { format: 'elf', littleEndian, pointerSize, sections, segments: segmentsOf(source, elf) };
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

/** Symbols of `.symtab` whose name passes; none when the file is stripped. */
export function elfSymbols(source: ByteSource, accepts: (name: string) => boolean): readonly ElfSymbol[] {
  const elf = openElf(source);
  const raw = rawSections(source, elf);
  const table = raw.find(({ type }) => type === symbolTable);
  const names = table && raw[table.link];
  if (!table || !names) return [];
  const symbols = elf.header.over(source.read(table.offset, Math.min(table.size, symbolTableLimit)));
  const nameTable = source.read(names.offset, Math.min(names.size, symbolTableLimit));
  const wide = elf.pointerSize === 8;
  const width = wide ? 24 : 16;
  const found: ElfSymbol[] = [];
  for (let at = 0; at + width <= symbols.length; at += width) {
    const name = cString(nameTable, symbols.u32(at));
    if (name === '' || !accepts(name)) continue;
    found.push(
      wide
        ? { name, address: symbols.u64(at + 8), size: symbols.u64(at + 16) }
        : { name, address: symbols.u32(at + 4), size: symbols.u32(at + 8) },
    );
  }
  return found;
}

function openElf(source: ByteSource): Elf {
  const head = source.read(0, layouts[8].header);
  if (head.length < layouts[4].header) throw new FormatError('ELF header is cut short');
  const kind = head[4];
  const order = head[5];
  if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2)) throw new FormatError('unknown kind of ELF file');
  const pointerSize = kind === 1 ? 4 : 8;
  const littleEndian = order === 1;
  if (head.length < layouts[pointerSize].header) throw new FormatError('ELF header is cut short');
  return { pointerSize, littleEndian, header: new Fields(head, littleEndian) };
}

function rawSections(source: ByteSource, { pointerSize, header }: Elf): readonly RawSection[] {
  const layout = layouts[pointerSize];
  const wide = pointerSize === 8;
  const start = header.pointer(layout.sectionTable, pointerSize);
  const width = header.u16(layout.counts + 2);
  const count = header.u16(layout.counts + 4);
  if (count === 0) return [];
  if (width < layout.section) throw new FormatError('damaged ELF section table');
  const table = header.over(source.read(start, width * count));
  const sections: RawSection[] = [];
  for (let at = 0; at + layout.section <= table.length; at += width)
    sections.push({
      nameOffset: table.u32(at),
      type: table.u32(at + 4),
      address: wide ? table.u64(at + 16) : table.u32(at + 12),
      offset: wide ? table.u64(at + 24) : table.u32(at + 16),
      size: wide ? table.u64(at + 32) : table.u32(at + 20),
      link: table.u32(at + (wide ? 40 : 24)),
    });
  return sections;
}

function segmentsOf(source: ByteSource, { pointerSize, header }: Elf): Executable['segments'] {
  const layout = layouts[pointerSize];
  const wide = pointerSize === 8;
  const start = header.pointer(layout.sectionTable - pointerSize, pointerSize);
  const width = header.u16(layout.counts - 2);
  const count = header.u16(layout.counts);
  if (count === 0) return [];
  if (width < layout.program) throw new FormatError('damaged ELF program table');
  const table = header.over(source.read(start, width * count));
  const segments: Executable['segments'][number][] = [];
  for (let at = 0; at + layout.program <= table.length; at += width) {
    if (table.u32(at) !== loadable) continue;
    segments.push({
      offset: wide ? table.u64(at + 8) : table.u32(at + 4),
      address: wide ? table.u64(at + 16) : table.u32(at + 8),
      size: wide ? table.u64(at + 32) : table.u32(at + 16),
      writable: (table.u32(at + (wide ? 4 : 24)) & writableFlag) !== 0,
    });
  }
  return segments;
}

/** Numbers of one byte order. */
class Fields {
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  get length(): number {
    return this.#view.byteLength;
  }

  over(bytes: Uint8Array): Fields {
    return new Fields(bytes, this.#littleEndian);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#littleEndian);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian);
  }

  /** Beyond 2^53 the value is inexact: no file is that long. */
  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, this.#littleEndian));
  }

  pointer(at: number, size: 4 | 8): number {
    return size === 8 ? this.u64(at) : this.u32(at);
  }
}

function cString(bytes: Uint8Array, start: number): string {
  if (start >= bytes.length) return '';
  const end = bytes.indexOf(0, start);
  const stop = Math.min(end < 0 ? bytes.length : end, start + 256);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, stop - start).toString('latin1');
}

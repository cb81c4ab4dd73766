/**
 * Writes small executable files that hold nothing but named sections: input for tests of everything that reads them.
 * Limits  one section per segment; the code does not run. ELF of both sizes and byte orders, with symbols; PE and Mach-O
 *         of 64 bit.
 * Source  https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html,
 *         https://learn.microsoft.com/en-us/windows/win32/debug/pe-format and
 *         https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
 */
export interface SectionContent {
  readonly name: string;
  /** In memory; sections must not overlap. */
  readonly address: number;
  readonly data: Uint8Array;
}

export interface ElfKind {
  readonly pointerSize: 4 | 8;
  readonly littleEndian: boolean;
}

interface Symbols {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

export function makeElf(
  contents: readonly SectionContent[],
  { pointerSize, littleEndian }: ElfKind = { pointerSize: 8, littleEndian: true },
  symbols: readonly Symbols[] = [],
): Buffer {
  const out = new Writer(littleEndian, pointerSize);
  const wide = pointerSize === 8;
  const headerSize = wide ? 64 : 52;
  const programSize = wide ? 56 : 32;
  const sections = contents.map((content) => ({ ...content, type: 1, link: 0 }));
  if (symbols.length > 0) {
    const names = new Names();
    const table = new Writer(littleEndian, pointerSize);
    for (const { name, address, size } of symbols) {
      table.u32(names.add(name));
      if (wide) table.raw(Buffer.alloc(4)).pointer(address).pointer(size);
      else table.pointer(address).pointer(size).raw(Buffer.alloc(4));
    }
    sections.push({ name: '.symtab', address: 0, data: table.bytes(), type: 2, link: sections.length + 2 });
    sections.push({ name: '.strtab', address: 0, data: names.bytes(), type: 3, link: 0 });
  }
  const names = new Names();
  const nameOffsets = [...sections.map(({ name }) => names.add(name)), names.add('.shstrtab')];
  const placed = [...sections, { name: '.shstrtab', address: 0, data: names.bytes(), type: 3, link: 0 }];
  let offset = headerSize + programSize * contents.length;
  const offsets = placed.map(({ data }) => (offset += data.length) - data.length);
  out.raw(Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, littleEndian ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  out.u16(2).u16(62).u32(1).pointer(0).pointer(headerSize).pointer(offset).u32(0);
  out.u16(headerSize).u16(programSize).u16(contents.length);
  out
    .u16(wide ? 64 : 40)
    .u16(placed.length + 1)
    .u16(placed.length);
  for (const [index, { address, data }] of contents.entries()) {
    out.u32(1);
    if (wide) out.u32(6);
    out.pointer(offsets[index]!).pointer(address).pointer(address).pointer(data.length).pointer(data.length);
    if (!wide) out.u32(6);
    out.pointer(1);
  }
  for (const { data } of placed) out.raw(data);
  out.raw(Buffer.alloc(wide ? 64 : 40));
  for (const [index, { address, data, type, link }] of placed.entries()) {
    out.u32(nameOffsets[index]!).u32(type).pointer(0).pointer(address).pointer(offsets[index]!).pointer(data.length);
    out.u32(link).u32(0).pointer(1).pointer(0);
  }
  return out.bytes();
}

const imageBase = 0x400000;

/** Addresses count from the image base, which is `0x400000`. */
export function makePe(contents: readonly SectionContent[]): Buffer {
  const out = new Writer(true, 8);
  const start = 64;
  const optionalSize = 112;
  let offset = start + 24 + optionalSize + 40 * contents.length;
  out.raw(Buffer.from('MZ')).raw(Buffer.alloc(58)).u32(start);
  out.raw(Buffer.from('PE\0\0')).u16(0x8664).u16(contents.length).raw(Buffer.alloc(12)).u16(optionalSize).u16(2);
  out
    .u16(0x20b)
    .raw(Buffer.alloc(22))
    .pointer(imageBase)
    .raw(Buffer.alloc(optionalSize - 32));
  for (const { name, address, data } of contents) {
    out
      .fixed(name, 8)
      .u32(data.length)
      .u32(address - imageBase)
      .u32(data.length)
      .u32(offset);
    out.raw(Buffer.alloc(12)).u32(0xc0000040);
    offset += data.length;
  }
  for (const { data } of contents) out.raw(data);
  return out.bytes();
}

export function makeMachO(contents: readonly SectionContent[]): Buffer {
  const out = new Writer(true, 8);
  let offset = 32 + 152 * contents.length;
  out
    .u32(0xfeedfacf)
    .u32(0x0100000c)
    .u32(0)
    .u32(2)
    .u32(contents.length)
    .u32(152 * contents.length)
    .u32(0)
    .u32(0);
  for (const { name, address, data } of contents) {
    out
      .u32(0x19)
      .u32(152)
      .fixed('__DATA', 16)
      .pointer(address)
      .pointer(data.length)
      .pointer(offset)
      .pointer(data.length);
    out.u32(3).u32(3).u32(1).u32(0);
    out.fixed(name, 16).fixed('__DATA', 16).pointer(address).pointer(data.length).u32(offset).raw(Buffer.alloc(28));
    offset += data.length;
  }
  for (const { data } of contents) out.raw(data);
  return out.bytes();
}

class Writer {
  readonly #parts: Uint8Array[] = [];
  readonly #littleEndian: boolean;
  readonly #pointerSize: 4 | 8;

  constructor(littleEndian: boolean, pointerSize: 4 | 8) {
    this.#littleEndian = littleEndian;
    this.#pointerSize = pointerSize;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  u16(value: number): this {
    return this.#number(2, value);
  }

  u32(value: number): this {
    return this.#number(4, value);
  }

  pointer(value: number): this {
    return this.#number(this.#pointerSize, value);
  }

  fixed(text: string, width: number): this {
    const field = Buffer.alloc(width);
    field.write(text, 'latin1');
    return this.raw(field);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #number(width: 2 | 4 | 8, value: number): this {
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(BigInt(value));
    const bytes = field.subarray(0, width);
    return this.raw(this.#littleEndian ? bytes : Buffer.from(bytes).reverse());
  }
}

/** Names end in a zero byte; the first one is empty. */
class Names {
  #text = '\0';

  add(name: string): number {
    const at = this.#text.length;
    this.#text += `${name}\0`;
    return at;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, 'latin1');
  }
}

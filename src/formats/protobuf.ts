/**
 * Messages of Protocol Buffers on the wire, without their schema: fields by number.
 * Reads   varints (up to 64 bits, as numbers that keep 53 of them) and length-delimited values; fixed-width fields are
 *         read over.
 * Errors  `FormatError` for what is cut off, groups, and lengths beyond the message.
 * Source  https://protobuf.dev/programming-guides/encoding/
 */
import { FormatError } from '#base';

export type ProtoValue = number | Uint8Array;

export type ProtoMessage = ReadonlyMap<number, readonly ProtoValue[]>;

/** Fields in the order given; a text as UTF-8. */
export function encodeProto(
  fields: readonly (readonly [number: number, value: string | number | Uint8Array])[],
): Uint8Array {
  const bytes: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      pushVarint(bytes, number * 8);
      pushVarint(bytes, value);
      continue;
    }
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    pushVarint(bytes, number * 8 + 2);
    pushVarint(bytes, content.length);
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

export function decodeProto(bytes: Uint8Array): ProtoMessage {
  const message = new Map<number, ProtoValue[]>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const key = reader.varint();
    const value = reader.value(key % 8);
    if (value === undefined) continue;
    const number = Math.floor(key / 8);
    const values = message.get(number);
    if (values) values.push(value);
    else message.set(number, [value]);
  }
  return message;
}

/** The last value of a field counts; blank when there is none. */
export function protoText(message: ProtoMessage, number: number): string {
  const value = message.get(number)?.at(-1);
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
}

export function protoBytes(message: ProtoMessage, number: number): Uint8Array | undefined {
  const value = message.get(number)?.at(-1);
  return value instanceof Uint8Array ? value : undefined;
}

export function protoNumber(message: ProtoMessage, number: number): number {
  const value = message.get(number)?.at(-1);
  return typeof value === 'number' ? value : 0;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new FormatError('Protocol Buffers: cut off');
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw new FormatError('Protocol Buffers: a number of more than ten bytes');
  }

  value(wireType: number): ProtoValue | undefined {
    if (wireType === 0) return this.varint();
    if (wireType === 2) return this.#take(this.varint());
    if (wireType === 1) this.#take(8);
    else if (wireType === 5) this.#take(4);
    else throw new FormatError(`Protocol Buffers: wire type ${wireType}`);
    return undefined;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new FormatError('Protocol Buffers: cut off');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

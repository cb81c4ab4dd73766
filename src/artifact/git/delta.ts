/**
 * An object made from another one and a list of what to copy from it and what to add.
 * Source  https://git-scm.com/docs/gitformat-pack#_deltified_representation
 */
import { FormatError, LimitError } from '#base';

export function applyDelta(base: Uint8Array, delta: Uint8Array, limit: number): Uint8Array {
  let at = 0;
  const next = (): number => {
    const byte = delta[at++];
    if (byte === undefined) throw new FormatError('a difference is cut off');
    return byte;
  };
  const size = (): number => {
    let value = 0;
    for (let factor = 1, byte = 0x80; byte & 0x80; factor *= 128) {
      byte = next();
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new FormatError('a size in a difference is out of range');
    }
    return value;
  };
  if (size() !== base.length) throw new FormatError('a difference belongs to another base');
  const length = size();
  if (length > limit) throw new LimitError('an object of the repository', limit);
  const result = new Uint8Array(length);
  let done = 0;
  const add = (part: Uint8Array, wanted: number): void => {
    if (part.length !== wanted || done + wanted > length) throw new FormatError('a difference leaves its bounds');
    result.set(part, done);
    done += wanted;
  };
  while (at < delta.length) {
    const code = next();
    if (code & 0x80) {
      let [offset, count] = [0, 0];
      for (let bit = 0; bit < 4; bit++) if (code & (1 << bit)) offset += next() * 256 ** bit;
      for (let bit = 0; bit < 3; bit++) if (code & (0x10 << bit)) count += next() * 256 ** bit;
      if (count === 0) count = 0x10000;
      add(base.subarray(offset, offset + count), count);
    } else if (code > 0) {
      add(delta.subarray(at, at + code), code);
      at += code;
    } else throw new FormatError('a difference has an unknown instruction');
  }
  if (done !== length) throw new FormatError('a difference is incomplete');
  return result;
}

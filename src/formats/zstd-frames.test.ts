import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError, LimitError } from '#base';
import { ZstdFrames } from './zstd-frames.js';

const frame = (descriptor: number, header: number[], blocks: number[]): Buffer =>
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, descriptor, ...header, ...blocks]);
const block = (size: number, type: number, last: boolean): number[] => {
  const bits = (size << 3) | (type << 1) | (last ? 1 : 0);
  return [bits & 0xff, (bits >> 8) & 0xff, bits >> 16];
};
const rawHello = [...block(5, 0, true), ...Buffer.from('hello')];
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

function follow(bytes: Uint8Array, step = bytes.length): void {
  const frames = new ZstdFrames();
  for (let at = 0; at < bytes.length; at += step) frames.push(bytes.subarray(at, at + step));
  frames.end();
}

const good: readonly Buffer[] = [
  frame(0x00, [0x58], rawHello),
  frame(0x20, [5], rawHello),
  frame(0x04, [0x58], [...rawHello, 1, 2, 3, 4]),
  frame(0x41, [0x58, 9, 0, 0], rawHello),
  frame(0x00, [0x58], [...block(9, 2, false), ...Buffer.alloc(9), ...block(1000, 1, true), 65]),
  skippable,
];

test('frames, one after the other, in chunks of any size', () => {
  const all = Buffer.concat([...good, ...good]);
  for (const step of [1, 2, 3, 7, 1000]) follow(all, step);
});

test('a stream cut off anywhere inside a frame', () => {
  for (const whole of good) {
    for (let length = 1; length < whole.length; length++) {
      assert.throws(() => follow(whole.subarray(0, length)), FormatError);
    }
  }
});

test('windows beyond the limit', () => {
  follow(frame(0x00, [(27 - 10) << 3], rawHello));
  assert.throws(() => follow(frame(0x00, [((27 - 10) << 3) | 1], rawHello)), LimitError);
  assert.throws(() => follow(frame(0x00, [0xff], rawHello)), LimitError);
  assert.throws(() => follow(frame(0xe0, [0, 0, 0, 0, 1, 0, 0, 0], rawHello)), LimitError);
});

test('other bytes', () => {
  for (const bad of [Buffer.from('plain text'), frame(0x00, [0x58], [6 | 1, 0, 0])]) {
    assert.throws(() => follow(bad), FormatError);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(good.length - 1), (tail, which) => {
      try {
        follow(Buffer.concat([good[which]!, tail]));
      } catch (error) {
        if (!(error instanceof FormatError) && !(error instanceof LimitError)) throw error;
      }
    }),
  );
});

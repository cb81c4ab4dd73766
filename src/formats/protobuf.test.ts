import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '#base';
import { decodeProto, encodeProto, protoBytes, protoNumber, protoText } from './protobuf.js';

test('the example of the specification', () => {
  assert.deepEqual([...encodeProto([[1, 150]])], [0x08, 0x96, 0x01]);
  assert.deepEqual([...encodeProto([[2, 'testing']])], [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
});

test('fields by number, the last one counts', () => {
  const message = decodeProto(
    encodeProto([
      [1, 'a'],
      [3, 2 ** 40],
      [1, 'ä'],
      [5, Uint8Array.of(1, 2)],
    ]),
  );
  assert.equal(protoText(message, 1), 'ä');
  assert.equal(message.get(1)?.length, 2);
  assert.equal(protoNumber(message, 3), 2 ** 40);
  assert.deepEqual(protoBytes(message, 5), Uint8Array.of(1, 2));
  assert.deepEqual([protoText(message, 9), protoNumber(message, 9), protoBytes(message, 9)], ['', 0, undefined]);
});

test('fixed-width fields are read over', () => {
  const message = decodeProto(Uint8Array.of(0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4, 0x18, 7));
  assert.deepEqual([...message], [[3, [7]]]);
});

test('what is encoded is decoded', () => {
  const value = fc.oneof(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.uint8Array());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 29 - 1 }), value)), (fields) => {
      const message = decodeProto(encodeProto(fields));
      for (const [number] of fields)
        assert.deepEqual(
          message.get(number),
          fields.filter(([n]) => n === number).map(([, v]) => v),
        );
    }),
  );
});

test('any bytes are decoded or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        decodeProto(bytes);
      } catch (error) {
        assert.ok(error instanceof FormatError);
      }
    }),
  );
});

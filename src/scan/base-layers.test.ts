import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseLayerCount } from './base-layers.js';

/** `+` is a step with a layer, anything else a step without one. */
const count = (steps: readonly string[], layers: number): number =>
  baseLayerCount(
    steps.map((step) => (step === '+' ? { created_by: 'RUN x' } : { created_by: step, empty_layer: true })),
    layers,
  );

const cmd = '/bin/sh -c #(nop)  CMD ["sh"]';

for (const [steps, layers, expected] of [
  [['+', cmd, '+', '+'], 3, 1],
  [['+', '+', 'CMD ["sh"]', 'ENV a=b', '+', 'CMD ["app"]'], 3, 2],
  [['+', cmd], 1, 0],
  [['+', 'ENV a=b', '+', cmd], 2, 0],
  [['+', cmd, '+', cmd, '+'], 3, 2],
  [['+', cmd, '+'], 5, 0],
  [[], 0, 0],
  [[cmd, cmd], 0, 0],
] as const)
  test(`${steps.join(' · ')} has ${expected} base layers`, () => assert.equal(count(steps, layers), expected));

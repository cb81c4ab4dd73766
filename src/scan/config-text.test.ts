import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText } from './config-text.js';

test('one value a line, known keys in their order, others after them', () => {
  const text = configText({
    os: 'linux',
    config: { Labels: {}, Env: ['A=<1>', 'B=2'], Tty: false, Unknown: 1 },
    architecture: 'amd64',
    created: '2024-01-02T03:04:05Z',
    history: [{ created_by: 'RUN x', created: '2024-01-02T03:04:05Z', empty_layer: false }],
  });
  assert.deepEqual(text.split('\n'), [
    '{',
    '  "architecture": "amd64",',
    '  "created": "2024-01-02T03:04:05Z",',
    '  "history": [',
    '  {',
    '  "created": "2024-01-02T03:04:05Z",',
    '  "created_by": "RUN x"',
    '  }',
    '  ],',
    '  "os": "linux",',
    '  "config": {',
    '  "Env": [',
    '  "A=\\u003c1\\u003e",',
    '  "B=2"',
    '  ],',
    '  "Unknown": 1',
    '  }',
    '  }',
  ]);
});

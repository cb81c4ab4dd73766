import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognizeLicense } from './license-text.js';

const bsd =
  'Redistribution and use in source and binary forms, with or without modification: retain the above copyright notice';
const texts = [
  [
    'Permission is hereby granted, free of charge, to any person\nobtaining a copy … substantial portions of the Software.',
    'MIT',
  ],
  [bsd, 'BSD-2-Clause'],
  [`${bsd}. Neither the name … may be used to endorse or promote products derived from it`, 'BSD-3-Clause'],
  [
    'Apache License\n Version 2.0, January 2004\n TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION',
    'Apache-2.0',
  ],
  ['GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\nPreamble', 'GPL-2.0'],
  ['All rights reserved.', undefined],
  ['', undefined],
] as const;

for (const [text, expected] of texts) test(String(expected), () => assert.equal(recognizeLicense(text), expected));

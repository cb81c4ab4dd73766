/**
 * Which license a license file holds, by phrases that only its text has.
 * Reads   the first 64 KiB of a text; case, line breaks and quotes do not count.
 * Yields  the SPDX identifier of one of the most frequent licenses, nothing for others. Changed texts are not noticed.
 * Source  https://spdx.org/licenses/
 */
export function recognizeLicense(text: string): string | undefined {
  const plain = text
    .slice(0, 65536)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, ' ');
  return rules.find(
    ({ has, lacks = [] }) =>
      has.every((phrase) => plain.includes(phrase)) && !lacks.some((phrase) => plain.includes(phrase)),
  )?.id;
}

interface Rule {
  readonly id: string;
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
}

const redistribution = 'redistribution and use in source and binary forms';
const endorsement = 'endorse or promote products derived';
const advertising = 'all advertising materials mentioning features';

/** In order: texts that quote others come first. */
const rules: readonly Rule[] = [
  { id: 'AGPL-3.0', has: ['gnu affero general public license version 3'] },
  { id: 'LGPL-3.0', has: ['gnu lesser general public license version 3'], lacks: ['preamble'] },
  { id: 'LGPL-2.1', has: ['gnu lesser general public license version 2.1'] },
  { id: 'MPL-2.0', has: ['mozilla public license version 2.0', 'secondary license'] },
  { id: 'EPL-2.0', has: ['eclipse public license v 2.0'] },
  { id: 'GPL-3.0', has: ['gnu general public license version 3', 'preamble'] },
  { id: 'GPL-2.0', has: ['gnu general public license version 2', 'preamble'] },
  {
    id: 'Apache-2.0',
    has: ['apache license version 2.0 january 2004', 'terms and conditions for use reproduction and distribution'],
  },
  { id: 'BSD-4-Clause', has: [redistribution, advertising] },
  { id: 'BSD-3-Clause', has: [redistribution, endorsement] },
  { id: 'BSD-2-Clause', has: [redistribution, 'retain the above copyright notice'] },
  {
    id: 'MIT',
    has: [
      'permission is hereby granted free of charge to any person obtaining a copy',
      'substantial portions of the software',
    ],
  },
  {
    id: 'ISC',
    has: [
      'distribute this software for any purpose with or without fee',
      'copyright notice and this permission notice appear',
    ],
  },
  { id: '0BSD', has: ['distribute this software for any purpose with or without fee is hereby granted'] },
  { id: 'Unlicense', has: ['this is free and unencumbered software released into the public domain'] },
  { id: 'CC0-1.0', has: ['cc0 1.0 universal'] },
];

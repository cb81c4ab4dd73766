/**
 * PyPI. Names compare by PEP 503, but the advisory database keeps dots, so only `_` becomes `-`.
 * https://packaging.python.org/en/latest/specifications/name-normalization/
 */
import { defineEcosystem } from '../ecosystem.js';

const normalize = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export const python = defineEcosystem({
  id: 'python',
  title: 'Python',
  docs: 'https://pypi.org',
  types: ['pip', 'pipenv', 'poetry', 'pylock', 'python-pkg', 'uv'],
  aggregated: { 'python-pkg': 'Python' },
  purlType: 'pypi',
  scheme: 'pep440',
  advisories: 'pip::',
  rebuilds: { scheme: 'pep440-local', certain: { name: /^seal-/, version: /\+sp\d+(?:p\d+)?$/ } },
  normalize,
  // Sources other than GitHub's follow PEP 503 to the letter: runs of `-`, `_` and `.` are one `-`.
  otherName: (name) => name.replace(/[-_.]+/g, '-'),
  purl: ({ name, version }) => ({ name: normalize(name), version }),
});

/**
 * Versions of Python distributions, with specifiers by PEP 440: local labels of a version do not count in them.
 * Source  https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
import { pep440Range, type LocalLabels, type PythonVersion } from './constraints/pep440-range.js';
import { orderPep440, parsePep440 } from './order/pep440-version.js';
import { defineScheme } from './scheme.js';

export const pep440 = defineScheme({ id: 'pep440', title: 'Python', ...parts('lenient') });

/** As `pep440`, but specifiers may name local labels, which always count: for rebuilds patched as `1.2+sp1`. */
export const pep440Local = defineScheme({ id: 'pep440-local', title: 'Python with local labels', ...parts('strict') });

function parts(labels: LocalLabels) {
  return {
    source: 'https://packaging.python.org/en/latest/specifications/version-specifiers/',
    alphabet: '0 1 2 10 01 v 1! . - _ + a b rc1 .dev1 .post1 -1 +local.1 +1 1.0 .0 .*',
    parse,
    order: orderPep440,
    range: pep440Range(labels),
  };
}

function parse(text: string): PythonVersion | undefined {
  const version = parsePep440(text);
  return version && { ...version, text: text.trim() };
}

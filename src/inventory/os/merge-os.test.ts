import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperatingSystem } from '#model';
import { mergeOs } from './merge-os.js';
import { canonicalOsFamily } from './os-family.js';

const os = (text: string, more: Partial<OperatingSystem> = {}): OperatingSystem => {
  const [family = '', name = ''] = text.split('@');
  return { family, name, ...more };
};
const esm = os('ubuntu@', { extended: true });
const rapidfort = os('@', { supplier: 'rapidfort' });

const vectors: readonly (readonly [string, readonly OperatingSystem[], OperatingSystem])[] = [
  ['the first version stays', [os('alpine@3.18.2'), os('alpine@3.19.0')], os('alpine@3.18.2')],
  ['the first family stays', [os('ubuntu@24.04'), os('debian@trixie/sid')], os('ubuntu@24.04')],
  ['Debian gives way', [os('debian@trixie/sid'), os('ubuntu@24.04')], os('ubuntu@24.04')],
  ['Red Hat gives way', [os('redhat@8.6'), os('oracle@8.8')], os('oracle@8.8')],
  ['a newer Debian replaces an older one', [os('debian@11'), os('debian@12.5')], os('debian@12.5')],
  ['blanks are filled', [os('ubuntu@'), os('ubuntu@24.04')], os('ubuntu@24.04')],
  ['never with the version of another family', [os('ubuntu@'), os('debian@12')], os('ubuntu@')],
  ['extended support, whatever comes first', [esm, os('ubuntu@20.04')], os('ubuntu@20.04', { extended: true })],
  ['extended support after it', [os('ubuntu@20.04'), esm], os('ubuntu@20.04', { extended: true })],
  ['through Debian', [os('debian@x'), esm, os('ubuntu@20.04')], os('ubuntu@20.04', { extended: true })],
  ['a supplier alone', [rapidfort, os('redhat@9')], os('redhat@9', { supplier: 'rapidfort' })],
  [
    'a supplier is kept',
    [os('debian@9'), rapidfort, os('ubuntu@20.04')],
    os('ubuntu@20.04', { supplier: 'rapidfort' }),
  ],
  ['aliases', [os('amazon linux@2')], os('amazon@2')],
];

for (const [name, found, told] of vectors) {
  test(name, () => {
    assert.deepEqual(
      found.reduce<OperatingSystem | undefined>((current, next) => mergeOs(current, next), undefined),
      told,
    );
  });
}

test('family aliases', () => {
  assert.equal(canonicalOsFamily('opensuse.leap'), 'opensuse-leap');
  assert.equal(canonicalOsFamily('suse linux enterprise micro'), 'slem');
  assert.equal(canonicalOsFamily('alpine'), 'alpine');
  assert.equal(canonicalOsFamily('__proto__'), '__proto__');
});

/**
 * A database written by the reference implementation of the format: what our own writer never makes. Free pages from
 * deletions, half-filled pages, buckets in buckets, an older meta page with another tree, the file longer than in use.
 * Made with go.etcd.io/bbolt 1.5.0, pages of 1024 bytes, in two transactions: bucket `keys` with `key 000` to `key 089`,
 * `large` with one value of 5000 `x`, `empty`, `gone`, `outer` > `inner` > `innermost` with one key; then `gone` and
 * two of every three keys deleted.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { openBolt } from './bbolt.js';
import { verifyBolt } from './bbolt-verify.js';

const deflated = [
  '7ZxLaFxVGMfvzCRt4qOdpBEVN0EQ66bMfZx7zwUXAXeudGHRjRLwWiVNRtK0GKQgxYXiRtyIG3Hjzo0KvhAfC60LHwsfi6oLHwu1FF8gFRT9',
  'Zr7vnpn7lyGIBJv0/7uL8/1mktNmcr9zv/NxSBQpUzaeO3PZufbYC92oyZyN8za2bXzp7odmV1p/HI4IITuG1hb5fwC+fsHGK2zs2HjY9X89',
  '/frBOX6ihOwc2mFcCK8tyaKwd2xt8OA98IPgi+b13FeDz4NfCj4F/mfU9N/AfwT/Dvwr8DPgH4O/D/4O+BvgL4/5SrW52BN0TFMd81zHshyO',
  'cRInGrjYaeBjPwzknViDLMk0KJJiGKRyaZDavGme6sRpmerM8k06c+YynTnzmc4s/5TOLO/ozK5wBTPg4qYT8v+S8NozcH8/Bf4E+GPgD4Of',
  'BD8B3ge/F3wZ8yuXSwPJAA1yS7G8zDUTJGs0E+Qm10wofKGZILmmmSCpoZkg7zATyEXI1DY+/2u/CrwLPgMegZ+Pmv4TrA/fg38N/jn4J+Af',
  'gL8L/ib4K+DPT3z+x7rO9JKkWQ9kuuz0nGvWB4U+6XveN+sFuTSIbcZRBZHGOmecxRnUFHms08ZFXDSrjLiMS977JIqmQ/6Pdvo9qL9vAL8W',
  '/BrwBfDLwfeA/wX5dB78Z/AfwL8B/wL8U/APwU+DvwX+KvgLmO+JXFC9J5bySZqkUM+7RPMzyZO8WeEnPrFdQJmUUPNLomsgM8IuIEt15tSl',
  'DvYFRWp7B5963uzkH+xh/v/3/B9tv+XSQB7HsCGXNNUgs6f/aIueZ5quWZEVzU17VmY6s5MLtvGykGggeQ8be2eFhctdzq0+mczekP+Ljabg',
  '+P3+O+TrL+Bnwb8F/xL8M/CPwN8Dfxv8NfAXwZ8Dfxb8afAnwR8HfxT8FPiD4Bvgq+D3gN8Ffjv4reA3g98EfiO4Az8Efn0L1jPnnfUMS1dC',
  'x0V2FRpI+QI9GFnHNJBlB7oyRa4LW+5zD30auTSQbQp0bqR80UAWRujlyIwaFLZnCt2doix0Zi8X9HukwNJA6iHoAMnPrIH8F0NPSANv2zFf',
  '+l23a5oJW27tBCzZmlD3BQrzep9wyLyuG64zr9cR2/9aWWxPR7upuNoScmExGx75rZDzXcv3R2RLcGL56PHqAUIIIYQQQgghhBBCyLazDf2/',
  'fWP9Pzt6N+z/DfqCg4b9fWtr1fpq/9jGpAnao2N7w2/sWPNwpdoc9g7ZYiXkgmX/hPyftnGY//v4ORGyG+mG/J8O+X+L5f+ieWXnAWrfNO+a',
  'nxxbLwZ+asyr1fs3NifXDsqR/lq11ddIPXFsBt47urx+pJqFF/vHN6r1/fzNErI1c2EdaDfSrcOPhpBdT/13fFqW+YNn/PjZ0CvNO6PHcDjf',
  'l/f4+RGykzkQyuypUP8vQf1/G9T7d0C9f+e/rfcHtfw8a3lC/m8WQv2vJ/jrM8D1ef/6nH99vn8G+gb8g1+EEEIIIYQQQgghhBBCCCGEEEII',
  'IYQQQgghhBBCyPbzNw==',
];
const bytes = inflateRawSync(Buffer.from(deflated.join(''), 'base64'));

test('a database of the reference implementation is read', () => {
  const database = openBolt(bytes);
  verifyBolt(database);
  const { root } = database;
  assert.deepEqual(
    [...root.items()].map((item) => item.keyText),
    ['empty', 'keys', 'large', 'outer'],
  );
  const keys = root.get('keys')!.bucket!;
  for (let i = 0; i < 90; i++) {
    const found = keys.get(`key ${String(i).padStart(3, '0')}`);
    assert.equal(found?.valueText, i % 3 === 0 ? String(i) : undefined);
  }
  assert.equal([...keys.items()].length, 30);
  assert.equal(root.get('large')!.bucket!.get('value')!.valueText, 'x'.repeat(5000));
  const inner = root.get('outer')!.bucket!.get('inner')!.bucket!;
  assert.equal(inner.get('innermost')!.bucket!.get('key')!.valueText, 'value');
  assert.deepEqual([...root.get('empty')!.bucket!.items()], []);
});

test('without its newer meta page the older tree is read', () => {
  const newer = Number(openBolt(bytes).pager.meta.transaction % 2n);
  const damaged = Uint8Array.from(bytes);
  damaged[newer * 1024 + 40]! ^= 1;
  const { root } = openBolt(damaged);
  assert.ok(root.get('gone')?.bucket);
  assert.equal([...root.get('keys')!.bucket!.items()].length, 90);
});

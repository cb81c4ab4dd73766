import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binaryContext, binaryFile } from '../binary-file.test.kit.js';
import { assertSurvivesDamage, extractTree, namesOf } from '../extract-tree.test.kit.js';
import { requirements } from './requirements.js';

const text = `\uFEFF# pinned
Flask==2.0.1
requests[socks] == 2.32.0 ; python_version < "4"  # comment
wheel==0.40.0 --hash=sha256:aa \\
    --hash=sha256:bb
range>=1.2,<2
loose~=3.1
any==4.*
-r other.txt
git+https://example.com/x.git@v1==2
bad==not.a.version
arbitrary===1.0
both!=1.1,>=1.0
name only
`;

const tables = [
  ['precise', ['Flask@2.0.1', 'requests@2.32.0', 'wheel@0.40.0']],
  [
    'comprehensive',
    ['Flask@2.0.1', 'requests@2.32.0', 'wheel@0.40.0', 'range@1.2', 'loose@3.1', 'any@4.0', 'both@1.0'],
  ],
] as const;

for (const [detection, expected] of tables)
  test(`${detection} detection`, async () => {
    const options = { includeDev: false, detection };
    assert.deepEqual(namesOf(await extractTree(requirements, { 'a/requirements.txt': text }, options)), expected);
  });

test('lines are counted', async () => {
  const { applications } = await extractTree(requirements, { 'requirements.txt': text });
  assert.deepEqual(applications[0]?.packages[1]?.locations, [{ start: 3, end: 3 }]);
});

test('UTF-16 with a byte order mark is read', () => {
  const content = Buffer.from('\uFEFFflask==1.0\n', 'utf16le');
  for (const bytes of [content, Buffer.from(content).swap16()]) {
    const { applications } = requirements.extract(binaryFile('requirements.txt', bytes), binaryContext());
    assert.equal(applications[0]?.packages[0]?.name, 'flask');
  }
});

test('damaged files', () => assertSurvivesDamage(requirements, 'requirements.txt', { 'requirements.txt': text }));

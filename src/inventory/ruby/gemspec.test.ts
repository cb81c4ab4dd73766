import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { gemspec } from './gemspec.js';

const path = 'usr/lib/ruby/gems/3.0.0/specifications/default/a-1.2.gemspec';
const specification = (lines: string): string => `# stub: a
Gem::Specification.new do |spec|
  spec.name = "a".freeze # comment
  other.version = "9"
${lines}
end
`;

const tables = [
  ['spec.version = "1.2"', { version: '1.2' }],
  ["spec.version = '1.2'\n  spec.license = 'MIT'", { version: '1.2', licenses: ['MIT'] }],
  ['spec.version = "1.2"\n  spec.licenses = ["MIT".freeze, "Ruby"]', { version: '1.2', licenses: ['MIT', 'Ruby'] }],
  ['spec.version = "1.2"\n  spec.licenses = "MIT"', { version: '1.2' }],
] as const;

for (const [lines, expected] of tables)
  test(lines, async () => {
    const { applications } = await extractTree(gemspec, { [path]: specification(lines) });
    assert.deepEqual({ name: 'a', ...expected, path, analyzedBy: 'gemspec' }, { ...applications[0]?.packages[0] });
  });

test('a computed version is a diagnostic', async () => {
  const { reports } = await extractTree(gemspec, { [path]: specification('spec.version = A::VERSION') });
  assert.deepEqual(reports, ['incomplete-specification']);
});

test('damaged files', () => {
  const text = specification('spec.version = "1.2"\n  spec.licenses = ["MIT"]');
  return assertSurvivesDamage(gemspec, path, { [path]: text });
});

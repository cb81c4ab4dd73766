// Runs the recorded cases of the reference, which lie beside the project, and compares how many pass in each group with
// test/parity.json. Fails when operating systems or images lost one; other groups are told only.
// Usage: node scripts/parity.mjs [--update] [--program FILE]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { update: { type: 'boolean' }, program: { type: 'string', default: join(root, 'bin/pratique') } },
});
const folder = join(root, '../shared/parity');
const known = join(root, 'test/parity.json');
const result = join(root, '.cache/parity.json');
mkdirSync(join(root, '.cache'), { recursive: true });

const args = ['--cmd', values.program, '--cases', 'open.tar.xz', '--jobs', '2', '--paths', '2', '--json', result];
const { error } = spawnSync('python3', ['compare.py', ...args], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (error) throw error;
const { groups } = JSON.parse(readFileSync(result, 'utf8'));
const passed = Object.fromEntries(
  Object.keys(groups)
    .sort()
    .map((name) => [name, groups[name].passed]),
);
const before = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : {};

let lost = false;
for (const [name, count] of Object.entries(passed)) {
  const { total } = groups[name];
  const was = before[name] ?? 0;
  const strict = name === 'image' || name.startsWith('os-');
  if (count < was && strict) lost = true;
  const change =
    count === was ? '' : count < was ? `  LOST ${was - count}${strict ? '' : ' (told only)'}` : '  more than noted';
  if (count < total || change) console.log(`${name.padEnd(24)} ${count} of ${total}${change}`);
}
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
console.log(
  `recorded cases: ${sum(Object.values(passed))} of ${sum(Object.values(groups).map((g) => g.total))} as the reference`,
);
if (values.update) writeFileSync(known, `${JSON.stringify(passed, null, 2)}\n`);
process.exit(lost && !values.update ? 1 : 0);

/** Budgets and conventions of the repository: sizes, names, registered and tested members. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const src = join(root, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const text = (path: string): string => readFileSync(join(src, path), 'utf8');
const linesOf = (path: string): number => text(path).split('\n').length;

/** Tables of data, which may be long. */
const dataTables = new Set(['cli/option-table.ts', 'base/errors.ts']);

test('no file is longer than 400 lines, and the median source file is under 150', () => {
  for (const path of files)
    if (!dataTables.has(path)) assert.ok(linesOf(path) <= 400, `${path} has ${linesOf(path)} lines`);
  const sizes = files
    .filter((path) => !path.endsWith('.test.ts'))
    .map(linesOf)
    .sort((a, b) => a - b);
  assert.ok(sizes[Math.floor(sizes.length / 2)]! < 150);
});

/** Folders that hold more than the others, with what they may hold; the list may only shrink. */
const fullFolders = new Map([
  ['formats', 62],
  ['report', 62],
]);

test('no folder holds more than 40 source files, and none lies deeper than room/part/part', () => {
  const counts = new Map<string, number>();
  for (const path of files.filter((file) => !/\.test(?:\.kit)?\.ts$/.test(file))) {
    const folder = dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
    assert.ok(path.split('/').length <= 4, path);
  }
  for (const [folder, count] of counts)
    assert.ok(
      count <= (fullFolders.get(folder) ?? 40),
      `${folder} holds ${count} files: give a part a folder of its own`,
    );
});

test('file names are kebab-case and say what is inside', () => {
  for (const path of files) {
    const name = basename(path).replace(/(?:\.test(?:\.kit)?)?\.ts$/, '');
    assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, path);
    assert.doesNotMatch(name, /(?:^|-)(?:utils?|helpers?|common|misc|manager|handler|data|info)(?:-|$)/, path);
  }
});

test('named exports only, no enums', () => {
  for (const path of files) {
    assert.doesNotMatch(text(path), /^export default/m, path);
    assert.doesNotMatch(text(path), /^\s*(?:export\s+)?(?:const\s+)?enum\s/m, path);
  }
});

test('the lock file holds every platform of optional packages, so npm ci works everywhere', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages))
    for (const name of Object.keys(optionalDependencies))
      assert.ok(packages[`node_modules/${name}`] ?? packages[`${path}/node_modules/${name}`], `${name} of ${path}`);
});

test('every runtime dependency has a reason in docs/dependencies.md', () => {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  const reasons = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  for (const name of Object.keys(dependencies)) assert.ok(reasons.includes(`\`${name}\``), `${name} has no reason`);
});

test('tests that docs/kubernetes.md names are there', () => {
  const tests = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => ({ name: basename(path), content: readFileSync(join(root, folder, path), 'utf8') })),
  );
  const named = [
    ...readFileSync(join(root, 'docs/kubernetes.md'), 'utf8').matchAll(/`([\w.-]+\.test\.ts)` \*([^*]+)\*/g),
  ];
  assert.ok(named.length >= 10);
  for (const [, file, title] of named)
    assert.ok(
      tests.some(({ name, content }) => name === file && content.includes(`test('${title}'`)),
      `there is no test ${JSON.stringify(title)} in ${file}`,
    );
});

test('each decision has a number of its own, which opens its file', () => {
  const names = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md');
  const numbers = names.map((name) => name.slice(0, 4));
  assert.deepEqual(numbers, [...new Set(numbers)]);
  for (const name of names)
    assert.match(readFileSync(join(root, 'docs/decisions', name), 'utf8'), new RegExp(`^# ${name.slice(0, 4)}: `));
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeWorld, type FakeWorld } from '#platform/fakes';
import { main } from '../main.js';

const folder = mkdtempSync(join(tmpdir(), 'db-build-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'feeds/alpine/v9.9'), { recursive: true });
writeFileSync(
  join(folder, 'feeds/alpine/v9.9/main.json'),
  JSON.stringify({
    distroversion: 'v9.9',
    packages: [{ pkg: { name: 'a', secfixes: { '1-r0': ['CVE-2099-0001'] } } }],
  }),
);
mkdirSync(join(folder, 'empty'));

async function run(args: readonly string[], terminal = false): Promise<{ code: number; world: FakeWorld }> {
  const plain = fakeWorld({ cwd: folder });
  const world = { ...plain, stderr: { ...plain.stderr, isTTY: terminal } };
  return { code: await main(['db', 'build', ...args], world), world };
}

test('writes both files and sums up; progress is for terminals', async () => {
  for (const terminal of [false, true]) {
    const { code, world } = await run(['--from', 'feeds', '--output', 'out'], terminal);
    assert.equal(code, 0);
    assert.match(world.written.stderr, /^alpine {2,}unknown {2,}1 {2,}0 {2,}1$/m);
    assert.match(world.written.stderr, /without a feed: bitnami, /);
    assert.equal(world.written.stderr.includes('\u001b['), terminal);
    assert.equal(world.written.stdout, '');
  }
  for (const name of ['trivy.db', 'metadata.json']) assert.ok(existsSync(join(folder, 'out', name)));
});

test('one line says what is missing', async () => {
  const cases: readonly (readonly [args: readonly string[], line: RegExp])[] = [
    [[], /db build needs --from DIR and --output DIR/],
    [['--from', 'feeds'], /db build needs/],
    [['--from', 'nowhere', '--output', 'no'], /nowhere: no such file or directory/],
    [['--from', 'empty', '--output', 'no'], /empty: no advisories in there/],
  ];
  for (const [args, line] of cases) {
    const { code, world } = await run(args);
    assert.equal(code, 1);
    const errors = `${world.written.log}${world.written.stderr}`.split('\n').filter((text) => text.includes('ERROR'));
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, line);
  }
  assert.ok(!existsSync(join(folder, 'no')));
});

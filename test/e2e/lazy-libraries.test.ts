/** Libraries that few need are loaded by those who do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('the webhook loads what verifies signatures when a policy asks for one, not before', () => {
  const script = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire(import.meta.url);
    const loaded = () => Object.keys(cache).some((path) => path.includes('@sigstore'));
    await import('#kubernetes');
    await import('#signatures');
    const before = loaded();
    await import('@sigstore/verify');
    console.log(before, loaded());
  `;
  const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
  assert.equal(ran.stdout.trim(), 'false true', ran.stderr);
});

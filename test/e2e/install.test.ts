/** deploy/install.sh against a local file server: verified, versioned, refused when damaged. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../deploy/install.sh', import.meta.url));
const name = `pratique-${process.platform}-${process.arch}`;
const program = '#!/bin/sh\necho installed program\n';
const sum = createHash('sha256').update(program).digest('hex');
const directory = mkdtempSync(join(tmpdir(), 'install-'));
let server: Server;
let base = '';

const files: Readonly<Record<string, string>> = {
  [`/latest/download/${name}`]: program,
  '/latest/download/checksums.txt': `${sum}  ${name}\n`,
  [`/download/v1.2.3/${name}`]: program,
  '/download/v1.2.3/checksums.txt': `${sum}  ${name}\n`,
  [`/download/v6.6.6/${name}`]: `${program}# changed\n`,
  '/download/v6.6.6/checksums.txt': `${sum}  ${name}\n`,
  [`/download/v7.7.7/${name}`]: program,
  '/download/v7.7.7/checksums.txt': `${sum}  other\n`,
};

before(async () => {
  server = createServer((request, response) => {
    const body = files[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function install(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env['PATH'], PRATIQUE_DOWNLOAD_URL: base };
  try {
    const { stdout, stderr } = await promisify(execFile)('sh', [script, ...args], { env, cwd: directory });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, output: stderr };
  }
}

for (const [title, version] of [
  ['the latest release', []],
  ['a version', ['v1.2.3']],
  ['a version without v', ['1.2.3']],
] as const) {
  test(`installs ${title}`, async () => {
    const target = join(directory, title);
    const { code, output } = await install('-b', target, ...version);
    assert.equal(code, 0, output);
    assert.equal(readFileSync(join(target, 'pratique'), 'utf8'), program);
    assert.equal(statSync(join(target, 'pratique')).mode & 0o777, 0o755);
  });
}

for (const [title, args, message] of [
  ['a changed download', ['v6.6.6'], /damaged or was changed/],
  ['a download that is not listed', ['v7.7.7'], /does not list/],
  ['a missing release', ['v9.9.9'], /cannot download/],
  ['no version', ['../../etc'], /is no version/],
] as const) {
  test(`refuses ${title}, and installs nothing`, async () => {
    const target = join(directory, 'refused');
    const { code, output } = await install('-b', target, ...args);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.equal(existsSync(join(target, 'pratique')), false);
  });
}

test('a download over https is not redirected to http', async () => {
  const tools = join(directory, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'curl'), `#!/bin/sh\necho "$@" > '${tools}/arguments'\nexit 1\n`, { mode: 0o755 });
  const env = { PATH: `${tools}:${process.env['PATH']}`, PRATIQUE_DOWNLOAD_URL: 'https://example.org' };
  await assert.rejects(promisify(execFile)('sh', [script], { env, cwd: directory }));
  assert.match(readFileSync(join(tools, 'arguments'), 'utf8'), /--proto =https --output/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileEntry, SourceFile } from '#model';
import { LimitError } from '#base';
import { createRuleSet } from './rule-set.js';
import { makeSample } from './samples.test.kit.js';
import { defaultSecretConfig, parseSecretConfig } from './secret-config.js';
import { createSecretVisitor, isBinary, type SecretVisitor } from './secret-visitor.js';

const secret = makeSample('ghp_{a36}').text;

function fileOf(path: string, content: string | Uint8Array): SourceFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    path,
    size: bytes.length,
    mode: 0o644,
    bytes: () => bytes,
    text: () => new TextDecoder().decode(bytes),
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

const entry = (path: string, size: number): FileEntry => ({ path, size, mode: 0o644 });

async function offer(visitor: SecretVisitor, file: SourceFile): Promise<void> {
  const want = visitor.want(file);
  if (want === 'skip' || (want === 'sniff' && !visitor.sniff(file, file.read(0, 4096)))) return;
  await visitor.visit(file);
}

const visitorOf = (rooted = false): SecretVisitor =>
  createSecretVisitor({ rules: createRuleSet(defaultSecretConfig), rooted });

async function scanned(path: string, content: string | Uint8Array = `key ${secret}`, rooted = false): Promise<boolean> {
  const visitor = visitorOf(rooted);
  await offer(visitor, fileOf(path, content));
  return visitor.finish().secretFiles.length > 0;
}

test('which paths are looked at', async () => {
  const read = [
    'a.txt',
    'app/.env',
    'locale/a',
    'vendor/a',
    'latest.txt',
    'contest/a',
    'a.markdown',
    'opt/yarn/a',
    'usr/src/app/a',
  ];
  for (const path of read) assert.equal(await scanned(path), true, path);
  const passed = [
    'test/a',
    'a/test/b',
    'my-test.txt',
    'x_test/b',
    'a.test.js',
    'Test/a',
    'example/a',
    'a/vendor/b',
    'usr/share/a',
    'usr/lib/a',
    'usr/include/a',
    'x/locale/a',
    'x/locales/a',
    'a/readme.md',
    'opt/yarn-v1.22/a',
    'usr/local/go/a',
    'usr/local/lib/python3.12/a',
    'usr/lib/gems/a',
    'usr/src/wordpress/a',
    'var/log/anaconda/a',
    'p.dist-info/RECORD',
    'x/.git/config',
    'x/node_modules/a',
    'go.sum',
    'x/package-lock.json',
    'a.jpg',
    'a.tar',
    'x.gz',
  ];
  for (const path of passed) assert.equal(await scanned(path), false, path);
  assert.equal(await scanned('vendor/a', undefined, true), false, 'below the root of an image, too');
});

test('which contents are looked at', async () => {
  assert.equal(await scanned('a', `\0\u0001 ${secret}`), false);
  assert.equal(await scanned('a', `${'x'.repeat(299)}\0 ${secret}`), false);
  assert.equal(await scanned('a', `${'x'.repeat(300)}\0 ${secret}`), true);
  assert.equal(await scanned('a', `\u001b[1m ${secret}`), true);
  for (let byte = 0; byte < 32; byte++) {
    const text = byte >= 7 && byte <= 13 && byte !== 11;
    assert.equal(isBinary(Uint8Array.of(65, byte)), !(text || byte === 27), String(byte));
  }
});

test('small files are passed over, files too large are told', () => {
  const visitor = visitorOf();
  assert.equal(visitor.want(entry('a', 9)), 'skip');
  assert.equal(visitor.want(entry('a', 10)), 'sniff');
  assert.equal(visitor.want(entry('b', 2 ** 30)), 'skip');
  const { diagnostics } = visitor.finish();
  assert.deepEqual(
    diagnostics.map(({ code, path }) => [code, path]),
    [['secrets/too-large', 'b']],
  );
});

test('the text in compiled Python files', async () => {
  const visitor = visitorOf(true);
  const bytes = Buffer.concat([Buffer.from([0xa7, 0x0d, 0, 0, 1, 2]), Buffer.from(`z\0${secret}\0`)]);
  await offer(visitor, fileOf('app/a.pyc', bytes));
  const [found] = visitor.finish().secretFiles;
  assert.equal(found!.path, 'app/a.pyc');
  assert.deepEqual(found!.secrets[0]!.code, []);
  assert.equal(found!.secrets[0]!.match, 'Binary file "/app/a.pyc" matches a rule "GitHub Personal Access Token"');
});

test('a large file is scanned in turns', async () => {
  const visitor = visitorOf();
  const content = `${'filler\n'.repeat(800_000)}${secret}\n`;
  await offer(visitor, fileOf('big.txt', content));
  const [found] = visitor.finish().secretFiles;
  assert.equal(found!.secrets[0]!.startLine, 800_001);
  assert.equal(found!.secrets[0]!.offset, 5_600_000);
});

test('a scan that is called off ends inside a large file', async () => {
  const rules = createRuleSet(defaultSecretConfig);
  const visitor = createSecretVisitor({ rules, rooted: false, signal: AbortSignal.abort(new Error('enough')) });
  await assert.rejects(async () => visitor.visit(fileOf('big.txt', 'x\n'.repeat(3_000_000))), /enough/);
});

test('a file that cannot be read costs itself only', async () => {
  const visitor = visitorOf();
  const broken = {
    ...fileOf('a', ''),
    size: 100,
    bytes(): never {
      throw new LimitError('a', 1);
    },
  };
  await visitor.visit(broken);
  await offer(visitor, fileOf('b', secret));
  const { secretFiles, diagnostics } = visitor.finish();
  assert.deepEqual([secretFiles.length, diagnostics[0]!.code], [1, 'secrets/unreadable']);
});

test('the configuration itself is not scanned; users say what else is', async () => {
  const config = await parseSecretConfig('{skip-patterns: ["a/*.cfg"], disable-allow-rules: [tests]}', 'x/s.yaml');
  const visitor = createSecretVisitor({ rules: createRuleSet(config), rooted: false });
  for (const path of ['s.yaml', 'a/b.cfg', 'a/c/b.cfg', 'test/a', 'x.tar', 'k/s.yaml'])
    await offer(visitor, fileOf(path, secret));
  assert.deepEqual(
    visitor.finish().secretFiles.map((file) => file.path),
    ['a/c/b.cfg', 'k/s.yaml', 'test/a', 'x.tar'],
  );
});

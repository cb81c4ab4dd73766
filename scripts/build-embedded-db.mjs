// Builds the database that comes with the program from a directory of feeds, unpacked or as `<feed>.tar.xz`:
//   node scripts/build-embedded-db.mjs FEEDS
// Writes data/default-db.br and data/default-db.json; nothing when the database is the same as the one that is there.
// data/feeds.json tells the dates of feeds that do not tell them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const feeds = process.argv[2];
if (!feeds) {
  console.error('usage: node scripts/build-embedded-db.mjs FEEDS');
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), 'pratique-db-'));
try {
  gather(resolve(feeds), work);
  await build(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Feeds as folders, with the stated dates. */
function gather(from, to) {
  cpSync(join(root, 'data/feeds.json'), join(to, 'feeds.json'));
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (!name.endsWith('.tar.xz')) {
      cpSync(path, join(to, name), { recursive: true });
      continue;
    }
    const { status } = spawnSync('tar', ['-xJf', path, '-C', to], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${path} cannot be unpacked`);
  }
}

async function build(from) {
  const { buildDatabase } = await import(join(root, 'dist/advisories/index.js'));
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const now = epoch ? new Date(Number(epoch) * 1000) : new Date();
  const result = await buildDatabase({ from, output: join(from, '.out'), now, signal: new AbortController().signal });
  for (const { severity, message, path } of result.diagnostics) {
    if (severity !== 'info') console.error(`${message}${path ? ` (${path})` : ''}`);
  }
  const database = readFileSync(result.path);
  const sha256 = createHash('sha256').update(database).digest('hex');
  const target = join(root, 'data/default-db.json');
  if (existsSync(target) && JSON.parse(readFileSync(target, 'utf8')).sha256 === sha256) {
    console.error('the database is unchanged');
    return;
  }
  const compressed = brotliCompressSync(database, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: database.length,
    },
  });
  const manifest = {
    schema: 2,
    built: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    sha256,
    size: database.length,
    sources: result.sources.map(({ source, date, advisories }) => ({
      id: source.id,
      name: source.title,
      date,
      license: source.license,
      url: source.url,
      advisories,
    })),
    releases: result.releases,
  };
  writeFileSync(join(root, 'data/default-db.br'), compressed);
  writeFileSync(target, `${JSON.stringify(manifest, null, 2)}\n`);
  console.error(
    `${database.length} bytes, ${compressed.length} compressed, ${result.vulnerabilities} vulnerabilities with details`,
  );
}

// Medians of whole processes: time and largest memory, for the compiled program, Node 20 and Node 24, and for the
// reference where `trivy` is on PATH. Prints a table and writes bench/results.json.
// Usage: npm run bench [-- --runs N] [--only PART OF A ROW OR PROGRAM]
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { noRegistry, realRegistry } from '../dist/test/fakes/real-registry.js';
import { makeFixtures } from './fixtures.mjs';
import { median, overhead, run } from './measure.mjs';
import { findPrograms } from './programs.mjs';
import { makeRows } from './rows.mjs';
import { markdown } from './table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' }, only: { type: 'string' } } });

const fixtures = await makeFixtures(root);
if (noRegistry) throw new Error(noRegistry);
const registry = await realRegistry();
try {
  await pushAll();
  const programs = findPrograms(root);
  const rows = makeRows(fixtures, registry.host);
  const before = await emptyStart(programs);
  const results = await measureAll(rows, programs);
  const start = [before, await emptyStart(programs)];
  console.log(markdown(results, programs));
  if (before !== undefined) console.log(`\nAn empty Node 24 took ${start.join(' ms before and ')} ms after.`);
  console.log('It took 37 ms where the targets were set: a slower or busier machine misses them by as much.');
  if (!values.only) {
    const machine = {
      processors: availableParallelism(),
      emptyNode24: { before: start[0], after: start[1] },
      database: fixtures.database,
    };
    writeFileSync(join(root, 'bench/results.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  }
} finally {
  await registry.stop();
}

async function pushAll() {
  const gzip = 'application/vnd.oci.image.layer.v1.tar+gzip';
  for (const image of Object.values(fixtures.images)) {
    const repository = `bench/${image.name}`;
    const { digest, size } = image;
    const layer = await registry.pushFile(repository, join(fixtures.folder, image.compressed), {
      mediaType: gzip,
      digest,
      size,
    });
    const config = await registry.pushBlob(
      repository,
      Buffer.from(image.config),
      'application/vnd.oci.image.config.v1+json',
    );
    await registry.pushManifest(repository, 'latest', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [layer],
    });
  }
}

/** Tells how fast the machine is at the moment. */
async function emptyStart(programs) {
  const node = programs['node 24']?.[0];
  if (!node) return undefined;
  const base = await overhead();
  const samples = [];
  for (let i = 0; i < 9; i++) samples.push((await run([node, '-e', '0'])).milliseconds);
  return Math.round(median(samples) - base);
}

async function measureAll(rows, programs) {
  const base = await overhead();
  const results = [];
  for (const row of rows) {
    const chosen = Object.entries(programs).filter(
      ([name]) => !values.only || `${row.title}, ${name}`.includes(values.only),
    );
    const samples = new Map(chosen.map(([name]) => [name, []]));
    const count = Math.max(3, Math.round(Number(values.runs) / row.weight));
    // In turns, so that what else happens on the machine hits all of them. The first run warms the page cache, and fills
    // the scan cache for rows that want it.
    for (let i = 0; i <= count; i++) {
      for (const [name, command] of chosen) {
        row.before(name, i);
        const sample = await run([...command, ...row.args(name)]);
        if (i > 0) samples.get(name).push(sample);
      }
    }
    const measured = Object.fromEntries([...samples].map(([name, found]) => [name, summary(found, base)]));
    results.push({ row: row.title, reference: row.reference, targets: row.targets, measured });
    console.error(row.title, measured);
  }
  return results;
}

function summary(samples, base) {
  const times = samples.map((sample) => sample.milliseconds - base);
  return {
    milliseconds: Math.round(median(times) * 10) / 10,
    fastest: Math.round(Math.min(...times) * 10) / 10,
    mebibytes: Math.round(median(samples.map((sample) => sample.kibibytes)) / 1024),
    runs: samples.length,
  };
}

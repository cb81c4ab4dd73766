// The operator in a cluster of 500 nodes and 5,000 pods of 300 images, which kwok plays on a real control plane: the first
// pass, memory and requests at rest, a restart, and a newer advisory database. Prints a table and writes
// bench/operator.json. Needs KUBEBUILDER_ASSETS, docker-registry and kubectl, as the slow tests do.
// Usage: node bench/operator.mjs [--nodes N] [--pods N] [--images N] [--rest SECONDS]; after npm run build.
// PRATIQUE_PROGRAM names another program than this package on the Node that runs this: a compiled binary.
import { availableParallelism, loadavg } from 'node:os';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noControlPlane } from '../dist/test/fakes/control-plane.js';
import { noRegistry, realRegistry } from '../dist/test/fakes/real-registry.js';
import { startCluster } from './cluster/cluster.mjs';
import { writeAdvisories } from './cluster/advisories.mjs';
import { pushImages } from './cluster/images.mjs';
import { startOperator } from './cluster/operator-process.mjs';
import { countingProxy } from './cluster/registry-proxy.mjs';

const number = (value) => ({ type: 'string', default: String(value) });
const { values } = parseArgs({
  options: { nodes: number(500), pods: number(5000), images: number(300), rest: number(60) },
});
const size = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
for (const reason of [noControlPlane, noRegistry]) if (reason) throw new Error(reason);

// Before the cluster is there: what else the machine does makes everything slower.
const load = loadavg().map((one) => Math.round(one * 10) / 10);
const targets = { mebibytesAtRest: 200, secondsForNewDatabase: 5 };
const registry = await realRegistry();
const proxy = await countingProxy(registry.host);
const cluster = await startCluster(size);
let operator;
try {
  const images = await pushImages(registry, proxy.host, size.images);
  await cluster.fill(images);
  const cacheDir = join(cluster.directory, 'cache');
  writeAdvisories(cacheDir, 1);
  const result = await measure(cacheDir, images);
  report(result);
  if (!process.argv.slice(2).some((argument) => /^--(?:nodes|pods|images)/.test(argument))) keep(result);
} finally {
  await operator?.stop();
  await cluster.stop();
  await proxy.stop();
  await registry.stop();
}

async function measure(cacheDir, images) {
  const start = () => startOperator(cluster, cacheDir);
  operator = await start();
  const first = await passes(operator, images.length);
  const scans = await operator.metric('scans_total');
  const pulled = proxy.pulls();
  await settle();
  const atRest = await rest();

  await operator.stop();
  operator = await start();
  const again = await passes(operator, images.length);
  const rescans = await operator.metric('scans_total');
  const pulledAgain = proxy.pulls() - pulled;
  await settle();
  const afterRestart = await rest();

  const former = proxy.pulls();
  const writesBefore = await cluster.writes();
  writeAdvisories(cacheDir, 0);
  await operator.until((metrics) => metrics.scanned_digests < images.length);
  const renewed = await passes(operator, images.length);
  return {
    machine: { processors: availableParallelism(), load },
    cluster: size,
    targets,
    firstPass: { ...first, scans, reports: await cluster.reports(), findings: await cluster.findings() },
    atRest,
    restart: { ...again, scans: rescans, pulls: pulledAgain },
    afterRestart,
    newDatabase: { ...renewed, pulls: proxy.pulls() - former, writes: (await cluster.writes()) - writesBefore },
  };
}

/** Beside what other programs took. */
function keep(result) {
  const file = new URL('operator.json', import.meta.url);
  const former = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const name = process.env.PRATIQUE_PROGRAM ? 'binary' : `node ${process.versions.node.split('.')[0]}`;
  const results = Object.entries({ ...former, [name]: result }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
}

/** Until every image that runs has a current result in each of its reports. */
async function passes(process, count) {
  const began = performance.now();
  const used = process.processorSeconds();
  await process.until(
    ({ running_digests: running, scanned_digests: scanned }) => running === count && scanned === count,
  );
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const processorSeconds = Math.round((process.processorSeconds() - used) * 10) / 10;
  return { seconds, processorSeconds, largestMebibytes: process.memory().largest };
}

/** Until what a pass left behind is done. */
function settle() {
  return new Promise((resolve) => setTimeout(resolve, 15_000));
}

/** Memory and requests while nothing happens but what nodes do. */
async function rest() {
  const before = cluster.requests();
  const samples = [];
  for (let i = 0; i < size.rest; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    samples.push(operator.memory().now);
  }
  const { count, kinds } = cluster.requests(before);
  return {
    mebibytes: samples.toSorted((a, b) => a - b)[samples.length >> 1],
    mostMebibytes: Math.max(...samples),
    requestsPerMinute: Math.round((count * 60) / size.rest),
    kinds,
  };
}

function report({ firstPass, atRest, restart, afterRestart, newDatabase }) {
  const rows = [
    [
      'first pass',
      `${firstPass.seconds} s (${firstPass.processorSeconds} of a processor), ${firstPass.scans} scans of ${size.images} images, ${firstPass.reports} reports with ${firstPass.findings} findings`,
    ],
    ['largest memory until then', `${firstPass.largestMebibytes} MiB`],
    [
      'memory at rest',
      `${atRest.mebibytes} MiB (most ${atRest.mostMebibytes}); under ${targets.mebibytesAtRest} wanted`,
    ],
    ['requests to the API server at rest', `${atRest.requestsPerMinute} a minute`],
    [
      'restart',
      `${restart.seconds} s (${restart.processorSeconds} of a processor), ${restart.scans} scans, ${restart.pulls} pulls`,
    ],
    ['memory after it', `${afterRestart.mebibytes} MiB (most ${afterRestart.mostMebibytes})`],
    [
      'new database',
      `${newDatabase.seconds} s (${newDatabase.processorSeconds} of a processor), ${newDatabase.pulls} pulls, ${newDatabase.writes} reports written; under ${targets.secondsForNewDatabase} s wanted`,
    ],
  ];
  console.log(rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
}

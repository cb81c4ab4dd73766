// The admission webhook answering from memory: how many reviews a second, and how long one takes at a steady rate.
// Server and load are a process each, with keep-alive connections over TLS as an API server has them.
// Usage: node bench/admission.mjs [--seconds N]; after npm run build.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const self = fileURLToPath(import.meta.url);
const IMAGES = 300;
const FINDINGS = 200;
const digestOf = (i) => `sha256:${i.toString(16).padStart(64, '0')}`;
const textOf = (i) => `registry.example.org/team/app-${i % IMAGES}:1@${digestOf(i % IMAGES)}`;

const load = (name) => import(`../dist/kubernetes/admission/${name}.js`);
const unasked = () => Promise.reject(new Error('nothing is asked for here'));
const none = () => 0;

async function serve() {
  const { createAdmission } = await load('admit');
  const { createFactsStore } = await load('facts-store');
  const { createPolicies } = await load('policies');
  const { createScanQueue } = await load('scan-queue');
  const { createDigestResolver } = await load('digest-resolver');
  const { issueAuthority, issueServerCertificate } = await load('issue-certificate');
  const { startWebhookServer } = await load('webhook-server');
  const { metricNames, webhookMetrics } = await load('webhook-metrics');
  const { systemClock } = await import('../dist/platform/index.js');
  const { fakeWorld } = await import('../dist/platform/fakes/index.js');
  const world = fakeWorld({ clock: systemClock });
  const facts = createFactsStore(world);
  for (let i = 0; i < IMAGES; i++) facts.put(factsOf(i));
  const policies = createPolicies('pratique-system');
  const exceptions = [{ ids: ['CVE-2026-7'], expires: '2099-01-01', reason: 'bench' }];
  await policies.set('ImagePolicy', 'team/policy', { unknownImage: 'deny', exceptions });
  const queue = createScanQueue({ scan: unasked, workers: 1, limit: 10, onDone() {}, onResult() {} }, world);
  const gauges = {
    certificateEnd: none,
    facts: none,
    policies: none,
    brokenPolicies: none,
    waiting: none,
    running: none,
    exceptions: none,
    redisUp: none,
  };
  const metrics = webhookMetrics(gauges);
  const admission = createAdmission(
    {
      policies,
      exceptions: { of: () => ({ all: [], hash: '' }) },
      facts,
      queue,
      resolver: createDigestResolver(unasked, world),
      platforms: () => ['linux/amd64'],
      onDecision: ({ outcome, kind, operation }) => metrics.count(metricNames.decisions, { outcome, kind, operation }),
    },
    world,
  );
  const validity = { now: new Date(), days: 1 };
  const authority = issueAuthority(validity);
  const server = await startWebhookServer(
    {
      host: '127.0.0.1',
      port: 0,
      certificate: issueServerCertificate(authority, ['localhost'], validity),
      validate: admission.validate,
      mutate: unasked,
      metrics: metrics.text,
      notReady: () => undefined,
      onRequest: (path, status, seconds) => metrics.observe(metricNames.duration, seconds),
    },
    world,
  );
  process.send({ port: server.port, ca: authority.cert });
}

function factsOf(i) {
  const findings = Array.from({ length: FINDINGS }, (_, n) => ({
    id: `CVE-2026-${n}`,
    severity: n < 10 && i % 3 === 0 ? 'CRITICAL' : 'LOW',
    package: `package-${n}`,
    version: '1.0',
    fixedVersion: '1.1',
  }));
  return { digest: digestOf(i), platform: 'linux/amd64', scannedAt: Date.now(), databaseVersion: 'd', findings };
}

/** About 5 KB, as pods of a Deployment are. */
function reviewOf(i) {
  const container = (name) => ({
    name,
    image: textOf(i),
    env: Array.from({ length: 20 }, (_, n) => ({ name: `VARIABLE_${n}`, value: `value of the variable ${n}` })),
    resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '256Mi' } },
    volumeMounts: Array.from({ length: 5 }, (_, n) => ({ name: `volume-${n}`, mountPath: `/var/lib/app/${n}` })),
  });
  const managedFields = [
    { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:spec': 'x'.repeat(1500) } },
  ];
  return Buffer.from(
    JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: `705ab4f5-6393-11e8-b7cc-${String(i).padStart(12, '0')}`,
        kind: { group: '', version: 'v1', kind: 'Pod' },
        namespace: 'team',
        operation: 'CREATE',
        userInfo: {
          username: 'system:serviceaccount:kube-system:replicaset-controller',
          groups: ['system:authenticated'],
        },
        object: {
          metadata: { generateName: 'app-', managedFields },
          spec: { containers: [container('a'), container('b')] },
        },
        dryRun: false,
      },
    }),
  );
}

async function measure() {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
  const seconds = Number(values.seconds);
  const child = fork(self, ['serve']);
  const [{ port, ca }] = await once(child, 'message');
  const agent = new Agent({ ca, servername: 'localhost', keepAlive: true, maxSockets: 32 });
  const bodies = Array.from({ length: IMAGES }, (_, i) => reviewOf(i));
  let sent = 0;
  const ask = () =>
    new Promise((resolve, reject) => {
      const body = bodies[sent++ % IMAGES];
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      request({ host: '127.0.0.1', port, path: '/validate?timeout=10s', method: 'POST', agent, headers }, (answer) => {
        answer
          .resume()
          .on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
      })
        .on('error', reject)
        .end(body);
    });
  try {
    await asManyAsPossible(ask, 2);
    const most = await asManyAsPossible(ask, seconds);
    console.log(`reviews of ${bodies[0].length} bytes, ${IMAGES} images with ${FINDINGS} findings each`);
    console.log(`as many as possible: ${Math.round(most)} a second`);
    for (const rate of [500, 1000, 2000]) {
      const times = await steady(ask, rate, seconds);
      const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1);
      console.log(
        `at ${rate} a second: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms (${times.length} reviews)`,
      );
    }
  } finally {
    agent.destroy();
    child.kill();
  }
}

async function asManyAsPossible(ask, seconds) {
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const loop = async () => {
    for (; performance.now() < end; count++) await ask();
  };
  await Promise.all(Array.from({ length: 32 }, loop));
  return count / seconds;
}

/** Times from when a request was due, so that a stalled server is not spared the requests it kept from being sent. */
async function steady(ask, rate, seconds) {
  const began = performance.now();
  const times = [];
  const running = [];
  for (let i = 0; i < rate * seconds; i++) {
    const due = began + (i * 1000) / rate;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    running.push(ask().then(() => times.push(performance.now() - due)));
  }
  await Promise.all(running);
  return times.sort((a, b) => a - b);
}

if (process.argv[2] === 'serve') await serve();
else await measure();

/** Whole reviews without a cluster: what is asked for, waited for, kept, and said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PratiqueError } from '#base';
import { systemClock } from '#platform';
import { fakeWorld } from '#platform/fakes';
import { parseException } from '#policy';
import { createNamespaceExceptions } from '../exceptions/namespace-exceptions.js';
import { createAdmission, type Decision } from './admit.js';
import { readAdmissionReview } from './admission-review.js';
import { createDigestResolver, type DigestLookup } from './digest-resolver.js';
import { createFactsStore } from './facts-store.js';
import type { ImageFacts, Measure } from './image-facts.js';
import { pinDigests } from './pin-digests.js';
import { createPolicies } from './policies.js';
import { createSignatureVerdicts, type VerifyImage } from './signature-verdicts.js';
import { createScanQueue, type ImageScanner, type ScanRequest } from './scan-queue.js';

const digest = `sha256:${'a'.repeat(64)}`;
const critical = { id: 'CVE-1', severity: 'CRITICAL', package: 'p', version: '1', fixedVersion: '2' } as const;
const factsOf = ({ digest: of, platform }: Pick<ScanRequest, 'digest' | 'platform'>, clean = false): ImageFacts => ({
  digest: of,
  platform,
  scannedAt: Date.now(),
  databaseVersion: 'd',
  findings: clean ? [] : [critical],
});

interface Rig {
  readonly lookup?: DigestLookup;
  readonly scan?: ImageScanner;
  readonly platforms?: readonly string[];
  readonly verify?: VerifyImage;
}

function rig({
  lookup = async () => digest,
  scan = async (request) => factsOf(request),
  platforms,
  verify = async () => ({ status: 'invalid', reason: 'it is not signed' }),
}: Rig = {}) {
  const clock = { ...systemClock, ahead: 0, now: () => new Date(Date.now() + clock.ahead) };
  const world = fakeWorld({ clock });
  const policies = createPolicies('own');
  const exceptions = createNamespaceExceptions();
  const facts = createFactsStore(world);
  const scanned: ScanRequest[] = [];
  const counted: ImageScanner = (request, signal) => {
    scanned.push(request);
    return scan(request, signal);
  };
  const queue = createScanQueue({ scan: counted, workers: 1, limit: 2, onDone: facts.put, onResult() {} }, world);
  const resolver = createDigestResolver(lookup, world);
  const decisions: Decision[] = [];
  const admission = createAdmission(
    {
      policies,
      exceptions,
      facts,
      queue,
      resolver,
      signatures: createSignatureVerdicts(verify, world),
      platforms: () => platforms ?? ['linux/amd64'],
      onDecision: (decision) => decisions.push(decision),
    },
    world,
  );
  const ask = (object: object, more: object = {}, budget = 5000) => admission.validate(requestOf(object, more), budget);
  return { clock, world, policies, exceptions, facts, queue, resolver, scanned, decisions, ask };
}

const requestOf = (object: object, more: object = {}) =>
  readAdmissionReview(
    Buffer.from(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        request: { uid: 'u', kind: { kind: 'Pod' }, namespace: 'team', operation: 'CREATE', object, ...more },
      }),
    ),
  );
const pod = (...images: string[]): object => ({ spec: { containers: images.map((image) => ({ image })) } });

test('waits for the scan of an unknown image, once for all who ask', async () => {
  const { policies, ask, scanned } = rig();
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'wait' });
  const answers = await Promise.all([ask(pod('app:1')), ask(pod('app:1')), ask(pod('app:1'))]);
  for (const { allowed, message } of answers) {
    assert.equal(allowed, false);
    assert.match(message!, /CVE-1 \(CRITICAL\) in p 1, fixed in 2/);
  }
  assert.equal(scanned.length, 1);
});

test('exceptions of the namespace count at once, to the second, and are audited', async () => {
  const { clock, policies, exceptions, facts, ask } = rig();
  facts.put(factsOf({ digest, platform: 'linux/amd64' }));
  await policies.set('ImagePolicy', 'team/p', {});
  await policies.set('ImagePolicy', 'deaf/p', { exceptionResources: false });
  const image = pod(`app@${digest}`);
  assert.equal((await ask(image)).allowed, false);
  const end = clock.now().getTime() + 60_000;
  const spec = { ids: ['CVE-1'], owner: 'team', reason: 'unused', expires: new Date(end).toISOString() };
  for (const namespace of ['team', 'deaf'])
    exceptions.set(`${namespace}/a`, parseException(spec, `VulnerabilityException ${namespace}/a`));
  const { allowed, auditAnnotations } = await ask(image);
  assert.equal(allowed, true);
  assert.match(
    auditAnnotations!['exceptions']!,
    /^CVE-1 until \S+Z by VulnerabilityException team\/a \(unused; team\)$/,
  );
  assert.equal((await ask(image, { namespace: 'deaf' })).allowed, false);
  clock.ahead = 50_000;
  assert.equal((await ask(image)).allowed, true);
  clock.ahead = 60_000;
  assert.equal((await ask(image)).allowed, false);
  exceptions.set('team/b', parseException({ ...spec, expires: '2999-01-01' }, 'VulnerabilityException team/b'));
  assert.equal((await ask(image)).allowed, true);
  exceptions.remove('team/b');
  assert.equal((await ask(image)).allowed, false);
});

test('waits no longer than the API server does', async () => {
  const { policies, ask } = rig({ scan: () => new Promise(() => {}) });
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'wait', waitSeconds: 20 });
  const began = performance.now();
  const { allowed, message } = await ask(pod('app:1'), {}, 300);
  assert.ok(performance.now() - began < 1500);
  assert.equal(allowed, false);
  assert.match(message!, /the scan is under way/);
});

test('a registry that hangs or is down delays nobody for long, and the policy decides', async () => {
  const { policies, ask, scanned, decisions } = rig({ lookup: () => new Promise(() => {}) });
  const began = performance.now();
  const open = await ask(pod('app:1'), {}, 200);
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'deny' });
  const closed = await ask(pod('app:1'), {}, 200);
  assert.ok(performance.now() - began < 2000);
  assert.deepEqual([open.allowed, closed.allowed], [true, false]);
  assert.match(closed.message!, /the tag could not be resolved: the registry did not answer in time/);
  assert.deepEqual(open.warnings, ['app:1: the tag could not be resolved: the registry did not answer in time']);
  assert.equal(scanned.length, 0);
  assert.deepEqual(
    decisions.map(({ outcome, unknown }) => [outcome, unknown]),
    [
      ['allow', 1],
      ['deny', 1],
    ],
  );
});

test('a tag that was resolved once is believed while the registry is down', async () => {
  let down = false;
  let start = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + start) };
  const lookup: DigestLookup = async () => {
    if (down) throw new PratiqueError('registry/unavailable', { registry: 'r', reason: 'down' });
    return digest;
  };
  const resolver = createDigestResolver(lookup, fakeWorld({ clock }));
  const { parseReference } = await import('#oci');
  const app = parseReference('app:1');
  assert.deepEqual(await resolver.resolve(app, 100), { digest });
  down = true;
  start = 120_000;
  assert.deepEqual(await resolver.resolve(app, 100), { digest });
  start = 2 * 3_600_000;
  assert.match(JSON.stringify(await resolver.resolve(app, 100)), /failure.*down/);
});

test('a failed scan is told, and not tried again at once', async () => {
  const { policies, ask, scanned } = rig({
    scan: () => Promise.reject(new PratiqueError('scan/failed', { image: 'app', reason: 'no such manifest' })),
  });
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'wait', waitSeconds: 0 });
  await ask(pod('app:1'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { message } = await ask(pod('app:1'));
  assert.match(message!, /could not be scanned: app: no such manifest/);
  assert.equal(scanned.length, 1);
});

test('the queue is bounded, and says so', async () => {
  let n = 0;
  const lookup = async (): Promise<string> => `sha256:${String(n++).padStart(64, '0')}`;
  const { policies, ask, queue } = rig({ lookup, scan: () => new Promise(() => {}) });
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'deny' });
  const { message } = await ask(pod('a:1', 'a:2', 'a:3', 'a:4'));
  assert.match(message!, /too many others wait/);
  assert.deepEqual([queue.running, queue.waiting], [1, 2]);
});

test('a dry run starts no scan', async () => {
  const { policies, ask, scanned } = rig();
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'wait' });
  assert.match((await ask(pod('app:1'), { dryRun: true })).message!, /a dry run starts no scan/);
  assert.equal(scanned.length, 0);
});

test('judges every platform of the cluster, or what the pod asks for', async () => {
  const platforms = ['linux/amd64', 'linux/arm64'];
  const { policies, facts, ask } = rig({ platforms });
  facts.put(factsOf({ digest, platform: 'linux/amd64' }, true));
  facts.put(factsOf({ digest, platform: 'linux/arm64' }));
  await policies.set('ImagePolicy', 'team/p', { unknownImage: 'deny' });
  assert.equal((await ask(pod('app:1'))).allowed, false);
  const onAmd = {
    spec: { ...(pod('app:1') as { spec: object }).spec, nodeSelector: { 'kubernetes.io/arch': 'amd64' } },
  };
  assert.equal((await ask(onAmd)).allowed, true);
});

test('facts of no platform count only where there is one', () => {
  const { facts } = rig();
  const { platform: _, ...rest } = factsOf({ digest, platform: '' });
  facts.put({ ...rest, platform: undefined, untold: ['exploited'] });
  const has = (onlyPlatform: boolean, ...measures: Measure[]): boolean =>
    facts.get(digest, 'linux/amd64', { onlyPlatform, measures }) !== undefined;
  assert.deepEqual([has(true), has(false), has(true, 'exploited'), has(true, 'epss')], [true, false, false, true]);
});

test('a newer report that tells less hides nothing that tells more', () => {
  const { facts } = rig();
  const own = factsOf({ digest, platform: 'linux/amd64' });
  const report: ImageFacts = { ...own, scannedAt: own.scannedAt + 1, untold: ['exploited', 'created'] };
  facts.put(own);
  facts.put(report);
  const get = (...measures: Measure[]) => facts.get(digest, 'linux/amd64', { onlyPlatform: true, measures });
  assert.deepEqual([get(), get('epss'), get('exploited'), get('epss', 'created')], [report, report, own, own]);
});

test('the newer facts stay, and a verdict follows them', async () => {
  const { policies, facts, ask } = rig();
  await policies.set('ImagePolicy', 'team/p', {});
  const old = factsOf({ digest, platform: 'linux/amd64' });
  facts.put(old);
  assert.equal((await ask(pod('app:1'))).allowed, false);
  facts.put({ ...old, findings: [], scannedAt: old.scannedAt - 1 });
  assert.equal((await ask(pod('app:1'))).allowed, false);
  facts.put({ ...old, findings: [], scannedAt: old.scannedAt + 1 });
  assert.equal((await ask(pod('app:1'))).allowed, true);
});

test('a mirror of a static pod passes only from a node', async () => {
  const { policies, ask } = rig();
  await policies.set('ImagePolicy', 'team/p', { requireDigest: true });
  const mirror = { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } }, ...pod('app:1') };
  assert.equal(
    (await ask(mirror, { userInfo: { username: 'system:node:a', groups: ['system:nodes'] } })).allowed,
    true,
  );
  assert.equal((await ask(mirror, { userInfo: { username: 'eve', groups: [] } })).allowed, false);
});

const signedBy = {
  unknownImage: 'wait',
  signatures: { identities: [{ issuer: 'https://issuer.example', subject: 'https://ci.example/*' }] },
};

test('signatures: valid, missing, and not to be verified', async () => {
  for (const [verify, expected] of [
    [async () => ({ status: 'valid', by: 'a' }) as const, undefined],
    [
      async () => ({ status: 'invalid', reason: 'it is not signed' }) as const,
      /a signature is required: it is not signed/,
    ],
    [() => Promise.reject(new Error('no network')), /a signature is required: no network/],
  ] as const) {
    const { policies, ask } = rig({ verify, scan: async (request) => factsOf(request, true) });
    await policies.set('ImagePolicy', 'team/p', signedBy);
    const { allowed, message, auditAnnotations } = await ask(pod('app:1'));
    assert.equal(allowed, expected === undefined, message);
    if (expected) assert.match(message!, expected);
    else assert.equal(auditAnnotations!['signatures'], 'app:1 by a');
  }
});

test('a signature is verified once, in the background, and until then it is missing', async () => {
  let asked = 0;
  let answer = (): void => {};
  const verify = async () => {
    asked++;
    await new Promise<void>((resolve) => (answer = resolve));
    return { status: 'valid', by: 'a' } as const;
  };
  const { clock, policies, facts, ask } = rig({ verify });
  facts.put(factsOf({ digest, platform: 'linux/amd64' }, true));
  await policies.set('ImagePolicy', 'team/p', { ...signedBy, unknownImage: 'allow' });
  for (let i = 0; i < 3; i++) {
    const { message } = await ask(pod(`app@${digest}`));
    assert.match(message!, /a signature is required: it is being verified/);
  }
  assert.equal(asked, 1);
  answer();
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (let i = 0; i < 3; i++) assert.equal((await ask(pod(`app@${digest}`))).allowed, true);
  assert.equal(asked, 1);
  clock.ahead = 2 * 86_400_000;
  assert.equal((await ask(pod(`app@${digest}`))).allowed, true);
  assert.equal(asked, 2);
});

test('a registry that is away takes no signature back, and other images need none', async () => {
  let away = false;
  const verify = async () => {
    if (away) throw new PratiqueError('registry/unavailable', { registry: 'r', reason: 'gone' });
    return { status: 'valid', by: 'a' } as const;
  };
  const { clock, policies, facts, ask } = rig({ verify });
  facts.put(factsOf({ digest, platform: 'linux/amd64' }, true));
  await policies.set('ImagePolicy', 'team/p', signedBy);
  assert.equal((await ask(pod(`app@${digest}`))).allowed, true);
  away = true;
  clock.ahead = 2 * 86_400_000;
  for (let i = 0; i < 3; i++) {
    assert.equal((await ask(pod(`app@${digest}`))).allowed, true);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal((await ask(pod(`other@${digest}`))).allowed, false);
  const images = ['index.docker.io/library/app'];
  await policies.set('ImagePolicy', 'team/p', { signatures: { ...signedBy.signatures, images } });
  assert.equal((await ask(pod(`other@${digest}`))).allowed, true);
});

test('all policies of a namespace must agree; audit says nothing but to the log', async () => {
  const { policies, facts, ask, decisions } = rig();
  facts.put(factsOf({ digest, platform: 'linux/amd64' }));
  await policies.set('ImagePolicy', 'team/a', { mode: 'audit' });
  const quiet = await ask(pod('app:1'));
  assert.equal(quiet.warnings, undefined);
  assert.match(quiet.auditAnnotations!['problems']!, /CVE-1/);
  await policies.set('ImagePolicy', 'team/b', { mode: 'warn' });
  assert.match((await ask(pod('app:1'))).warnings![0]!, /^app:1: CVE-1 \(CRITICAL\) in p 1, fixed in 2$/);
  await policies.set('ImagePolicy', 'team/c', {});
  assert.match((await ask(pod('app:1'))).message!, /ImagePolicy team\/c/);
  assert.deepEqual(
    decisions.map(({ outcome }) => outcome),
    ['audit', 'warn', 'deny'],
  );
});

test('which policy holds where, and what a broken one does', async () => {
  const policies = createPolicies('own');
  const names = (namespace: string): string[] => policies.of(namespace).map(({ name }) => name);
  assert.deepEqual(names('team'), ['the built-in policy']);
  await policies.set('ConfigMap', 'own/pratique-policy', 'mode: audit');
  assert.deepEqual(names('team'), ['ConfigMap own/pratique-policy']);
  await policies.set('ConfigMap', 'team/pratique-policy', 'mode: warn');
  assert.deepEqual(names('team'), ['ConfigMap team/pratique-policy']);
  await policies.set('ImagePolicy', 'team/a', {});
  assert.deepEqual(names('team'), ['ImagePolicy team/a']);
  assert.match((await policies.set('ImagePolicy', 'team/a', { mode: 'off' }))!, /mode/);
  assert.equal('problem' in policies.of('team')[0]!, false);
  assert.equal(policies.broken, 1);
  policies.remove('ImagePolicy', 'team/a');
  assert.match((await policies.set('ConfigMap', 'team/pratique-policy', 'mode: [')) ?? '', /YAML/);
  await policies.set('ConfigMap', 'other/pratique-policy', '{mode: off}');
  assert.equal('problem' in policies.of('other')[0]!, true);
});

test('pins what is new in a pod, and leaves workloads as they are', async () => {
  const { resolver } = rig();
  const pinned = await pinDigests(requestOf(pod('app:1', `app@${digest}`, 'UPPER:1')), resolver, 1000);
  assert.deepEqual(pinned.patch, [{ op: 'replace', path: '/spec/containers/0/image', value: `app:1@${digest}` }]);
  assert.match(pinned.warnings![0]!, /UPPER:1: not pinned/);
  const deployment = { spec: { template: pod('app:1') } };
  assert.deepEqual(await pinDigests(requestOf(deployment, { kind: { kind: 'Deployment' } }), resolver, 1000), {
    allowed: true,
  });
});

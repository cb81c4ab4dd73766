/** Every field of a policy on a real control plane, and what its audit log gets. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type KubernetesClient, resources, vulnerabilityExceptions } from '#kubernetes';
import { tempDirectory } from '#platform';
import { pushImage } from '../e2e/kit/push.js';
import { until } from '../fakes/cluster-objects.js';
import { noControlPlane } from '../fakes/control-plane.js';
import { alpineWith, guardCluster, type GuardedCluster, imagePolicies, pod, settle } from '../fakes/guarded-cluster.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';

const day = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * day).toISOString();

type ImageName = 'openssl' | 'clean' | 'busybox' | 'strange';

/** Policy, image, why it is refused; without a reason it is admitted. */
const table: readonly (readonly [string, object, ImageName, RegExp?])[] = [
  ['by default, critical with a fix', {}, 'openssl', /CVE-2099-1 \(CRITICAL, exploited, EPSS 0\.40\) in openssl/],
  ['by default, high', {}, 'busybox'],
  ['by default, nothing', {}, 'clean'],
  ['severities, but no fix', { vulnerabilities: { severities: ['HIGH'] } }, 'busybox'],
  [
    'severities, fixes do not matter',
    { vulnerabilities: { severities: ['HIGH'], fixableOnly: false } },
    'busybox',
    /CVE-2099-2 \(HIGH\) in busybox 1, no fix yet/,
  ],
  ['severities, others', { vulnerabilities: { severities: ['HIGH', 'LOW'] } }, 'openssl'],
  ['grace', { vulnerabilities: { severities: ['HIGH'], fixableOnly: false, graceDays: 8 } }, 'busybox'],
  [
    'grace that ended',
    { vulnerabilities: { severities: ['HIGH'], fixableOnly: false, graceDays: 6 } },
    'busybox',
    /CVE-2099-2/,
  ],
  ['known to be exploited', { vulnerabilities: { severities: [], knownExploited: true } }, 'openssl', /CVE-2099-1/],
  ['not known to be', { vulnerabilities: { severities: [], knownExploited: true } }, 'busybox'],
  ['likely to be exploited', { vulnerabilities: { severities: [], epss: 0.4 } }, 'openssl', /CVE-2099-1/],
  ['less likely', { vulnerabilities: { severities: [], epss: 0.41 } }, 'openssl'],
  ['an old image', { maxImageAgeDays: 30 }, 'clean', /the image was made 40 days ago, and 30 are allowed/],
  ['not that old', { maxImageAgeDays: 50 }, 'clean'],
  [
    'one that does not tell its age',
    { maxImageAgeDays: 50, incompleteScan: 'deny' },
    'busybox',
    /does not tell when it was made/,
  ],
  ['an unknown distribution', { incompleteScan: 'deny' }, 'strange', /packages were not assessed/],
  ['an unknown distribution, let in', {}, 'strange'],
  ['another registry', { allowedRegistries: ['registry.example.org'] }, 'clean', /is not below an allowed registry/],
  ['a tag where a digest is required', { requireDigest: true }, 'clean', /must be named by its digest/],
  ['what warns', { mode: 'warn' }, 'openssl'],
  ['what is only audited', { mode: 'audit' }, 'openssl'],
  ['an exception', { exceptions: [{ ids: ['CVE-2099-1'], expires: ago(-1), reason: 'r' }] }, 'openssl'],
  ['one that ended', { exceptions: [{ ids: ['CVE-2099-1'], expires: ago(0), reason: 'r' }] }, 'openssl', /CVE-2099-1/],
  ['one of others', { exceptions: [{ packages: ['zlib'], expires: ago(-1), reason: 'r' }] }, 'openssl', /CVE-2099-1/],
  [
    'one by package URL',
    { exceptions: [{ purls: ['pkg:apk/alpine/openssl'], expires: ago(-1), reason: 'r' }] },
    'openssl',
  ],
];

suite('policies', { skip: noControlPlane || noRegistry, timeout: 240_000 }, () => {
  let folder: Awaited<ReturnType<typeof tempDirectory>>;
  let cluster: GuardedCluster;
  let client: KubernetesClient;
  let registry: RealRegistry;
  const wait = { unknownImage: 'wait', waitSeconds: 8 };

  before(async () => {
    folder = await tempDirectory();
    const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] };
    writeFileSync(join(folder.path, 'audit.json'), JSON.stringify(policy));
    const audit = [`--audit-policy-file=${folder.path}/audit.json`, `--audit-log-path=${folder.path}/audit.log`];
    [cluster, registry] = await Promise.all([guardCluster(audit), realRegistry()]);
    client = cluster.client;
    await cluster.pointTo((await cluster.start()).port);
    await pushImage(registry, 'shop/openssl', '1', alpineWith('openssl', '1.1.1t', 'a'));
    await pushImage(registry, 'shop/clean', '1', alpineWith('openssl', '1.1.1w', 'b', ago(40.5)));
    await pushImage(registry, 'shop/busybox', '1', alpineWith('busybox', '1', 'c'));
    const strange = [
      [
        { name: 'etc/os-release', content: 'ID=strange\nVERSION_ID=1\n' },
        { name: 'lib/apk/db/installed', content: 'P:a\nV:1\n\n' },
      ],
    ];
    await pushImage(registry, 'shop/strange', '1', { layers: strange, gzip: true });
  });
  after(async () => {
    await cluster?.stop();
    await registry?.stop();
    await folder?.remove();
  });

  const image = (name: string): string => `${registry.host}/shop/${name}:1`;

  test('each field', async (t) => {
    await cluster.namespace('fields', wait);
    for (const [i, [title, spec, name, reason]] of table.entries())
      await t.test(title, async () => {
        const body = [{ op: 'replace', path: '/spec', value: { ...wait, ...spec } }] as const;
        await client.patch(imagePolicies, 'policy', { type: 'json', body }, { namespace: 'fields' });
        await settle();
        const made = cluster.create(pod(`p-${i}`, 'fields', image(name)));
        if (reason) await assert.rejects(made, reason);
        else await made;
      });
  });

  test('findings that are too old are unknown', async () => {
    await cluster.namespace('aged', { unknownImage: 'deny', maxScanAgeHours: 1 });
    await cluster.create(pod('a', 'aged', image('clean')), true);
    cluster.clock.ahead = 2 * 3_600_000;
    await assert.rejects(cluster.create(pod('a', 'aged', image('clean')), true), /the last scan is older than 1 hours/);
    cluster.clock.ahead = 0;
  });

  /** Of the review of a pod, without the prefix of the webhook's name. */
  const audited = (namespace: string, name: string): Promise<Record<string, string>> =>
    until(`the audit of ${name}`, async () => {
      for (const line of readFileSync(join(folder.path, 'audit.log'), 'utf8').split('\n').filter(Boolean)) {
        const event = JSON.parse(line) as {
          readonly verb: string;
          readonly objectRef?: { readonly namespace?: string; readonly name?: string };
          readonly annotations?: Readonly<Record<string, string>>;
        };
        const { objectRef, annotations = {}, verb } = event;
        if (verb !== 'create' || objectRef?.namespace !== namespace || objectRef.name !== name) continue;
        const own = Object.entries(annotations).filter(([key]) => key.startsWith('enforce.pratique.dev/'));
        if (own.length > 0) return Object.fromEntries(own.map(([key, value]) => [key.split('/')[1]!, value]));
      }
      return undefined;
    });

  test('the audit log: verdict, images, problems, exceptions, broken glass', async () => {
    const annotations = { 'pratique.dev/break-glass': 'incident 7' };
    await cluster.namespace('audited', { ...wait, breakGlass: { allowed: true, groups: ['system:masters'] } });
    await cluster.create(pod('clean', 'audited', image('clean')));
    const clean = await audited('audited', 'clean');
    assert.equal(clean['verdict'], 'allow');
    assert.equal(clean['policy'], 'ImagePolicy audited/policy');
    assert.match(clean['images']!, /shop\/clean:1 sha256:[0-9a-f]{64}$/);
    assert.match(clean['database']!, /^downloaded 20/);
    await assert.rejects(cluster.create(pod('bad', 'audited', image('openssl'))), /CVE-2099-1/);
    assert.match(
      (await audited('audited', 'bad'))['problems']!,
      /shop\/openssl:1: 1 vulnerability not allowed: CVE-2099-1/,
    );
    await cluster.create(pod('broken', 'audited', image('openssl'), annotations));
    const broken = await audited('audited', 'broken');
    assert.deepEqual([broken['verdict'], broken['break-glass']], ['break-glass', 'incident 7']);
    const spec = { ids: ['CVE-2099-1'], owner: 'team', reason: 'not reachable', expires: ago(-1) };
    await client.create(vulnerabilityExceptions, { metadata: { name: 'openssl', namespace: 'audited' }, spec });
    await settle();
    await cluster.create(pod('excepted', 'audited', image('openssl')));
    assert.match(
      (await audited('audited', 'excepted'))['exceptions']!,
      /^CVE-2099-1 until 20\S+ by VulnerabilityException audited\/openssl \(not reachable; team\)$/,
    );
  });

  test('kubectl refuses a policy with a field that does not exist', async () => {
    const object = {
      apiVersion: 'pratique.dev/v1alpha1',
      kind: 'ImagePolicy',
      metadata: { name: 'x', namespace: 'audited' },
    };
    writeFileSync(join(folder.path, 'policy.json'), JSON.stringify({ ...object, spec: { severites: ['HIGH'] } }));
    const { status, stderr } = await cluster.kubectl('apply', '-f', join(folder.path, 'policy.json'));
    assert.notEqual(status, 0);
    assert.match(stderr, /unknown field "spec\.severites"/);
    for (const spec of [
      { mode: 'block' },
      { vulnerabilities: { epss: 2 } },
      { exceptions: [{ expires: '2026-01-01', reason: 'r' }] },
    ])
      await assert.rejects(
        client.create(imagePolicies, { metadata: { name: 'x', namespace: 'audited' }, spec }),
        /spec\./,
      );
    await client.delete(resources.namespaces, 'audited');
  });
});

/** `VulnerabilityException` resources on a real control plane: checked by the server, honoured by the operator and by `k8s`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import {
  defineResource,
  type ExceptionStatus,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
  resources,
  vulnerabilityExceptions,
  type VulnerabilityReport,
  vulnerabilityReports,
} from '#kubernetes';
import { alpineFindings, alpineImage } from '../e2e/kit/images.js';
import { pratique } from '../e2e/kit/program.js';
import { pushImage } from '../e2e/kit/push.js';
import { workplace } from '../e2e/kit/workplace.js';
import { makeNode, podTemplate, until } from '../fakes/cluster-objects.js';
import { type ControlPlane, noControlPlane, startControlPlane } from '../fakes/control-plane.js';
import { noRegistry, realRegistry, type RealRegistry } from '../fakes/real-registry.js';
import { type RunningOperator, startOperator } from '../fakes/running-operator.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const kubectlPath = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');

suite('exceptions', { skip: noControlPlane || noRegistry, timeout: 240_000 }, () => {
  const { at, cache } = workplace();
  let plane: ControlPlane;
  let client: KubernetesClient;
  let registry: RealRegistry;
  let operator: RunningOperator | undefined;

  before(async () => {
    [plane, registry] = await Promise.all([startControlPlane({ kwok: true, users: ['operator'] }), realRegistry()]);
    client = plane.client();
    await makeNode(client, 'amd-node', 'amd64');
    for (const name of ['shop', 'other']) await client.create(resources.namespaces, { metadata: { name } });
    await install();
    await pushImage(registry, 'made/app', '1', alpineImage());
    for (const namespace of ['shop', 'other'])
      await client.create(resources.pods, {
        metadata: { name: 'web', namespace },
        ...podTemplate(`${registry.host}/made/app:1`, 'amd64'),
      } as Pod);
    const kubeconfig = JSON.parse(readFileSync(plane.kubeconfig, 'utf8')) as Record<string, unknown>;
    writeFileSync(at('kubeconfig'), JSON.stringify({ ...kubeconfig, 'current-context': 'operator' }));
    operator = await startOperator({
      kubeconfig: at('kubeconfig'),
      namespaces: ['shop', 'other'],
      scan: { cacheDir: cache, database: { skipUpdate: true, skipJavaUpdate: true } },
    });
  });
  after(async () => {
    await operator?.stop();
    client?.close();
    await Promise.all([plane?.stop(), registry?.stop()]);
  });

  /** The manifest's rights, for the user of the test. */
  async function install(): Promise<void> {
    const subject = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'operator' };
    const text = readFileSync(join(root, 'deploy/static/pratique-operator.yaml'), 'utf8');
    for (const object of loadAll(text) as KubernetesObject[]) {
      const { apiVersion = '', kind = '', metadata } = object;
      if (kind === 'Deployment') continue;
      const scope = metadata.namespace ? 'namespaced' : 'cluster';
      const bound = kind.endsWith('Binding') ? { ...object, subjects: [subject] } : object;
      await client.apply(defineResource(`${apiVersion}/${kind.toLowerCase()}s`, kind, scope), bound);
    }
  }

  const report = (namespace: string, passes: (one: VulnerabilityReport['report']) => boolean) =>
    until(`a report of ${namespace}`, async () => {
      const found = await client.find(vulnerabilityReports, 'pod-web-main', { namespace });
      return found && passes(found.report) ? found.report : undefined;
    });
  const open = ({ vulnerabilities = [] }: VulnerabilityReport['report']): string[] =>
    vulnerabilities.map((one) => `${one.vulnerabilityID} ${one.resource}`).sort();
  const scans = async (): Promise<string | undefined> =>
    /^pratique_operator_scans_total\S* (\d+)/m.exec(
      await (await fetch(`http://127.0.0.1:${operator!.port}/metrics`)).text(),
    )?.[1];

  const expires = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
  const exception = (name: string, spec: object, namespace = 'shop') => ({
    metadata: { name, namespace },
    spec: { owner: 'team-shop', reason: 'the parser is not reachable', expires: expires(3_600_000), ...spec },
  });
  const create = (name: string, spec: object) => client.create(vulnerabilityExceptions, exception(name, spec));
  const status = (name: string, passes: (one: ExceptionStatus) => boolean) =>
    until(`the status of ${name}`, async () => {
      const found = (await client.get(vulnerabilityExceptions, name, { namespace: 'shop' })).status;
      return found && passes(found) ? found : undefined;
    });

  test('the server refuses what names nothing, nobody or no date', async () => {
    await assert.rejects(create('a', {}), /an exception names ids, packages, purls or images/);
    await assert.rejects(create('a', { ids: ['CVE-1'], owner: undefined }), /spec\.owner/);
    await assert.rejects(create('a', { ids: ['CVE-1'], expires: 'soon' }), /spec\.expires/);
    await create('odd', { purls: ['no purl'] });
    const { state, message } = await status('odd', () => true);
    assert.equal(state, 'Invalid');
    assert.match(message!, /^spec\.purls: no purl/);
  });

  test('accepts findings in reports of its namespace, without another scan', async () => {
    const before = await report('shop', ({ summary }) => summary !== undefined);
    await report('other', ({ summary }) => summary !== undefined);
    assert.deepEqual(open(before), alpineFindings);
    const scanned = await scans();
    await create('parser', { packages: ['made-parser'], images: [`${registry.host}/made/*`] });
    const {
      summary,
      vulnerabilities,
      pratique: own,
    } = await report('shop', ({ pratique: p }) => p.accepted !== undefined);
    assert.equal(summary!.criticalCount, before.summary!.criticalCount - 1);
    assert.equal(vulnerabilities!.length, 2);
    const [worst] = own.accepted!;
    assert.equal(worst!.vulnerabilityID, 'CVE-2099-0003');
    const { until: end, ...acceptance } = worst!.pratique.acceptance;
    assert.ok(Date.parse(end) > Date.now());
    assert.deepEqual(acceptance, { exception: 'parser', owner: 'team-shop', reason: 'the parser is not reachable' });
    const found = await status('parser', ({ used }) => used);
    assert.deepEqual([found.state, found.matchedFindings], ['Active', 2]);
    assert.deepEqual(open(await report('other', () => true)), alpineFindings);
    assert.equal(await scans(), scanned);
  });

  test('one that meets nothing is unused', async () => {
    await create('idle', { ids: ['CVE-1999-1'] });
    const { state, used, matchedFindings } = await status('idle', () => true);
    assert.deepEqual([state, used, matchedFindings], ['Active', false, 0]);
  });

  test('the columns that kubectl shows', () => {
    const args = ['--kubeconfig', plane.kubeconfig, 'get', 'vulnerabilityexceptions', '-n', 'shop'];
    const [head, ...rows] = execFileSync(kubectlPath, args, { encoding: 'utf8' }).split('\n');
    assert.deepEqual(head!.split(/ {2,}/), ['NAME', 'IDS', 'STATE', 'USED', 'FINDINGS', 'EXPIRES', 'OWNER', 'AGE']);
    assert.ok(
      rows.some((row) => /^parser .*Active +true +2 +20\S+Z +team-shop /.test(row)),
      rows.join('\n'),
    );
  });

  const k8s = (...args: string[]) =>
    pratique([
      'k8s',
      '--kubeconfig',
      plane.kubeconfig,
      '--cache-dir',
      cache,
      '--skip-db-update',
      '--qps',
      '0',
      ...args,
    ]);
  interface Row {
    readonly Namespace: string;
    readonly Results: readonly {
      readonly Vulnerabilities?: readonly { readonly VulnerabilityID: string }[];
      readonly ExperimentalModifiedFindings?: readonly { readonly Source: string; readonly Statement: string }[];
    }[];
  }

  test('k8s honours those of the cluster and of a file, each in its namespace', async () => {
    const file = exception('zlib', { ids: ['CVE-2099-0001'] }, 'other');
    writeFileSync(at('more.json'), JSON.stringify({ kind: 'VulnerabilityException', ...file }));
    const args = ['--format', 'json', '--quiet', '--scanners', 'vuln', '--show-suppressed', '--report', 'all'];
    const ran = await k8s(...args, '--include-namespaces', 'shop,other', '--exceptions', at('more.json'));
    assert.equal(ran.code, 0, ran.stderr);
    const rows = (JSON.parse(ran.stdout) as { Resources: readonly Row[] }).Resources;
    const of = (namespace: string) => rows.find((one) => one.Namespace === namespace)!.Results;
    const ids = (namespace: string) =>
      of(namespace).flatMap((one) => (one.Vulnerabilities ?? []).map((v) => v.VulnerabilityID));
    assert.deepEqual(ids('shop').sort(), ['CVE-2099-0001', 'CVE-2099-0002']);
    assert.deepEqual(ids('other').sort(), ['CVE-2099-0002', 'CVE-2099-0003', 'CVE-2099-0004']);
    const [first] = of('shop').flatMap((one) => one.ExperimentalModifiedFindings ?? []);
    assert.equal(first!.Source, 'VulnerabilityException shop/parser');
    assert.match(first!.Statement, /^the parser is not reachable \(accepted by team-shop until 20/);
  });

  test('image honours those of a file, as kubectl writes them', async () => {
    const args = [
      '--kubeconfig',
      plane.kubeconfig,
      'get',
      'vulnerabilityexceptions',
      'parser',
      '-n',
      'shop',
      '-o',
      'yaml',
    ];
    writeFileSync(at('exceptions.yaml'), execFileSync(kubectlPath, args));
    const image = ['image', '--cache-dir', cache, '--skip-db-update', '--scanners', 'vuln', '--severity', 'CRITICAL'];
    const refused = await pratique([...image, '--exit-code', '3', `${registry.host}/made/app:1`]);
    assert.equal(refused.code, 3, refused.stderr);
    const more = ['--exit-code', '3', '--exceptions', at('exceptions.yaml'), '--show-suppressed', '--format', 'table'];
    const accepted = await pratique([...image, ...more, `${registry.host}/made/app:1`]);
    assert.equal(accepted.code, 0, accepted.stderr);
    assert.match(accepted.stdout, /Suppressed Vulnerabilities \(Total: 1\)/);
  });

  test('a changed one, one that ends and one that is deleted: the findings come back, without another scan', async () => {
    const scanned = await scans();
    const change = { type: 'merge', body: { spec: { ids: ['CVE-2099-0004'], expires: expires(5000) } } } as const;
    await client.patch(vulnerabilityExceptions, 'parser', change, { namespace: 'shop' });
    await report('shop', ({ pratique: p }) => p.accepted?.length === 1);
    assert.deepEqual(open(await report('shop', ({ pratique: p }) => p.accepted === undefined)), alpineFindings);
    const ended = await status('parser', ({ state, used }) => state === 'Expired' && !used);
    assert.equal(ended.matchedFindings, 0);
    await create('all', { images: ['**'] });
    await report('shop', ({ vulnerabilities }) => vulnerabilities!.length === 0);
    await client.delete(vulnerabilityExceptions, 'all', { namespace: 'shop' });
    assert.deepEqual(open(await report('shop', ({ pratique: p }) => p.accepted === undefined)), alpineFindings);
    assert.equal(await scans(), scanned);
  });
});

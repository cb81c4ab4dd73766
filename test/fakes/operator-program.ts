/** The operator as a program of its own, against a real control plane, with the rights that its manifest gives. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { defineResource, type KubernetesClient, type KubernetesObject, vulnerabilityReports } from '#kubernetes';
import { environment, program } from '../e2e/kit/program.js';
import { until } from './cluster-objects.js';
import type { ControlPlane } from './control-plane.js';
import { freePort } from './free-port.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const manifest = loadAll(
  readFileSync(join(root, 'deploy/static/pratique-operator.yaml'), 'utf8'),
) as KubernetesObject[];

export interface RunningOperator {
  /** The sum of all series of a name, or the one series given. */
  metric(name: string): Promise<number>;
  /** Without a chance to give anything back. */
  kill(): Promise<void>;
  stop(): Promise<{ readonly code: number | null; readonly log: string }>;
}

export interface OperatorStart {
  readonly kubeconfig: string;
  /** Leaders are awaited until they lead. */
  readonly leads?: 0 | 1;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function startOperator({ kubeconfig, leads = 1, args, env }: OperatorStart): Promise<RunningOperator> {
  const address = `127.0.0.1:${await freePort()}`;
  const own = ['operator', '--kubeconfig', kubeconfig, '--listen', address, ...args];
  const [command, ...first] = [...program, ...own];
  const child = spawn(command!, first, { env: { ...environment(), ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await until('a ready operator', async () => {
    assert.equal(child.exitCode, null, log);
    const answer = await fetch(`http://${address}/readyz`).catch(() => undefined);
    return answer?.ok && (await metricOf(address, 'pratique_operator_leader')) === leads ? true : undefined;
  }).catch((error: unknown) => assert.fail(`${String(error)}: ${log}`));
  return {
    metric: (name) => metricOf(address, name),
    async kill() {
      kill();
      await ended;
      process.removeListener('exit', kill);
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      process.removeListener('exit', kill);
      return { code, log };
    },
  };
}

async function metricOf(address: string, name: string): Promise<number> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The manifest as it is, all but its Deployments for real. Resolves with a kubeconfig of a user with its rights. */
export async function installOperator(client: KubernetesClient, plane: ControlPlane, path: string): Promise<string> {
  const subject = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'operator' };
  for (const object of manifest) {
    const { apiVersion = '', kind = '', metadata } = object;
    const scope = metadata.namespace ? 'namespaced' : 'cluster';
    const type = defineResource(`${apiVersion}/${kind.toLowerCase()}s`, kind, scope);
    const bound = kind.endsWith('Binding') ? { ...object, subjects: [subject] } : object;
    await client.apply(type, bound, { dryRun: kind === 'Deployment' });
  }
  await until('the definition of reports', () => {
    const reports = client.list(vulnerabilityReports)[Symbol.asyncIterator]();
    return reports.next().then(
      () => true,
      () => undefined,
    );
  });
  const kubeconfig = JSON.parse(readFileSync(plane.kubeconfig, 'utf8')) as {
    'current-context': string;
    contexts: { context: { namespace?: string } }[];
  };
  kubeconfig['current-context'] = 'operator';
  for (const { context } of kubeconfig.contexts) context.namespace = 'trivy-system';
  writeFileSync(path, JSON.stringify(kubeconfig));
  return path;
}

/** The programs that users install with: kubectl and helm, as processes of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from './control-plane.js';

export interface ToolRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

const kubectlPath = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
const helmPath = [process.env['HELM'] ?? '', join(projectRoot, '.cache/helm/helm')].find(existsSync) ?? 'helm';

/** Why there is none, for `test`'s `skip`. */
export const noKubectl = existsSync(kubectlPath) ? false : 'there is no kubectl beside kube-apiserver';
export const noHelm =
  spawnSync(helmPath, ['version']).status === 0
    ? false
    : 'there is no helm: neither HELM nor .cache/helm/helm nor PATH';

/** In the project's folder, with the rights of an administrator. */
export function kubectl(plane: Pick<ControlPlane, 'kubeconfig'>, args: readonly string[], input = ''): ToolRun {
  return run(kubectlPath, ['--kubeconfig', plane.kubeconfig, ...args], input);
}

export const helm = (...args: readonly string[]): ToolRun => run(helmPath, args);

function run(program: string, args: readonly string[], input = ''): ToolRun {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: projectRoot,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  });
  return { code: status ?? -1, stdout, stderr };
}

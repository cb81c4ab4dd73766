/**
 * The pull secrets of workloads: those they name, else those of their service account. Each is read once, by its name, so
 * that the right to read these few secrets is enough. What cannot be read is said, and the image is tried without.
 */
import { FormatError, PratiqueError } from '#base';
import type { Diagnostic } from '#model';
import type { Keyring } from '#oci';
import type { World } from '#platform';
import type { KubernetesClient } from '../client/client.js';
import { isUnauthorized } from '../client/kubernetes-error.js';
import type { KubernetesObject, ResourceType } from '../client/object.js';
import { resources } from '../client/resources.js';
import { credentialsOf, keyringOf, type PullCredential } from './keyring.js';
import type { Workload } from './workload.js';

/** Who runs an image, as far as credentials go. */
export type SecretUser = Pick<Workload, 'namespace' | 'pullSecrets' | 'serviceAccount'>;

export interface PullSecrets {
  /** For an image that these workloads run. */
  keyringFor(workloads: readonly SecretUser[]): Promise<Keyring>;
  /** What could not be read so far. */
  readonly diagnostics: readonly Diagnostic[];
}

export function createPullSecrets(client: KubernetesClient, world: World): PullSecrets {
  const diagnostics: Diagnostic[] = [];
  const credentials = new Map<string, Promise<readonly PullCredential[]>>();
  const accounts = new Map<string, Promise<readonly string[]>>();

  async function read<T extends KubernetesObject>(
    type: ResourceType<T>,
    namespace: string,
    name: string,
  ): Promise<T | undefined> {
    try {
      return await client.get(type, name, { namespace, signal: world.signal });
    } catch (error) {
      if (!(error instanceof PratiqueError) || isUnauthorized(error) || error.code.startsWith('scan/')) throw error;
      if (error.code === 'kubernetes/unreachable') throw error;
      tell(`${type.kind} ${namespace}/${name} cannot be read: ${error.message}`);
      return undefined;
    }
  }

  function tell(message: string): void {
    diagnostics.push({ code: 'kubernetes/pull-secret', severity: 'warning', message });
    world.log.warn('Registry credentials of the cluster are missing', { reason: message });
  }

  const secretCredentials = (namespace: string, name: string): Promise<readonly PullCredential[]> =>
    once(credentials, `${namespace}/${name}`, async () => {
      const secret = await read(resources.secrets, namespace, name);
      if (!secret) return [];
      try {
        return credentialsOf(secret);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        tell(error.message);
        return [];
      }
    });

  const accountSecrets = (namespace: string, name: string): Promise<readonly string[]> =>
    once(accounts, `${namespace}/${name}`, async () => {
      const account = await read(resources.serviceAccounts, namespace, name);
      return (account?.imagePullSecrets ?? []).flatMap((one) => (one.name ? [one.name] : []));
    });

  return {
    diagnostics,
    async keyringFor(workloads) {
      const found: PullCredential[] = [];
      for (const { namespace, pullSecrets, serviceAccount } of workloads) {
        const names = pullSecrets.length > 0 ? pullSecrets : await accountSecrets(namespace, serviceAccount);
        for (const name of names) found.push(...(await secretCredentials(namespace, name)));
      }
      return keyringOf(found);
    },
  };
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

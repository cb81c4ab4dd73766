/**
 * The exceptions that count in a scan of a cluster: those it holds, as far as they may be read, and those of files, which
 * count in their namespace, or everywhere where they name none.
 */
import { PratiqueError } from '#base';
import type { Diagnostic, Report } from '#model';
import type { World } from '#platform';
import { acceptFindings, type FindingException, loadExceptions } from '#policy';
import type { KubernetesClient } from '../client/client.js';
import { isForbidden, isNotFound } from '../client/kubernetes-error.js';
import {
  isBrokenException,
  readExceptionObject,
  vulnerabilityExceptions,
} from '../exceptions/vulnerability-exception.js';

export interface ClusterExceptions {
  /** The report as the namespace sees it. */
  accept(report: Report, namespace: string): Report;
  readonly diagnostics: readonly Diagnostic[];
}

const everywhere = '';

export async function readClusterExceptions(
  client: KubernetesClient,
  paths: readonly string[],
  world: World,
): Promise<ClusterExceptions> {
  const byNamespace = new Map<string, FindingException[]>();
  const add = (namespace: string, exception: FindingException): void => {
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), exception]);
  };
  for (const { exceptions } of await loadExceptions(paths, world))
    for (const { exception, namespace = everywhere } of exceptions) add(namespace, exception);
  const diagnostics = await readFromCluster(client, add);
  const now = world.clock.now();
  return {
    accept(report, namespace) {
      const all = [...(byNamespace.get(everywhere) ?? []), ...(byNamespace.get(namespace) ?? [])];
      return acceptFindings(report, all, now).report;
    },
    diagnostics,
  };
}

async function readFromCluster(
  client: KubernetesClient,
  add: (namespace: string, exception: FindingException) => void,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  try {
    for await (const object of client.list(vulnerabilityExceptions)) {
      const exception = readExceptionObject(object);
      if (!isBrokenException(exception)) add(object.metadata.namespace ?? '', exception);
      else {
        const message = `${exception.name} accepts nothing: ${exception.problem}`;
        found.push({ code: 'kubernetes/broken-exception', severity: 'warning', message });
      }
    }
  } catch (error) {
    // Most clusters do not have the resource.
    if (isNotFound(error)) return [];
    if (!(error instanceof PratiqueError)) throw error;
    const message = `VulnerabilityExceptions are not honoured, since they could not be listed: ${error.message}`;
    return [{ code: 'kubernetes/no-exceptions', severity: isForbidden(error) ? 'info' : 'warning', message }];
  }
  return found;
}

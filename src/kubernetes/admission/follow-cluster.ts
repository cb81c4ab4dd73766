/**
 * What the webhook follows in the cluster: policies, assessments that replicas share, reports of an operator, and the
 * platforms of the nodes. Only what is needed is kept of each object.
 */
import type { World } from '#platform';
import type { FindingException } from '#policy';
import type { KubernetesClient } from '../client/client.js';
import { createInformer, type Informer, type InformerOptions } from '../client/informer.js';
import { isForbidden, isNotFound } from '../client/kubernetes-error.js';
import { defineResource, type KubernetesObject } from '../client/object.js';
import { resources } from '../client/resources.js';
import type { NamespaceExceptions } from '../exceptions/namespace-exceptions.js';
import {
  type BrokenException,
  isBrokenException,
  readExceptionObject,
  vulnerabilityExceptions,
} from '../exceptions/vulnerability-exception.js';
import type { FactsStore } from './facts-store.js';
import type { ImageFacts } from './image-facts.js';
import { type Policies, policyConfigMap, type PolicyKind, policyKey } from './policies.js';
import { factsOfAssessment, factsOfReport, imageAssessments, vulnerabilityReports } from './resource-facts.js';

interface ImagePolicyResource extends KubernetesObject {
  readonly spec?: unknown;
}

const imagePolicies = defineResource<ImagePolicyResource>('pratique.dev/v1alpha1/imagepolicies', 'ImagePolicy');

export interface ClusterFollower {
  /** Why requests cannot be judged yet. */
  notReady(): string | undefined;
  /** Of all nodes; `linux/amd64` where nothing is known. */
  platforms(): readonly string[];
  /** Rejects for bugs only. */
  run(signal: AbortSignal): Promise<void>;
}

export interface FollowOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly policies: Policies;
  readonly exceptions: NamespaceExceptions;
  readonly facts: FactsStore;
  /** Believe `VulnerabilityReport` resources. */
  readonly useReports: boolean;
  /** In place of those of the nodes. */
  readonly platforms: readonly string[];
}

interface Followed {
  readonly informer: Informer<unknown>;
  /** Complete, or known not to exist. */
  settled(): boolean;
  readonly what: string;
}

export function followCluster(options: FollowOptions, world: World): ClusterFollower {
  const { client, namespace, policies, exceptions, facts } = options;
  const counts = new Map<string, number>();
  let platforms: readonly string[] = ['linux/amd64'];

  function follow<T extends KubernetesObject, P>(
    what: string,
    optional: (error: unknown) => boolean,
    informer: Omit<InformerOptions<T, P>, 'client' | 'onFailure'>,
  ): Followed {
    let given = false;
    const made = createInformer<T, P>(
      {
        ...informer,
        client,
        onFailure(error, wait) {
          if (optional(error)) {
            if (!given) world.log.info(`${what} are not used`, { reason: error.message });
            given = true;
          } else world.log.warn(`${what} cannot be followed`, { reason: error.message, wait });
        },
      },
      world,
    );
    return { informer: made, settled: () => given || made.isSynced, what };
  }

  const setPolicy = (kind: PolicyKind) => (spec: { readonly value: unknown }, key: string) =>
    void policies.set(kind, key, spec.value).then((problem) => {
      if (problem !== undefined) world.log.error('a policy cannot be read', { policy: `${kind} ${key}`, problem });
    });
  const policyCallbacks = (kind: PolicyKind) => {
    const set = setPolicy(kind);
    return {
      onAdd: set,
      onUpdate: (spec: { readonly value: unknown }, _: unknown, key: string) => set(spec, key),
      onDelete: (_: unknown, key: string) => policies.remove(kind, key),
    };
  };
  function setException(one: FindingException | BrokenException, key: string): void {
    const problem = isBrokenException(one) ? one.problem : exceptions.set(key, one);
    if (problem === undefined) return;
    world.log.error('an exception accepts nothing', { exception: one.name, problem });
    exceptions.remove(key);
  }
  const factCallbacks = {
    onAdd: (found: ImageFacts) => facts.put(found),
    onUpdate: (found: ImageFacts) => facts.put(found),
  };

  function setPlatforms(): void {
    const known = new Set<string>();
    for (const [platform, count] of counts) if (count > 0) known.add(platform);
    if (known.size > 0) platforms = [...known].sort();
  }
  const countPlatform = (platform: string, by: number): void => {
    counts.set(platform, (counts.get(platform) ?? 0) + by);
    setPlatforms();
  };

  const followed: Followed[] = [
    follow('ImagePolicies', isNotFound, {
      type: imagePolicies,
      project: ({ spec }) => ({ value: spec ?? {} }),
      ...policyCallbacks('ImagePolicy'),
    }),
    follow('ConfigMaps', () => false, {
      type: resources.configMaps,
      fieldSelector: `metadata.name=${policyConfigMap}`,
      project: ({ data }) => ({ value: data?.[policyKey] ?? '' }),
      ...policyCallbacks('ConfigMap'),
    }),
    follow('VulnerabilityExceptions', missing, {
      type: vulnerabilityExceptions,
      project: readExceptionObject,
      onAdd: setException,
      onUpdate: (one, _, key) => setException(one, key),
      onDelete: (_, key) => exceptions.remove(key),
    }),
    follow('ImageAssessments', missing, {
      type: imageAssessments,
      namespace,
      project: factsOfAssessment,
      ...factCallbacks,
    }),
  ];
  if (options.useReports)
    followed.push(
      follow('VulnerabilityReports', missing, { type: vulnerabilityReports, project: factsOfReport, ...factCallbacks }),
    );
  if (options.platforms.length === 0)
    followed.push(
      follow('Nodes', isForbidden, {
        type: resources.nodes,
        project: ({ status }) =>
          `${status?.nodeInfo?.operatingSystem || 'linux'}/${status?.nodeInfo?.architecture || 'amd64'}`,
        onAdd: (platform) => countPlatform(platform, 1),
        onDelete: (platform) => countPlatform(platform, -1),
        onUpdate(platform, previous) {
          if (platform === previous) return;
          countPlatform(previous, -1);
          countPlatform(platform, 1);
        },
      }),
    );

  return {
    notReady() {
      const late = followed.find((one) => !one.settled());
      return late && `${late.what} are not read yet`;
    },
    platforms: () => (options.platforms.length > 0 ? options.platforms : platforms),
    run: async (signal) => void (await Promise.all(followed.map(({ informer }) => informer.run(signal)))),
  };
}

const missing = (error: unknown): boolean => isNotFound(error) || isForbidden(error);

/** The kinds of objects that run images, and the names users call kinds by. https://kubernetes.io/docs/reference/kubectl/#resource-types */
import { PratiqueError } from '#base';
import type { ResourceType } from '../client/object.js';
import { resources } from '../client/resources.js';

/** Owners before what they own. */
export const workloadTypes: readonly ResourceType[] = [
  resources.deployments,
  resources.cronJobs,
  resources.statefulSets,
  resources.daemonSets,
  resources.replicationControllers,
  resources.jobs,
  resources.replicaSets,
  resources.pods,
];

const shortNames: Readonly<Record<string, string>> = {
  cj: 'cronjob',
  cm: 'configmap',
  deploy: 'deployment',
  ds: 'daemonset',
  ing: 'ingress',
  limits: 'limitrange',
  netpol: 'networkpolicy',
  no: 'node',
  po: 'pod',
  quota: 'resourcequota',
  rc: 'replicationcontroller',
  rs: 'replicaset',
  sa: 'serviceaccount',
  sts: 'statefulset',
  svc: 'service',
};

/** Kinds without images: only their configuration could be assessed. */
const otherKinds = [
  'clusterrole',
  'clusterrolebinding',
  'configmap',
  'ingress',
  'limitrange',
  'networkpolicy',
  'node',
  'resourcequota',
  'role',
  'rolebinding',
  'service',
  'serviceaccount',
];

const workloadKinds: readonly string[] = workloadTypes.map(({ kind }) => kind.toLowerCase());

export const isWorkloadKind = (kind: string): boolean => workloadKinds.includes(kind.toLowerCase());

/** Lower-case kinds. Throws `usage/invalid` for a word that names none. */
export function kindsOf(words: readonly string[], option: string): ReadonlySet<string> {
  return new Set(
    words.map((word) => {
      const lower = word.toLowerCase();
      const kind = Object.hasOwn(shortNames, lower) ? shortNames[lower]! : singular(lower);
      if (workloadKinds.includes(kind) || otherKinds.includes(kind)) return kind;
      const known = [...workloadKinds, ...otherKinds].sort().join(', ');
      throw new PratiqueError('usage/invalid', {
        problem: `--${option} ${word}: no kind that is known; there are ${known}`,
      });
    }),
  );
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word === 'ingress') return word;
  return word.endsWith('sses') ? word.slice(0, -2) : word.replace(/s$/, '');
}

/** The built-in types of objects that this program reads or writes. */
import { defineResource } from './object.js';
import type { ConfigMap, CronJob, Lease, Node, Pod, Secret, ServiceAccount, TemplatedWorkload } from './pod-types.js';

export const resources = {
  configMaps: defineResource<ConfigMap>('v1/configmaps', 'ConfigMap'),
  cronJobs: defineResource<CronJob>('batch/v1/cronjobs', 'CronJob'),
  customResourceDefinitions: defineResource(
    'apiextensions.k8s.io/v1/customresourcedefinitions',
    'CustomResourceDefinition',
    'cluster',
  ),
  daemonSets: defineResource<TemplatedWorkload>('apps/v1/daemonsets', 'DaemonSet'),
  deployments: defineResource<TemplatedWorkload>('apps/v1/deployments', 'Deployment'),
  events: defineResource('events.k8s.io/v1/events', 'Event'),
  jobs: defineResource<TemplatedWorkload>('batch/v1/jobs', 'Job'),
  leases: defineResource<Lease>('coordination.k8s.io/v1/leases', 'Lease'),
  mutatingWebhookConfigurations: defineResource(
    'admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    'MutatingWebhookConfiguration',
    'cluster',
  ),
  namespaces: defineResource('v1/namespaces', 'Namespace', 'cluster'),
  nodes: defineResource<Node>('v1/nodes', 'Node', 'cluster'),
  pods: defineResource<Pod>('v1/pods', 'Pod'),
  replicaSets: defineResource<TemplatedWorkload>('apps/v1/replicasets', 'ReplicaSet'),
  replicationControllers: defineResource<TemplatedWorkload>('v1/replicationcontrollers', 'ReplicationController'),
  secrets: defineResource<Secret>('v1/secrets', 'Secret'),
  serviceAccounts: defineResource<ServiceAccount>('v1/serviceaccounts', 'ServiceAccount'),
  statefulSets: defineResource<TemplatedWorkload>('apps/v1/statefulsets', 'StatefulSet'),
  validatingWebhookConfigurations: defineResource(
    'admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    'ValidatingWebhookConfiguration',
    'cluster',
  ),
} as const;

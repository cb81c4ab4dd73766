/** Kubernetes of cloud providers: listed, never matched, since the upstream feed does not speak of their builds. */
import { defineEcosystem } from '../ecosystem.js';

export const managedKubernetes = defineEcosystem({
  id: 'managed-kubernetes',
  title: 'Managed Kubernetes',
  docs: 'https://kubernetes.io/docs/setup/production-environment/turnkey-solutions/',
  types: ['aks', 'eks', 'gke', 'ocp', 'rke'],
});

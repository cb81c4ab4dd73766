/** Kubernetes components (`k8s.io/apiserver`), from bills of materials of clusters. */
import { defineEcosystem } from '../ecosystem.js';

export const kubernetes = defineEcosystem({
  id: 'kubernetes',
  title: 'Kubernetes',
  docs: 'https://kubernetes.io/docs/reference/issues-security/official-cve-feed/',
  types: ['kubernetes'],
  aggregated: { kubernetes: 'Kubernetes' },
  purlType: 'k8s',
  scheme: 'generic',
  advisories: 'k8s::',
});

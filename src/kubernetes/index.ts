export const kubernetesApiGroup = 'aquasecurity.github.io';

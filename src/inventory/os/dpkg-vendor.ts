/**
 * Whether a Debian package comes from the distribution or from a vendor's own repository, by its maintainer:
 * advisories of the distribution do not cover the latter. The list names vendors with public apt repositories.
 * Source  the `Maintainer` fields of the packages in those repositories.
 */
export function dpkgOrigin(maintainer: string): 'official' | 'third-party' {
  return vendors.has(maintainer) || marks.some((mark) => maintainer.includes(mark)) ? 'third-party' : 'official';
}

const vendors: ReadonlySet<string> = new Set(['GitHub', 'HashiCorp']);

const marks: readonly string[] = [
  '@cloudflare.com',
  '@datadoghq.com',
  '@hashicorp.com',
  '@konghq.com',
  '@microsoft.com',
  '@mongodb.com',
  '@nodesource.com',
  '@nvidia.com',
  '@openrobotics.org',
  '@osrfoundation.org',
  'Google Cloud CLI Authors',
  'contact@grafana.com',
  'dev@couchdb.apache.org',
  'developers@lists.mariadb.org',
  'info@elastic.co',
  'info@tailscale.com',
  'nginx-packaging@f5.com',
  'sapmachine@sap.com',
  'support@docker.com',
  'support@gitlab.com',
  'support@influxdb.com',
];

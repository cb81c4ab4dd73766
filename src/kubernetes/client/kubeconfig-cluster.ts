/** The `cluster` entry of a kubeconfig. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#Cluster */
import type { ClusterConnection } from './connection.js';
import type { ConfigNode } from './kubeconfig-node.js';

type Place = Pick<ClusterConnection, 'server' | 'ca' | 'insecure' | 'serverName' | 'proxyUrl'>;

export async function clusterOf(cluster: ConfigNode): Promise<Place> {
  const server = serverOf(cluster);
  const ca = await cluster.pem('certificate-authority');
  const insecure = cluster.flag('insecure-skip-tls-verify');
  if (insecure && ca !== undefined) {
    throw cluster.problem('insecure-skip-tls-verify and certificate-authority exclude each other');
  }
  const serverName = cluster.text('tls-server-name');
  const proxyUrl = proxyOf(cluster);
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(insecure && { insecure }),
    ...(serverName && { serverName }),
    ...(proxyUrl && { proxyUrl }),
  };
}

function serverOf(cluster: ConfigNode): string {
  const text = cluster.text('server');
  if (!text) throw cluster.problem('a cluster names no server');
  const url = parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) {
    throw cluster.problem('the server of the cluster is not an http or https URL without credentials');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function proxyOf(cluster: ConfigNode): string | undefined {
  const text = cluster.text('proxy-url');
  if (text === undefined) return undefined;
  const url = parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw cluster.problem('proxy-url must be an http or https URL; other proxies are not supported');
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

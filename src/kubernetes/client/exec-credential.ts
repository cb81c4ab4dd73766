/**
 * Programs that get credentials for a cluster: the exec plugins of kubeconfig files.
 * Reads   an ExecCredential on the plugin's standard output: a token, a client certificate, or both.
 * Limits  60 s, 1 MiB; run without a shell and without a terminal.
 * Errors  `kubernetes/credentials`; what the plugin wrote to standard error is in the message, its output never.
 * Source  https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
import { PratiqueError } from '#base';
import { runProgram, type World } from '#platform';
import type { ExecPlugin } from './connection.js';

export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Milliseconds since 1970; none means: until the server refuses it. */
  readonly expires?: number;
}

const TIMEOUT = 60_000;

export async function execCredential(
  plugin: ExecPlugin,
  server: string,
  world: World,
  signal: AbortSignal,
): Promise<ExecCredential> {
  const { command, args, apiVersion } = plugin;
  const fail = (reason: string, advice = plugin.installHint ?? 'run it by hand to see why'): PratiqueError =>
    new PratiqueError('kubernetes/credentials', { server, reason: `${command}: ${reason}`, advice });
  const spec = { interactive: false, ...(plugin.cluster && { cluster: plugin.cluster }) };
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
  const env = { ...world.env, ...plugin.env, KUBERNETES_EXEC_INFO: info };
  const result = await runProgram(command, args, { env, timeout: TIMEOUT, signal });
  if (result.outcome !== 'ended') throw fail(result.reason ?? 'failed');
  if (result.exitCode !== 0) {
    throw fail(result.stderr.trim().split('\n').at(-1)?.slice(0, 300) || `exit code ${result.exitCode}`);
  }
  return parseCredential(result.stdout, fail);
}

function parseCredential(text: string, fail: (reason: string) => PratiqueError): ExecCredential {
  const status = parseStatus(text);
  if (!status) throw fail('its output is not an ExecCredential');
  const field = (key: string): string => (typeof status[key] === 'string' ? status[key] : '');
  const token = field('token');
  const cert = field('clientCertificateData');
  const key = field('clientKeyData');
  if (Boolean(cert) !== Boolean(key)) throw fail('it gave a client certificate without its key, or a key alone');
  if (!token && !cert) throw fail('it gave neither a token nor a client certificate');
  const expires = Date.parse(field('expirationTimestamp'));
  return {
    ...(token && { token }),
    ...(cert && { certificate: { cert, key } }),
    ...(!Number.isNaN(expires) && { expires }),
  };
}

function parseStatus(text: string): Record<string, unknown> | undefined {
  try {
    const document = JSON.parse(text) as { kind?: unknown; status?: unknown } | null;
    const status = document?.kind === 'ExecCredential' ? document.status : undefined;
    return typeof status === 'object' && status !== null ? (status as Record<string, unknown>) : undefined;
  } catch {
    // The parser's message would quote the output, which holds secrets.
    return undefined;
  }
}

/**
 * The certificate authorities to trust: those of the operating system where it has a bundle, else those the runtime
 * came with; then the user's own. SSL_CERT_FILE replaces the system's bundle, as OpenSSL and Go programs have it.
 * Bundle places: https://go.dev/src/crypto/x509/root_linux.go (list of distributions' paths)
 */
import { LimitError, PratiqueError } from '#base';
import { readIfPresent } from './read-file.js';
import type { Environment } from './world.js';

const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const MAX_BUNDLE = 16 * 1024 * 1024;

/** PEM texts, or `undefined` when the runtime's own roots are all there is. `caFile` is the user's and must be good. */
export async function trustedRoots(env: Environment, caFile: string | undefined): Promise<string[] | undefined> {
  const system = await systemBundle(env);
  if (caFile === undefined) return system === undefined ? undefined : [system];
  const own = await userBundle(caFile);
  if (system !== undefined) return [system, own];
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, own];
}

async function systemBundle(env: Environment): Promise<string | undefined> {
  const named = env['SSL_CERT_FILE'];
  for (const path of named ? [named] : bundles) {
    const text = await readIfPresent(path, MAX_BUNDLE);
    if (text && text.length > 0) return decode(text);
  }
  return undefined;
}

async function userBundle(path: string): Promise<string> {
  const failed = (reason: string, cause?: unknown): PratiqueError =>
    new PratiqueError('tls/bad-ca-file', { path, reason }, cause);
  const bytes = await readIfPresent(path, MAX_BUNDLE).catch((error: unknown) => {
    throw error instanceof LimitError ? failed('the file is too large', error) : error;
  });
  if (!bytes) throw failed('no such file');
  const text = decode(bytes);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!blocks) throw failed('no PEM certificate in it');
  const { X509Certificate } = await import('node:crypto');
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch (error) {
    throw failed('a certificate in it is damaged', error);
  }
  return blocks.join('\n');
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The certificate the server shows, wherever it comes from; it may change at any time. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import type { IssuedCertificate } from './issue-certificate.js';

export interface CertificateSource {
  /** Throws `PratiqueError` when there is none to begin with. */
  first(): Promise<IssuedCertificate>;
  /** Calls back with each new one until the signal is aborted. */
  follow(onChange: (certificate: IssuedCertificate) => Promise<void>, signal: AbortSignal): Promise<void>;
}

const MAX_FILE = 1024 * 1024;
/** Milliseconds between two looks. Files of a mounted Secret are swapped by a link, which watching the files would miss. */
const INTERVAL = 1000;

export function certificateFiles(certPath: string, keyPath: string, world: World): CertificateSource {
  let current = '';
  const read = async (): Promise<IssuedCertificate> => {
    const [cert, key] = await Promise.all([readText(certPath), readText(keyPath)]);
    checkPair({ cert, key }, certPath);
    return { cert, key };
  };
  return {
    async first() {
      const found = await read();
      current = found.cert + found.key;
      return found;
    },
    async follow(onChange, signal) {
      let problem = '';
      while (!signal.aborted) {
        await world.clock.sleep(INTERVAL, signal).catch(() => {});
        if (signal.aborted) return;
        try {
          const found = await read();
          problem = '';
          if (found.cert + found.key === current) continue;
          current = found.cert + found.key;
          await onChange(found);
        } catch (error) {
          // In the middle of a change the two files need not fit each other.
          const reason = (error as Error).message;
          if (reason !== problem) world.log.warn('the new certificate cannot be used; the old one stays', { reason });
          problem = reason;
        }
      }
    },
  };
}

async function readText(path: string): Promise<string> {
  const bytes = await readIfPresent(path, MAX_FILE);
  if (!bytes) throw new PratiqueError('file/not-found', { path });
  return new TextDecoder().decode(bytes);
}

/** Throws `tls/bad-certificate` unless the two are PEM and belong together. */
export function checkPair({ cert, key }: IssuedCertificate, path: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new PratiqueError('tls/bad-certificate', { path, reason: (error as Error).message }, error);
  }
}

/** Milliseconds since 1970. */
export const certificateEnd = ({ cert }: Pick<IssuedCertificate, 'cert'>): number =>
  Date.parse(new X509Certificate(cert).validTo);

import type { CredentialOptions } from './credential-chain.js';

/** How registries are reached: the `--insecure`, `--cacert` and registry flags, and mirrors from the configuration file. */
export interface RegistryOptions extends CredentialOptions {
  /** Certificates are not checked, and plain http is allowed for every host. */
  readonly insecure?: boolean;
  /** `--cacert`: PEM file of authorities trusted besides the system's. */
  readonly caFile?: string;
  /** `registry.mirrors`: by host (`index.docker.io` or `docker.io` for Docker Hub), hosts tried before it. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds to connect, and of silence. */
  readonly connectTimeout?: number;
  readonly idleTimeout?: number;
  /** Requests in all for one that fails in passing (4), and for one that never got a connection (2). */
  readonly attempts?: number;
  readonly connectAttempts?: number;
  readonly userAgent?: string;
}

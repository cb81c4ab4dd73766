/**
 * Who this program is to an API server: headers and a client certificate, renewed before they expire and after the
 * server refused them.
 */
import { PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import type { ClusterConnection, Impersonation } from './connection.js';
import { type ExecCredential, execCredential } from './exec-credential.js';

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

export interface Authentication {
  identity(signal: AbortSignal): Promise<Identity>;
  /** The server refused the identity. `false`: asking again would give the same. */
  forget(): boolean;
}

/** How long a token file is trusted to be unchanged; the kubelet renews tokens long before they expire. */
const FILE_AGE = 60_000;
const MAX_TOKEN = 1024 * 1024;
/** A credential is renewed this long before its end: clocks differ. */
const MARGIN = 30_000;

export function createAuthentication(connection: ClusterConnection, world: World): Authentication {
  const { user, impersonate, server } = connection;
  const as = impersonate ? impersonationHeaders(impersonate) : {};
  const fixed = (identity: Identity): Authentication => ({
    identity: async () => ({ ...identity, headers: { ...as, ...identity.headers } }),
    forget: () => false,
  });
  switch (user.kind) {
    case 'anonymous':
      return fixed({ headers: {} });
    case 'token':
      return fixed({ headers: bearer(user.token) });
    case 'certificate':
      return fixed({ headers: {}, certificate: { cert: user.cert, key: user.key } });
    case 'token-file':
      return renewed(async () => {
        const token = await readToken(user.path, server);
        return { token, expires: world.clock.now().getTime() + FILE_AGE + MARGIN };
      });
    case 'exec':
      return renewed((signal) => execCredential(user.plugin, server, world, signal));
  }

  function renewed(obtain: (signal: AbortSignal) => Promise<ExecCredential>): Authentication {
    let current: Promise<ExecCredential> | undefined;
    let expires = Infinity;
    return {
      async identity(signal) {
        if (!current || world.clock.now().getTime() > expires - MARGIN) {
          const asked = (current = obtain(signal));
          expires = Infinity;
          asked.then(
            (credential) => (expires = credential.expires ?? Infinity),
            () => (current = current === asked ? undefined : current),
          );
        }
        const { token, certificate } = await current;
        return { headers: { ...as, ...(token && bearer(token)) }, ...(certificate && { certificate }) };
      },
      forget() {
        current = undefined;
        return true;
      },
    };
  }
}

async function readToken(path: string, server: string): Promise<string> {
  const bytes = await readIfPresent(path, MAX_TOKEN);
  const token = bytes && new TextDecoder().decode(bytes).trim();
  if (token) return token;
  const reason = bytes ? `${path} is empty` : `${path} is not there`;
  throw new PratiqueError('kubernetes/credentials', { server, reason, advice: 'check the file' });
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

function impersonationHeaders({ user, uid, groups, extra }: Impersonation): Record<string, string> {
  const headers: Record<string, string> = { 'impersonate-user': user };
  if (uid) headers['impersonate-uid'] = uid;
  if (groups[0]) headers['impersonate-group'] = groups[0];
  for (const [key, value] of extra) headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = value;
  return headers;
}

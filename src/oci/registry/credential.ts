/** One way to show a registry who asks. `source` says where it came from, for the log; it never holds a secret. */
export type Credential =
  | { readonly kind: 'anonymous'; readonly source: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string; readonly source: string }
  /** A refresh token, exchanged for an access token. */
  | { readonly kind: 'identity'; readonly token: string; readonly source: string }
  /** An access token, sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string; readonly source: string };

export const anonymous: Credential = { kind: 'anonymous', source: 'no credentials' };

/** Docker's convention: the user name `<token>` says that the password is a refresh token. */
export function passwordCredential(username: string, password: string, source: string): Credential {
  if (username === '<token>') return { kind: 'identity', token: password, source };
  return { kind: 'password', username, password, source };
}

/** Every text of the credential that must not be shown. */
export function secretsOf(credential: Credential): string[] {
  if (credential.kind === 'anonymous') return [];
  if (credential.kind === 'password') {
    return [credential.password, Buffer.from(`${credential.username}:${credential.password}`).toString('base64')];
  }
  return [credential.token];
}

/** Whose signatures count: public keys, and identities that certificates of a sigstore instance name. */

export interface SignatureRule {
  readonly keys: readonly TrustedKey[];
  readonly identities: readonly TrustedIdentity[];
  /** Signatures by key must be in a transparency log of the trust root, too. */
  readonly transparencyLog: boolean;
}

export interface TrustedKey {
  /** For messages. */
  readonly name: string;
  /** Public key, PEM. */
  readonly pem: string;
}

/** Both are compared whole; `*` in the subject stands for any text. */
export interface TrustedIdentity {
  /** Of the token the certificate was made for: `https://token.actions.githubusercontent.com` */
  readonly issuer: string;
  /** A mail address or a URI. */
  readonly subject: string;
}

export type SignatureOutcome =
  | { readonly status: 'valid'; /** Key or identity. */ readonly by: string }
  | { readonly status: 'invalid'; readonly reason: string };

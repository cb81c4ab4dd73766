/** How to reach a cluster and who to be there, whatever it was read from. */
export interface ClusterConnection {
  /** URL of the API server, without a slash at its end. */
  readonly server: string;
  readonly context: string;
  readonly cluster: string;
  readonly namespace: string;
  /** PEM; the only authorities trusted. The system's, when there are none. */
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly serverName?: string;
  /** In place of HTTP_PROXY and HTTPS_PROXY. */
  readonly proxyUrl?: string;
  readonly user: ClusterUser;
  readonly impersonate?: Impersonation;
}

export type ClusterUser =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'token'; readonly token: string }
  /** Read again as it is renewed. */
  | { readonly kind: 'token-file'; readonly path: string }
  /** PEM. */
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string }
  | { readonly kind: 'exec'; readonly plugin: ExecPlugin };

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  /** Shown when the program is not there. */
  readonly installHint?: string;
  /** For the plugin, when it asks to know the cluster. */
  readonly cluster?: Readonly<Record<string, unknown>>;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, string>;
}

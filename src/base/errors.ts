/**
 * The catalogue of errors that end an operation: one code each, with message, hint and exit code.
 * Diagnostics (data; the scan goes on) are `model/diagnostic.ts`; anything else thrown is a bug.
 */
interface Entry {
  /** `{name}` is replaced by the detail of that name. */
  readonly message: string;
  /** What the user can do. */
  readonly hint: string;
}

export const errorCatalogue = {
  'action/snapshot-refused': {
    message: 'GitHub refused the dependency snapshot with {status}: {answer}',
    hint: 'the token needs contents: write',
  },
  'config/invalid': { message: '{path}: {problem}', hint: 'correct the configuration file' },
  'db/corrupt': { message: '{path}: damaged database: {reason}', hint: 'remove the file; the next run downloads it' },
  'db/download-failed': {
    message: '{what} could not be downloaded: {reasons}',
    hint: 'check the network, name a mirror with --db-repository, or go on with an older database: --skip-db-update',
  },
  'db/first-run': {
    message: 'there is no database yet, and {flag} forbids to download one',
    hint: 'run once without {flag}',
  },
  'db/missing': { message: '{path}: no database', hint: 'run without skipping the database update, or copy one there' },
  'db/not-a-database': { message: '{name} is not a database: {reason}', hint: 'check --db-repository' },
  'db/no-feeds': {
    message: '{path}: no advisories in there',
    hint: 'unpack the feeds there, one folder each: alpine, debian, go, pypa, …',
  },
  'db/unsupported-schema': {
    message: '{path}: the database has schema {version}, this program reads schema {expected}',
    hint: 'update this program, or remove the database so that a fitting one is downloaded',
  },
  'artifact/bomb': { message: '{what} expands to more than {limit}', hint: 'the input may be hostile' },
  'artifact/compression': {
    message: '{what} is compressed with {method}, which is not supported',
    hint: 'compress it with gzip or zstd',
  },
  'artifact/corrupt': {
    message: '{what}: {reason}',
    hint: 'fetch or save it again; it is damaged or not what it claims',
  },
  'artifact/truncated': { message: '{what} is cut off', hint: 'fetch or save it again' },
  'notify/refused': {
    message: '{sink} refused the events with {status}: {answer}',
    hint: 'check the address and the credentials; events are kept and sent again',
  },
  'notify/unreachable': {
    message: '{sink} cannot be reached: {reason}',
    hint: 'check the address and the network; events are kept and sent again',
  },
  'store/refused': {
    message: 'the report store {store} refused a report: {reason}',
    hint: 'check --report-store, its rights and its credentials',
  },
  'store/unreachable': {
    message: 'the report store {store} cannot be reached: {reason}',
    hint: 'check --report-store and the network',
  },
  'usage/invalid': { message: '{problem}', hint: 'run with --help for the options' },
  'exceptions/invalid': { message: '{path}: {problem}', hint: 'correct the file; see docs/filters.md' },
  'file/not-found': { message: '{path}: no such file or directory', hint: 'check the path' },
  'file/no-space': {
    message: '{path}: no space left on the device',
    hint: 'free some space, or use another directory',
  },
  'file/read-only': {
    message: '{path}: the file system is read-only',
    hint: 'use another directory (--cache-dir, TMPDIR)',
  },
  'file/unreadable': { message: '{path}: {reason}', hint: 'check the permissions of the file' },
  'file/unwritable': { message: '{path}: {reason}', hint: 'check the permissions, or use another path' },
  'ignore-file/invalid': { message: '{path}: {problem}', hint: 'correct the ignore file' },
  'git/clone-failed': { message: '{url} could not be cloned: {reason}', hint: '{advice}' },
  'git/invalid-url': { message: '{url}: {reason}', hint: 'give a directory, or a URL: https://…, ssh://… or git://…' },
  'git/no-such-revision': { message: '{url} has no {kind} {name}', hint: 'check the name' },
  'image/ambiguous': { message: '{path} holds {count} images', hint: 'name one: {available}' },
  'image/bad-config': { message: '{image}: image configuration: {reason}', hint: 'build or save the image again' },
  'image/digest-mismatch': {
    message: '{what} has the digest {actual}',
    hint: 'fetch or save it again; it was changed or damaged',
  },
  'image/missing-blob': {
    message: '{path}: blob {digest} is missing',
    hint: 'save the image again; the layout is incomplete',
  },
  'image/missing-layer': {
    message: '{path}: layer {layer} is missing',
    hint: 'save the image again; the archive is incomplete',
  },
  'image/no-manifest': {
    message: '{path} is no image: {reason}',
    hint: 'give an archive of "docker save", or an OCI layout; for other files use the fs command',
  },
  'image/no-such-reference': { message: '{path} holds no image {reference}', hint: 'it holds: {available}' },
  'image/not-an-image': {
    message: '{image} is no container image but {kind}',
    hint: 'only container images can be scanned',
  },
  'image/not-found': { message: 'unable to open {image}: {reasons}', hint: '{advice}' },
  'image/source': { message: '{reason}', hint: 'choose another source with --image-src' },
  'image/too-large': {
    message: '{image} is larger than {limit} bytes: {found}',
    hint: 'raise --max-image-size if it is to be scanned',
  },
  'kubernetes/credentials': {
    message: 'the credentials for {server} cannot be had: {reason}',
    hint: '{advice}',
  },
  'kubernetes/forbidden': {
    message: '{what}: forbidden: {message}',
    hint: 'grant the right by a Role or ClusterRole, see docs/kubernetes.md',
  },
  'kubernetes/kubeconfig': { message: '{path}: {problem}', hint: '{advice}' },
  'kubernetes/lease-lost': {
    message: 'the lease {lease} went to another replica',
    hint: 'nothing is lost: start this one again, and it waits for its turn',
  },
  'kubernetes/no-cluster': {
    message: 'no Kubernetes cluster is named: {reason}',
    hint: 'give --kubeconfig or set KUBECONFIG, and name a context',
  },
  'kubernetes/not-found': { message: '{what}: not found: {message}', hint: 'check the name and the namespace' },
  'kubernetes/refused': { message: '{what}: {message}', hint: 'see the message of the API server' },
  'kubernetes/unauthorized': {
    message: '{what}: the API server does not accept the credentials: {message}',
    hint: 'log in again, or name another context or kubeconfig',
  },
  'kubernetes/unreachable': {
    message: 'the API server {server} does not answer: {reason}',
    hint: 'check the network, the proxy and the address in the kubeconfig',
  },
  'layout/invalid': { message: '{path}: {reason}', hint: 'give a directory with an OCI image layout, as path:tag' },
  'limit/exceeded': { message: '{what} is larger than the limit of {limit}', hint: 'the input may be hostile' },
  'platform/invalid': {
    message: '{platform}: not a platform',
    hint: 'write os/arch or os/arch/variant, e.g. linux/arm64',
  },
  'policy/invalid': { message: '{path}: {problem}', hint: 'correct the policy, see docs/filters.md' },
  'reference/invalid': {
    message: 'could not parse reference: {reference}: {reason}',
    hint: 'write [registry/]name[:tag] or [registry/]name@sha256:…, without https://',
  },
  'registry/bad-answer': { message: '{registry}: {reason}', hint: 'check that this is a container registry' },
  'registry/bad-digest': {
    message: '{name}: the registry sent other content than {digest}: {reason}',
    hint: 'a proxy or mirror in between may be damaged; try again or use another one',
  },
  'registry/bad-manifest': { message: '{name}: the manifest is damaged: {reason}', hint: 'push the image again' },
  'registry/dns': {
    message: '{registry}: the name cannot be resolved',
    hint: 'check the name and the network; for offline use see --offline-scan and --skip-db-update',
  },
  'registry/forbidden': { message: '{name}: access is denied ({reason})', hint: '{advice}' },
  'registry/no-platform': {
    message: '{name}: no image for platform {platform}',
    hint: 'choose one with --platform; there are: {available}',
  },
  'registry/not-found': {
    message: '{name}: not found ({reason})',
    hint: 'check the name and the tag; a private image may need other credentials',
  },
  'registry/plain-http': {
    message: '{registry}: the registry speaks plain HTTP, not HTTPS',
    hint: 'use --insecure if that is meant to be',
  },
  'registry/rate-limited': {
    message: '{registry}: too many requests ({reason})',
    hint: 'wait, log in for a higher limit, or use a mirror',
  },
  'registry/tls': {
    message: '{registry}: the TLS connection failed: {reason}',
    hint: 'add the certificate authority with --cacert, or use --insecure',
  },
  'registry/unauthorized': { message: '{name}: the registry asks for other credentials ({reason})', hint: '{advice}' },
  'registry/unavailable': {
    message: '{registry}: {reason}',
    hint: 'check the network and the registry, and try again',
  },
  'registry/unsupported-media-type': {
    message: '{name}: unsupported media type: {type}',
    hint: 'only OCI and Docker v2 images can be read',
  },
  'report/invalid': { message: '{path}: {problem}', hint: 'give a report written with --format json' },
  'sbom/invalid': {
    message: '{path} is no bill of materials that can be read: {problem}',
    hint: 'CycloneDX (JSON, XML) and SPDX (JSON, tag-value) can be read, plain or attested',
  },
  'scan/failed': { message: '{image}: {reason}', hint: 'scan it with the image command to see more' },
  'scan/timeout': { message: 'the scan took longer than {timeout}', hint: 'raise --timeout' },
  'scan/worker-lost': {
    message: '{image}: {attempts} workers ended while they read it',
    hint: 'look at the logs of the workers; give them more memory',
  },
  'scan/interrupted': { message: 'interrupted', hint: 'run the command again' },
  'secret-config/invalid': { message: '{path}: {problem}', hint: 'correct the configuration of the secret scanner' },
  'template/invalid': {
    message: '{name}:{line}: {problem}',
    hint: 'correct the template; docs/templates.md lists what is supported',
  },
  'signature/bad-trust-root': {
    message: '{path}: not a trust root: {reason}',
    hint: 'it is a trusted_root.json of sigstore, or what `cosign trusted-root create` writes',
  },
  'signature/no-trust-root': {
    message: 'signatures by identity, and those in a transparency log, need a trust root',
    hint: 'give --trust-root FILE',
  },
  'tls/bad-ca-file': { message: '{path}: {reason}', hint: 'give a PEM file with certificate authorities to --cacert' },
  'tls/bad-certificate': {
    message: '{path}: the certificate cannot be used: {reason}',
    hint: 'give a PEM file with the certificate chain, and the key that belongs to it',
  },
  'vex/invalid': { message: '{path}: {problem}', hint: 'correct the VEX document' },
  'vex/unavailable': { message: '--vex {source}: {reason}', hint: '{advice}' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An operation cannot go on. One line for the user, with a hint; secrets in details are redacted at construction. */
export class PratiqueError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, details: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    const entry: Entry = errorCatalogue[code];
    super(redact(fill(entry.message, details)), cause === undefined ? undefined : { cause });
    this.name = 'PratiqueError';
    this.code = code;
    this.hint = redact(fill(entry.hint, details));
  }
}

/** A reader met a limit. The collector turns it into a diagnostic for that file. */
export class LimitError extends Error {
  constructor(what: string, limit: number) {
    super(`${what} is larger than the limit of ${limit} bytes`);
    this.name = 'LimitError';
  }
}

/** Content is not what its format promises. The collector turns it into a diagnostic for that file. */
export class FormatError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FormatError';
  }
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return oneLine(template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '')));
}

/**
 * Control characters (terminal escapes, line breaks), and those that make text run the other way, made visible; the text
 * stays one line, and is no command to the runner of a job (`##[…]`, `##vso[…]`, anywhere in a line).
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function oneLine(text: string): string {
  return text
    .replace(/##(?=(?:vso)?\[)/gi, '#\\#')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, (found) =>
      /^[\r\n\t]+$/.test(found) ? ' ' : [...found].map(visible).join(''),
    );
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Passwords in URLs and bearer or basic credentials are replaced by `***`. */
export function redact(text: string): string {
  return (
    text
      .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, '$1:***@')
      // As above without a scheme, which is no image with a digest.
      .replace(/(^|[\s"'(])([^\s/:@"'(]{1,200}):[^\s/:@]+@(?!sha\d+:)(?=[A-Za-z0-9.-]+[:/])/g, '$1$2:***@')
      .replace(/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***')
      .replace(/([?&](?:access_token|token|password|sig|signature|secret)=)[^&\s]+/gi, '$1***')
  );
}

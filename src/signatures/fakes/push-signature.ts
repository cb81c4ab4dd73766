/**
 * Signatures by key, and signatures of any kind where registries keep them.
 * https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Descriptor } from '#oci';

export interface SigningKey {
  /** Public key, PEM. */
  readonly pem: string;
  sign(bytes: Uint8Array): string;
}

export function makeKey(kind: 'ec' | 'rsa' = 'ec'): SigningKey {
  const { publicKey, privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (bytes) => sign('sha256', bytes, privateKey).toString('base64'),
  };
}

export interface PayloadSignature {
  readonly payload: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

export const payloadOf = (repository: string, digest: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );

export function signPayload(payload: Uint8Array, key: SigningKey): PayloadSignature {
  return { payload, annotations: { 'dev.cosignproject.cosign/signature': key.sign(payload) } };
}

/** What a bundle signs: an in-toto statement that names the image. */
export const statementOf = (digest: string, predicateType = 'https://sigstore.dev/cosign/sign/v1'): Buffer =>
  Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ digest: { sha256: digest.slice('sha256:'.length) }, annotations: {} }],
      predicateType,
      predicate: {},
    }),
  );

export const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const statementType = 'application/vnd.in-toto+json';

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md#signature-definition */
export const preAuthEncoding = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} `), payload]);

export function signBundle(statement: Buffer, key: SigningKey): object {
  return {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint: 'x' } },
    dsseEnvelope: {
      payload: statement.toString('base64'),
      payloadType: statementType,
      signatures: [{ sig: key.sign(preAuthEncoding(statement)) }],
    },
  };
}

/** A repository that something can be pushed to. */
export interface Pushable {
  blob(content: Uint8Array, mediaType: string): Promise<Descriptor> | Descriptor;
  manifest(tag: string, document: object, mediaType: string): Promise<Descriptor> | Descriptor;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** Under the tag that is made of the digest. */
export async function pushTagged(to: Pushable, digest: string, signatures: readonly PayloadSignature[]): Promise<void> {
  await to.manifest(`${digest.replace(':', '-')}.sig`, await signatureManifest(to, signatures), manifestType);
}

/** As artifacts that refer to the image, in the list that registries without the API have. */
export async function pushReferring(
  to: Pushable,
  subject: Descriptor,
  signatures: readonly (PayloadSignature | object)[],
): Promise<void> {
  const manifests = [];
  for (const [i, one] of signatures.entries()) {
    const isPayload = 'payload' in one;
    const artifactType = isPayload ? 'application/vnd.dev.cosign.artifact.sig.v1+json' : bundleType;
    const document = isPayload
      ? await signatureManifest(to, [one as PayloadSignature])
      : { layers: [await to.blob(Buffer.from(JSON.stringify(one)), bundleType)] };
    const config = await to.blob(Buffer.from('{}'), artifactType);
    const whole = { schemaVersion: 2, mediaType: manifestType, artifactType, ...document, config, subject };
    manifests.push({ ...(await to.manifest(`signature-${i}`, whole, manifestType)), artifactType });
  }
  const list = { schemaVersion: 2, mediaType: indexType, manifests };
  await to.manifest(subject.digest.replace(':', '-'), list, indexType);
}

async function signatureManifest(to: Pushable, signatures: readonly PayloadSignature[]): Promise<object> {
  const layers = [];
  for (const { payload, annotations } of signatures) {
    const layer = await to.blob(payload, 'application/vnd.dev.cosign.simplesigning.v1+json');
    layers.push({ ...layer, annotations });
  }
  const config = await to.blob(Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json');
  return { schemaVersion: 2, mediaType: manifestType, config, layers };
}

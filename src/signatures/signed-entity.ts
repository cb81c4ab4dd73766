/**
 * A found signature as the library verifies it: a bundle, with the bytes that were signed and the digest that they speak of.
 * Reads   bundles as they are; payloads with the annotations that cosign puts beside them (signature, certificate, entry of
 *         the transparency log, timestamp).
 * Errors  whatever the library throws for a damaged bundle, and `FormatError`: the signature does not count then.
 * Source  https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#signature-schemes ·
 *         https://github.com/containers/image/blob/main/docs/containers-signature.5.md#json-data-format ·
 *         https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
import { FormatError } from '#base';
import { fieldOf, listOf, textOf } from '#formats';
import { createHash } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { FoundSignature } from './find-signatures.js';

export interface SignedImage {
  readonly bundle: Bundle;
  /** What was signed; for envelopes it is inside. */
  readonly artifact?: Buffer;
}

export async function toBundle(found: FoundSignature, digest: string): Promise<SignedImage> {
  const { bundleFromJSON } = await import('@sigstore/bundle');
  if (found.kind === 'payload') {
    const artifact = Buffer.from(found.payload);
    checkPayload(parseJson(artifact), digest);
    return { bundle: bundleFromJSON(bundleOfPayload(artifact, found.annotations)), artifact };
  }
  const bundle = bundleFromJSON(parseJson(found.bundle));
  if (bundle.content.$case !== 'dsseEnvelope') throw new FormatError('the bundle signs no statement');
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== 'application/vnd.in-toto+json') throw new FormatError(`the envelope holds ${payloadType}`);
  checkStatement(parseJson(payload), digest);
  return { bundle };
}

function checkPayload(payload: unknown, digest: string): void {
  const type = textOf(payload, 'critical', 'type');
  if (type !== 'cosign container image signature') throw new FormatError('the payload is of another type');
  if (textOf(payload, 'critical', 'image', 'docker-manifest-digest') !== digest)
    throw new FormatError('it is the signature of another image');
}

/** Attestations are signed, too; what they say of an image is no consent to run it. */
function checkStatement(statement: unknown, digest: string): void {
  if (!textOf(statement, '_type')?.startsWith('https://in-toto.io/Statement/'))
    throw new FormatError('the envelope holds no statement');
  if (textOf(statement, 'predicateType') !== 'https://sigstore.dev/cosign/sign/v1')
    throw new FormatError('the statement is no signature');
  const [algorithm = '', hex] = digest.split(':');
  if (!listOf(statement, 'subject').some((subject) => textOf(subject, 'digest', algorithm) === hex))
    throw new FormatError('it is the signature of another image');
}

const annotation = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  chain: 'dev.sigstore.cosign/chain',
  entry: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const;

/** https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
function bundleOfPayload(payload: Buffer, annotations: Readonly<Record<string, string>>): object {
  const certificate = annotations[annotation.certificate];
  const certificates = certificate ? [...derOf(certificate), ...derOf(annotations[annotation.chain] ?? '')] : [];
  const entry = annotations[annotation.entry];
  const timestamp = annotations[annotation.timestamp];
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      ...(certificates.length > 0
        ? { x509CertificateChain: { certificates: certificates.map((rawBytes) => ({ rawBytes })) } }
        : { publicKey: { hint: '' } }),
      tlogEntries: entry ? [logEntry(parseJson(Buffer.from(entry)))] : [],
      timestampVerificationData: {
        rfc3161Timestamps: timestamp
          ? [{ signedTimestamp: textOf(parseJson(Buffer.from(timestamp)), 'SignedRFC3161Timestamp') ?? '' }]
          : [],
      },
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(payload).digest('base64') },
      signature: annotations[annotation.signature] ?? '',
    },
  };
}

/** As Rekor answers it, in the words of the bundle. */
function logEntry(value: unknown): object {
  const body = textOf(value, 'Payload', 'body') ?? '';
  const whole = (key: string): string => String(Number(fieldOf(value, 'Payload', key)));
  const decoded = parseJson(Buffer.from(body, 'base64'));
  return {
    logIndex: whole('logIndex'),
    logId: { keyId: Buffer.from(textOf(value, 'Payload', 'logID') ?? '', 'hex').toString('base64') },
    kindVersion: { kind: textOf(decoded, 'kind') ?? '', version: textOf(decoded, 'apiVersion') ?? '' },
    integratedTime: whole('integratedTime'),
    inclusionPromise: { signedEntryTimestamp: textOf(value, 'SignedEntryTimestamp') ?? '' },
    canonicalizedBody: body,
  };
}

const derOf = (pem: string): string[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map(([, text]) =>
    text!.replace(/\s/g, ''),
  );

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError('not JSON', { cause });
  }
}

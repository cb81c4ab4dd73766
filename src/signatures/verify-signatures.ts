/**
 * Whether an image is signed by somebody who counts. One valid signature is enough; what else lies there does not matter.
 * Errors  those of the registry and of the trust root; a signature that cannot be read or verified does not count.
 * Source  https://docs.sigstore.dev/cosign/verifying/verify/ · https://github.com/sigstore/sigstore-js
 */
import { createPublicKey } from 'node:crypto';
import { PratiqueError } from '#base';
import { parseReference, type Reference, type RegistryClient } from '#oci';
import type { TrustMaterial } from '@sigstore/verify';
import { findSignatures, type FoundSignature } from './find-signatures.js';
import type { SignatureOutcome, SignatureRule, TrustedIdentity } from './signature-rule.js';
import { type SignedImage, toBundle } from './signed-entity.js';
import { readTrustRoot } from './trust-root.js';

export interface ImageToVerify {
  /** `registry/repository` */
  readonly repository: string;
  readonly digest: string;
}

export interface VerifyOptions {
  readonly client: Pick<RegistryClient, 'resolve' | 'referrers' | 'blobBytes'>;
  /** Path of a `trusted_root.json`. */
  readonly trustRoot?: string | undefined;
  readonly signal: AbortSignal;
}

export async function verifySignatures(
  { repository, digest }: ImageToVerify,
  rule: SignatureRule,
  { client, trustRoot, signal }: VerifyOptions,
): Promise<SignatureOutcome> {
  const root = await rootFor(rule, trustRoot);
  const reference = parseReference(`${repository}@${digest}`) as Reference & { readonly digest: string };
  const found = await findSignatures(reference, client, signal);
  if (found.length === 0) return { status: 'invalid', reason: 'it is not signed' };
  const reasons = new Set<string>();
  for (const one of found) {
    try {
      return { status: 'valid', by: await verifyOne(one, digest, rule, root) };
    } catch (error) {
      // Signatures come from strangers: whatever is wrong with one, it does not count.
      reasons.add(error instanceof Error ? error.message : String(error));
    }
  }
  return { status: 'invalid', reason: `none of its signatures counts: ${[...reasons].slice(0, 3).join('; ')}` };
}

const nothing: TrustMaterial = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  tlogs: [],
  ctlogs: [],
  publicKey() {
    throw new Error('there is no such key');
  },
};

async function rootFor(
  { identities, transparencyLog }: SignatureRule,
  path: string | undefined,
): Promise<TrustMaterial> {
  if (path) return readTrustRoot(path);
  if (identities.length === 0 && !transparencyLog) return nothing;
  throw new PratiqueError('signature/no-trust-root', {});
}

/** Who signed it; throws when nobody did who counts. */
async function verifyOne(
  found: FoundSignature,
  digest: string,
  rule: SignatureRule,
  root: TrustMaterial,
): Promise<string> {
  const signed = await toBundle(found, digest);
  const isByKey = signed.bundle.verificationMaterial.content.$case === 'publicKey';
  return isByKey ? verifyByKey(signed, rule, root) : verifyByIdentity(signed, rule.identities, root);
}

async function verifyByKey(signed: SignedImage, rule: SignatureRule, root: TrustMaterial): Promise<string> {
  const { Verifier, toSignedEntity } = await import('@sigstore/verify');
  const entity = toSignedEntity(signed.bundle, signed.artifact);
  // Without a log to compare with, what the bundle says of one is left alone.
  const compared = rule.transparencyLog ? entity : { ...entity, tlogEntries: [], timestamps: [] };
  const needed = Number(rule.transparencyLog);
  for (const { name, pem } of rule.keys) {
    const publicKey = createPublicKey(pem);
    const material = { ...root, publicKey: () => ({ publicKey, validFor: () => true }) };
    const verifier = new Verifier(material, { tlogThreshold: needed, ctlogThreshold: 0, timestampThreshold: 0 });
    try {
      verifier.verify(compared);
      return `key ${name}`;
    } catch (error) {
      if (!isSignatureMismatch(error)) throw error;
    }
  }
  throw new Error('signed by another key');
}

async function verifyByIdentity(
  signed: SignedImage,
  identities: readonly TrustedIdentity[],
  root: TrustMaterial,
): Promise<string> {
  if (identities.length === 0) throw new Error('signed by a certificate, and no identity counts');
  const { Verifier, toSignedEntity } = await import('@sigstore/verify');
  // Certificates live for minutes: a time that somebody vouches for is always needed.
  const verifier = new Verifier(root, {
    tlogThreshold: Math.min(1, root.tlogs.length),
    ctlogThreshold: Math.min(1, root.ctlogs.length),
    timestampThreshold: 1,
  });
  const { identity } = verifier.verify(toSignedEntity(signed.bundle, signed.artifact));
  const issuer = identity?.extensions?.issuer ?? '';
  const subject = identity?.subjectAlternativeName ?? '';
  if (!identities.some((one) => one.issuer === issuer && matchesSubject(one.subject, subject)))
    throw new Error(`signed by ${subject} of ${issuer}, which does not count`);
  return `${subject} of ${issuer}`;
}

const isSignatureMismatch = (error: unknown): boolean =>
  error instanceof Error && (error as Error & { readonly code?: string }).code === 'SIGNATURE_ERROR';

/** Without regular expressions: subjects are long, and come from strangers. */
export function matchesSubject(pattern: string, subject: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === subject;
  if (!subject.startsWith(first) || subject.length < first.length + last.length || !subject.endsWith(last))
    return false;
  let at = first.length;
  const end = subject.length - last.length;
  for (const part of rest) {
    const found = subject.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

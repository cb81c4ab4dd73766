/**
 * A sigstore instance of our own: an authority that issues certificates for identities, its log of certificates, and a log of
 * signatures, by the sigstore project's own stand-ins for these services.
 * https://github.com/sigstore/sigstore-js/tree/main/packages/mock
 * What it makes, cosign 3.1.3 verifies, under a tag and as a bundle.
 */
import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { bundleType, type PayloadSignature, preAuthEncoding, statementType } from './push-signature.js';

export interface SigstoreInstance {
  /** The content of its `trusted_root.json`. */
  readonly trustRoot: object;
  /** As cosign puts it under a tag: payload, certificate and log entry. */
  signPayload(payload: Buffer, identity: Identity): Promise<PayloadSignature>;
  /** As cosign puts it into a referring artifact. */
  signStatement(statement: Buffer, identity: Identity): Promise<object>;
}

export interface Identity {
  /** A URI. */
  readonly subject: string;
  readonly issuer: string;
}

/** https://github.com/sigstore/rekor/blob/main/openapi.yaml */
interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly logID: string;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly checkpoint: string;
      readonly hashes: readonly string[];
      readonly logIndex: number;
      readonly rootHash: string;
      readonly treeSize: number;
    };
  };
}

/** https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md; what cosign verifies has both. */
const OLD_ISSUER_OID = '1.3.6.1.4.1.57264.1.1';
const ISSUER_OID = '1.3.6.1.4.1.57264.1.8';
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export async function sigstoreInstance(): Promise<SigstoreInstance> {
  const certificateLog = await initializeCTLog(p256());
  const authority = await initializeCA(generateKeyPairSync('ec', { namedCurve: 'P-384' }), certificateLog);
  const log = await initializeTLog('https://rekor.example', p256());

  async function certify({ subject, issuer }: Identity) {
    const { publicKey, privateKey } = p256();
    const certificate = await authority.issueCertificate({
      publicKey: publicKey.export({ format: 'der', type: 'spki' }),
      subjectAltName: subject,
      extensions: [
        { oid: OLD_ISSUER_OID, value: issuer, legacy: true },
        { oid: ISSUER_OID, value: issuer },
      ],
    });
    const pem = new X509Certificate(certificate).toString();
    return { der: certificate.toString('base64'), pem, sign: (bytes: Buffer) => sign('sha256', bytes, privateKey) };
  }
  const record = async (entry: object): Promise<LogEntry> => Object.values(await log.log(entry))[0] as LogEntry;
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  return {
    trustRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logAuthority('https://rekor.example', log.publicKey)],
      ctlogs: [logAuthority('https://ctfe.example', certificateLog.publicKey)],
      certificateAuthorities: [
        {
          subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
          uri: 'https://fulcio.example',
          certChain: { certificates: [{ rawBytes: authority.rootCertificate.toString('base64') }] },
          validFor: { start: '2020-01-01T00:00:00Z' },
        },
      ],
      timestampAuthorities: [],
    },
    async signPayload(payload, identity) {
      const { pem, sign: own } = await certify(identity);
      const signature = own(payload).toString('base64');
      const publicKey = { content: Buffer.from(pem).toString('base64') };
      const spec = {
        data: { hash: { algorithm: 'sha256', value: sha256(payload) } },
        signature: { content: signature, publicKey },
      };
      const entry = await record({ apiVersion: '0.0.1', kind: 'hashedrekord', spec });
      const { body, integratedTime, logIndex, logID, verification } = entry;
      return {
        payload,
        annotations: {
          'dev.cosignproject.cosign/signature': signature,
          'dev.sigstore.cosign/certificate': pem,
          'dev.sigstore.cosign/bundle': JSON.stringify({
            SignedEntryTimestamp: verification.signedEntryTimestamp,
            Payload: { body, integratedTime, logIndex, logID },
          }),
        },
      };
    },
    async signStatement(statement, identity) {
      const { der, pem, sign: own } = await certify(identity);
      const sig = own(preAuthEncoding(statement)).toString('base64');
      const spec = {
        envelopeHash: { algorithm: 'sha256', value: '' },
        payloadHash: { algorithm: 'sha256', value: sha256(statement) },
        signatures: [{ signature: sig, verifier: Buffer.from(pem).toString('base64') }],
      };
      const entry = await record({ apiVersion: '0.0.1', kind: 'dsse', spec });
      const { inclusionProof, signedEntryTimestamp } = entry.verification;
      const { checkpoint, hashes, logIndex, rootHash, treeSize } = inclusionProof;
      const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
      return {
        mediaType: bundleType,
        verificationMaterial: {
          certificate: { rawBytes: der },
          tlogEntries: [
            {
              logIndex: String(entry.logIndex),
              logId: { keyId: base64(entry.logID) },
              kindVersion: { kind: 'dsse', version: '0.0.1' },
              integratedTime: String(entry.integratedTime),
              inclusionPromise: { signedEntryTimestamp },
              inclusionProof: {
                logIndex: String(logIndex),
                rootHash: base64(rootHash),
                treeSize: String(treeSize),
                hashes: hashes.map(base64),
                checkpoint: { envelope: checkpoint },
              },
              canonicalizedBody: entry.body,
            },
          ],
        },
        dsseEnvelope: {
          payload: statement.toString('base64'),
          payloadType: statementType,
          signatures: [{ sig }],
        },
      };
    },
  };
}

const logAuthority = (baseUrl: string, key: Buffer): object => ({
  baseUrl,
  hashAlgorithm: 'SHA2_256',
  publicKey: {
    rawBytes: key.toString('base64'),
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    validFor: { start: '2020-01-01T00:00:00Z' },
  },
  logId: { keyId: createHash('sha256').update(key).digest('base64') },
});

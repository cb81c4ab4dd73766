/**
 * What an attestation states: in-toto statements, plain, in a DSSE envelope or in a sigstore bundle.
 * Reads   parsed JSON; the envelope's payload is base64 (standard or URL-safe) of a statement.
 * Yields  the statement's predicate with its type. Signatures are not verified here.
 * Limits  the predicate of cosign's first format (`Data`) is unwrapped once.
 * Errors  `FormatError` for envelopes of something else, and for what is no base64 or JSON inside.
 * Source  https://github.com/secure-systems-lab/dsse/blob/master/envelope.md ·
 *         https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md ·
 *         https://docs.sigstore.dev/about/bundle/ · https://github.com/sigstore/cosign/blob/main/specs/ATTESTATION_SPEC.md
 */
import { FormatError } from '#base';
import { fieldOf, textOf } from './untyped.js';

export interface Statement {
  readonly predicateType: string;
  /** An object, or a text where the predicate is a document of another syntax. */
  readonly predicate: unknown;
}

/** `undefined` when the value is no attestation at all. */
export function readAttestation(value: unknown): Statement | undefined {
  if (textOf(value, 'mediaType')?.startsWith('application/vnd.dev.sigstore.bundle')) {
    const envelope = fieldOf(value, 'dsseEnvelope');
    if (envelope === undefined) throw new FormatError('the sigstore bundle signs a message and holds no statement');
    return openEnvelope(envelope);
  }
  if (textOf(value, 'payloadType') !== undefined) return openEnvelope(value);
  if (textOf(value, '_type')?.startsWith('https://in-toto.io/Statement/')) return readStatement(value);
  return undefined;
}

function openEnvelope(envelope: unknown): Statement {
  const type = textOf(envelope, 'payloadType') ?? '';
  if (type !== 'application/vnd.in-toto+json')
    throw new FormatError(`the envelope holds ${type || 'nothing known'}, not an in-toto statement`);
  const payload = textOf(envelope, 'payload');
  if (payload === undefined) throw new FormatError('the envelope has no payload');
  if (/[^A-Za-z0-9+/_=\s-]/.test(payload)) throw new FormatError("the envelope's payload is not base64");
  let statement: unknown;
  try {
    statement = JSON.parse(Buffer.from(payload, 'base64').toString());
  } catch (cause) {
    throw new FormatError("the envelope's payload is not JSON", { cause });
  }
  return readStatement(statement);
}

function readStatement(statement: unknown): Statement {
  const predicateType = textOf(statement, 'predicateType');
  if (predicateType === undefined) throw new FormatError('the statement has no predicateType');
  const predicate = fieldOf(statement, 'predicate');
  return { predicateType, predicate: fieldOf(predicate, 'Data') ?? predicate };
}

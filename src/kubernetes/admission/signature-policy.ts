/** The part of a policy that asks for signatures: of which images, by whom. */
import { createPublicKey } from 'node:crypto';
import { createHash, FormatError } from '#base';
import { type ImageGlob, readImageGlob, type TableReader } from '#policy';
import type { TrustedIdentity, TrustedKey } from '#signatures';
import type { JudgedImage } from './image-facts.js';
import type { HashedRule } from './signature-verdicts.js';

export interface SignaturePolicy extends HashedRule {
  /** Globs of `registry/repository` that must be signed; none: all. */
  readonly images: readonly ImageGlob[];
}

/** `undefined`: signatures do not matter. */
export function readSignaturePolicy(read: TableReader): SignaturePolicy | undefined {
  const given = read.optionalChild('signatures');
  const isRequired = read.flag('requireSignature', given !== undefined);
  if (!given) {
    if (isRequired)
      throw new FormatError('requireSignature: signatures with keys or identities are expected beside it');
    return undefined;
  }
  const keys = given.children('keys').map(readKey);
  const identities = given.children('identities').map(readIdentity);
  const rule = { keys, identities, transparencyLog: given.flag('transparencyLog', false) };
  const images = given.texts('images').map((glob) => readImageGlob(glob, given.path));
  given.end();
  if (keys.length + identities.length === 0)
    throw new FormatError('signatures: keys or identities are expected, whose signatures count');
  const hash = createHash('sha256').update(JSON.stringify(rule)).digest('hex').slice(0, 16);
  return isRequired ? { rule, hash, images } : undefined;
}

export const mustBeSigned = ({ images }: SignaturePolicy, { repository }: Pick<JudgedImage, 'repository'>): boolean =>
  images.length === 0 || images.some((glob) => glob.test(repository));

function readKey(read: TableReader): TrustedKey {
  const key = { name: read.optionalText('name') ?? read.path, pem: read.text('key') };
  read.end();
  try {
    const { asymmetricKeyType: type } = createPublicKey(key.pem);
    if (type !== 'ec' && type !== 'rsa') throw new Error(`keys of the kind ${type} are not supported`);
  } catch (cause) {
    throw new FormatError(`${read.path}.key: a public key in PEM is expected: ${(cause as Error).message}`, { cause });
  }
  return key;
}

function readIdentity(read: TableReader): TrustedIdentity {
  const identity = { issuer: read.text('issuer'), subject: read.text('subject') };
  read.end();
  if (/^\**$/.test(identity.subject)) throw new FormatError(`${read.path}.subject: it would be anybody`);
  return identity;
}

/**
 * Makes the certificates of a webhook that has none: an authority of its own and, signed by it, one for the server.
 * ECDSA on P-256 with SHA-256. Node can read and sign, but not issue; all that is needed is written here.
 * Source  https://www.rfc-editor.org/rfc/rfc5280#section-4.1, https://www.rfc-editor.org/rfc/rfc5758#section-3.2
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import {
  bits,
  boolean,
  context,
  type Der,
  implicit,
  integer,
  objectId,
  octets,
  sequence,
  set,
  time,
  utf8,
} from './der.js';

/** PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Validity {
  readonly now: Date;
  readonly days: number;
}

const AUTHORITY = 'pratique webhook authority';
const DAY = 86_400_000;
/** Clocks differ. */
const EARLIER = 3_600_000;

export function issueAuthority(validity: Validity): IssuedCertificate {
  const { publicKey, privateKey } = newKey();
  return issue({ subject: AUTHORITY, publicKey, signer: privateKey, authorityKey: publicKey, validity }, privateKey, [
    extension('2.5.29.19', sequence(boolean(true)), true),
    keyUsage(0x06, 1),
  ]);
}

/** For the server, by its DNS names. */
export function issueServerCertificate(
  authority: IssuedCertificate,
  names: readonly string[],
  validity: Validity,
): IssuedCertificate {
  const { publicKey, privateKey } = newKey();
  const signer = createPrivateKey(authority.key);
  const alternatives = sequence(...names.map((name) => implicit(2, Buffer.from(name))));
  return issue({ subject: names[0]!, publicKey, signer, authorityKey: createPublicKey(signer), validity }, privateKey, [
    extension('2.5.29.19', sequence(), true),
    keyUsage(0x80, 7),
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', alternatives),
  ]);
}

interface Statement {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly authorityKey: KeyObject;
  readonly validity: Validity;
}

function issue(statement: Statement, privateKey: KeyObject, extensions: readonly Der[]): IssuedCertificate {
  const { subject, publicKey, signer, authorityKey, validity } = statement;
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const start = validity.now.getTime() - EARLIER;
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    name(AUTHORITY),
    sequence(time(new Date(start)), time(new Date(start + validity.days * DAY))),
    name(subject),
    spki(publicKey),
    context(
      3,
      sequence(
        ...extensions,
        extension('2.5.29.14', octets(keyId(publicKey))),
        extension('2.5.29.35', sequence(implicit(0, keyId(authorityKey)))),
      ),
    ),
  );
  const certificate = sequence(body, algorithm, bits(sign('sha256', body, signer)));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate)
      .toString('base64')
      .replace(/.{64}(?!$)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

const newKey = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const spki = (key: KeyObject): Der => key.export({ type: 'spki', format: 'der' });
const keyId = (key: KeyObject): Der => createHash('sha256').update(spki(key)).digest().subarray(0, 20);
const name = (text: string): Der => sequence(set(sequence(objectId('2.5.4.3'), utf8(text.slice(0, 64)))));
const keyUsage = (byte: number, unused: number): Der => extension('2.5.29.15', bits(Buffer.from([byte]), unused), true);

function extension(id: string, value: Der, critical = false): Der {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

/**
 * Keys and tokens of no single provider.
 * Sources  https://www.rfc-editor.org/rfc/rfc7468 (PEM) · https://www.rfc-editor.org/rfc/rfc7519 (JSON Web Token) ·
 *          https://github.com/C2SP/C2SP/blob/main/age.md · https://symfony.com/doc/current/reference/configuration/kernel.html
 */
import { rulesOf } from '../define-rules.js';
import type { Match, Shape } from '../rule.js';
import { pattern, token } from '../shape.js';

/** Bytes of a key's armor; 16384-bit RSA keys need 13 KiB. */
const maxKey = 32 * 1024;

/** Found by its two marks, between which only armor may stand. */
const privateKey: Shape = {
  triggers: ['private key'],
  before: 64,
  after: maxKey,
  find(text, at) {
    keyStart.lastIndex = at;
    const mark = keyStart.exec(text);
    if (!mark) return undefined;
    const bodyStart = at + mark[0].length;
    const bodyEnd = bodyStart + text.slice(bodyStart, at + maxKey - 64).indexOf('-----');
    if (bodyEnd < bodyStart || !text.startsWith('-----END', bodyEnd)) return undefined;
    const start = mark.indices!.groups!['lead']![0];
    return armored(text.slice(bodyStart, bodyEnd), { start, end: bodyEnd + '-----END'.length, bodyStart });
  },
};

const keyStart = /(?<=(?<lead>-----BEGIN[ A-Z0-9]{0,40}))PRIVATE KEY(?: BLOCK)?-----/dy;
/** Headers of encrypted and PGP keys, then base64; line breaks may be written as escapes. */
const armor = /^(?:[A-Za-z][A-Za-z-]{0,40}: [^\r\n]{0,200}[\r\n]{1,4})*[A-Za-z0-9+/=\\\s]+$/;

function armored(body: string, place: { start: number; end: number; bodyStart: number }): Match | undefined {
  const text = body.trim();
  if (text === '' || !armor.test(text)) return undefined;
  const secretStart = place.bodyStart + body.length - body.trimStart().length;
  return { start: place.start, end: place.end, secretStart, secretEnd: secretStart + text.length };
}

export const keyRules = [
  ...rulesOf('AsymmetricPrivateKey', [['private-key', 'Asymmetric Private Key', 'HIGH', privateKey]]),
  ...rulesOf('Age', [
    ['age-secret-key', 'Age secret key', 'MEDIUM', token('AGE-SECRET-KEY-1', '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}')],
  ]),
  ...rulesOf('JWT', [
    [
      'jwt-token',
      'JWT token',
      'MEDIUM',
      pattern({
        triggers: ['.eyj'],
        // Those inside tokens of GitHub's installations are no tokens of their own.
        source:
          String.raw`(?<=(?<!ghs_[0-9]{1,16}_)(?<lead>ey[A-Za-z0-9]{17,2000}))\.ey[A-Za-z0-9_/\\-]{17,16000}` +
          String.raw`\.(?:[A-Za-z0-9_/\\-]{10,2000}={0,2})?`,
        before: 2048,
        after: 18_100,
      }),
    ],
  ]),
  ...rulesOf('Symfony', [
    ['symfony-default-secret', 'Symfony Default Secret', 'HIGH', token('ThisTokenIsNotSoSecretChangeIt', '')],
  ]),
];

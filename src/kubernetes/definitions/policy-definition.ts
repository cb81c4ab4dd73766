/** `ImagePolicy`; read by `parseImagePolicy`, which says more of each field. */
import { severities } from '#model';
import { policyModes } from '../admission/image-policy.js';
import {
  defineCustomResource,
  described,
  expiry,
  flag,
  listOf,
  number,
  object,
  oneOf,
  type Schema,
  text,
} from './definition.js';
import { exceptionSubjects, namesSomething } from './exception-definition.js';

const vulnerabilities = object({
  severities: { ...listOf(oneOf(severities)), maxItems: severities.length },
  fixableOnly: flag,
  graceDays: number(0, 3650, 'days after publication in which a vulnerability does not count'),
  knownExploited: described(flag, 'what is known to be exploited counts whatever its severity, fix and age'),
  epss: number(0, 1, 'what is exploited with at least this probability (EPSS) counts like that, too'),
});

const signatures = object({
  keys: listOf(object({ name: text, key: described(text, 'public key, PEM') }, 'key'), 'whose signatures count'),
  identities: listOf(
    object({ issuer: text, subject: described(text, '* stands for any text') }, 'issuer', 'subject'),
    'of certificates of the trust root',
  ),
  transparencyLog: described(flag, 'signatures by key must be in a log of the trust root, too'),
  images: listOf(text, 'globs of registry/repository that must be signed; none for all'),
});

const exception: Schema = {
  ...object({ ...exceptionSubjects, owner: text, reason: text, expires: expiry }, 'expires', 'reason'),
  ...namesSomething,
};

export const policyDefinition = defineCustomResource({
  kind: 'ImagePolicy',
  about: 'What images must be like to run in a namespace.',
  columns: [
    { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
    { name: 'Unknown', type: 'string', jsonPath: '.spec.unknownImage' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  spec: object({
    mode: oneOf(policyModes, {
      default: 'enforce',
      description: 'refuse, warn the user, or only write to the audit log',
    }),
    unknownImage: oneOf(['allow', 'deny', 'wait'], {
      default: 'allow',
      description: 'for images that were not scanned yet; wait scans first, and refuses what takes too long',
    }),
    waitSeconds: number(0, 25),
    incompleteScan: oneOf(['allow', 'deny'], { description: 'for images of which only a part could be assessed' }),
    maxScanAgeHours: number(0, 24 * 3650, 'older findings count as unknown'),
    maxImageAgeDays: number(0, 36_500, 'images made longer ago are refused'),
    vulnerabilities,
    allowedRegistries: listOf(text, 'registries or repositories, with all that is below them'),
    requireDigest: flag,
    requireSignature: flag,
    signatures,
    // The cost of checking is estimated by the longest list.
    exceptions: { ...listOf(exception), maxItems: 200 },
    exceptionResources: {
      ...described(flag, 'the VulnerabilityExceptions of the namespace count, too'),
      default: true,
    },
    breakGlass: object({ allowed: flag, groups: listOf(text, 'whose members may; none for everybody') }),
  }),
});

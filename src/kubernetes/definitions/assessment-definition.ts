/** `ImageAssessment`; written and read by `resource-facts.ts`. */
import { anyText, defineCustomResource, flag, object, oneOf, time } from './definition.js';

const finding = object(
  {
    id: anyText,
    vendorIds: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: anyText },
    severity: anyText,
    package: anyText,
    version: anyText,
    purl: anyText,
    fixedVersion: anyText,
    published: time,
    exploited: flag,
    epss: { type: 'number' },
  },
  'id',
  'severity',
);

export const assessmentDefinition = defineCustomResource({
  kind: 'ImageAssessment',
  about:
    'What the webhook found in an image, for its replicas and for the time after a restart. Written by the webhook only.',
  columns: [
    { name: 'Repository', type: 'string', jsonPath: '.spec.repository' },
    { name: 'Platform', type: 'string', jsonPath: '.spec.platform' },
    { name: 'Scanned', type: 'date', jsonPath: '.spec.scannedAt' },
    { name: 'Digest', type: 'string', jsonPath: '.spec.digest', priority: 1 },
  ],
  spec: object(
    {
      digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
      platform: anyText,
      repository: anyText,
      scannedAt: time,
      database: anyText,
      created: time,
      lacking: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: oneOf(['exploited', 'epss', 'created']) },
      incomplete: anyText,
      absent: flag,
      findings: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: finding },
    },
    'digest',
    'platform',
    'scannedAt',
    'findings',
  ),
});

/** `VulnerabilityException`; read by `parseException`. */
import {
  anyText,
  defineCustomResource,
  described,
  expiry,
  flag,
  listOf,
  object,
  oneOf,
  type Schema,
  text,
} from './definition.js';

const texts = (description: string): Schema => listOf(text, description);

/** What an exception can name, of policies, too. */
export const exceptionSubjects = {
  ids: texts('vulnerabilities, or what vendors call them'),
  packages: texts('names of packages'),
  purls: texts('package URLs; what they do not say is not compared'),
  images: texts('globs of registry/repository, or of registry/repository@sha256:…'),
};

export const namesSomething: Schema = {
  'x-kubernetes-validations': [
    {
      rule: '[has(self.ids), has(self.packages), has(self.purls), has(self.images)].exists(given, given)',
      message: 'an exception names ids, packages, purls or images',
    },
  ],
};

export const exceptionDefinition = defineCustomResource({
  kind: 'VulnerabilityException',
  shortNames: ['vulnex'],
  about: 'Findings that a namespace accepts until a date.',
  columns: [
    { name: 'Ids', type: 'string', jsonPath: '.spec.ids' },
    { name: 'State', type: 'string', jsonPath: '.status.state' },
    { name: 'Used', type: 'boolean', jsonPath: '.status.used' },
    { name: 'Findings', type: 'integer', jsonPath: '.status.matchedFindings' },
    { name: 'Expires', type: 'string', jsonPath: '.spec.expires' },
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner' },
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason', priority: 1 },
    { name: 'Problem', type: 'string', jsonPath: '.status.message', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  spec: {
    description: 'Of ids, packages, purls and images all that are given must match.',
    ...object(
      {
        ...exceptionSubjects,
        owner: described(text, 'who answers for it'),
        reason: described(text, 'why the findings are acceptable until then'),
        expires: expiry,
      },
      'owner',
      'reason',
      'expires',
    ),
    ...namesSomething,
  },
  status: object({
    state: oneOf(['Active', 'Expired', 'Invalid']),
    used: described(flag, 'whether a report of the namespace holds a finding that it accepts'),
    matchedFindings: { type: 'integer', minimum: 0 },
    message: anyText,
    observedGeneration: { type: 'integer' },
  }),
});

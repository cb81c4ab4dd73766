/** The definition of the custom resource `VulnerabilityException`, as data; `scripts/crds.mjs` writes it. */
type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string', minLength: 1, maxLength: 1000 };
const texts = (description: string): Schema => ({ type: 'array', maxItems: 1000, description, items: text });

const spec: Schema = {
  type: 'object',
  description: 'Of ids, packages, purls and images all that are given must match.',
  required: ['owner', 'reason', 'expires'],
  properties: {
    ids: texts('vulnerabilities, or what vendors call them'),
    packages: texts('names of packages'),
    purls: texts('package URLs; what they do not say is not compared'),
    images: texts('globs of registry/repository, or of registry/repository@sha256:…'),
    owner: { ...text, description: 'who answers for it' },
    reason: { ...text, description: 'why the findings are acceptable until then' },
    expires: {
      type: 'string',
      description: 'a date, which is its whole day in UTC, or a time',
      maxLength: 40,
      pattern: String.raw`^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$`,
    },
  },
  'x-kubernetes-validations': [
    {
      rule: '[has(self.ids), has(self.packages), has(self.purls), has(self.images)].exists(given, given)',
      message: 'an exception names ids, packages, purls or images',
    },
  ],
};

const status: Schema = {
  type: 'object',
  properties: {
    state: { type: 'string', enum: ['Active', 'Expired', 'Invalid'] },
    used: { type: 'boolean', description: 'whether a report of the namespace holds a finding that it accepts' },
    matchedFindings: { type: 'integer', minimum: 0 },
    message: { type: 'string' },
    observedGeneration: { type: 'integer' },
  },
};

export const exceptionDefinition: Schema = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'vulnerabilityexceptions.pratique.dev',
    labels: { 'app.kubernetes.io/managed-by': 'pratique' },
  },
  spec: {
    group: 'pratique.dev',
    scope: 'Namespaced',
    names: {
      kind: 'VulnerabilityException',
      listKind: 'VulnerabilityExceptionList',
      plural: 'vulnerabilityexceptions',
      singular: 'vulnerabilityexception',
      shortNames: ['vulnex'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
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
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'Findings that a namespace accepts until a date.',
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec,
              status,
            },
          },
        },
      },
    ],
  },
};

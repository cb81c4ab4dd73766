/**
 * The definitions of our custom resources, as data: `scripts/crds.mjs` writes deploy/crds/*.yaml from them.
 * Source  https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
import { exceptionDefinition } from '../definitions/exception-definition.js';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const flag: Schema = { type: 'boolean' };
const count: Schema = { type: 'integer', minimum: 0 };
const severity: Schema = { type: 'string', enum: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] };

const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  ...(required.length > 0 && { required }),
  properties,
});
const list = (items: Schema): Schema => ({ type: 'array', items });

const scan = object(
  {
    phase: { type: 'string', enum: ['Succeeded', 'Failed'] },
    reason: text,
    message: text,
    attempts: count,
    nextRetry: time,
    lastSuccess: time,
  },
  'phase',
  'attempts',
);

const ofFinding = { status: text, firstSeen: time, layer: text, severitySource: text, vendorIds: list(text) };

const acceptance = object(
  { exception: text, owner: text, reason: text, until: time },
  'exception',
  'owner',
  'reason',
  'until',
);

const vulnerability = object(
  {
    vulnerabilityID: text,
    resource: text,
    installedVersion: text,
    fixedVersion: text,
    publishedDate: text,
    lastModifiedDate: text,
    severity,
    title: text,
    description: text,
    primaryLink: text,
    links: list(text),
    score: { type: 'number' },
    target: text,
    class: text,
    packageType: text,
    packagePath: text,
    packagePURL: text,
    pratique: object(ofFinding),
  },
  'vulnerabilityID',
  'resource',
  'installedVersion',
  'fixedVersion',
  'publishedDate',
  'lastModifiedDate',
  'severity',
  'title',
);

const accepted = {
  ...vulnerability,
  properties: {
    ...(vulnerability['properties'] as Schema),
    pratique: object({ ...ofFinding, acceptance }, 'acceptance'),
  },
};

const counts = ['criticalCount', 'highCount', 'mediumCount', 'lowCount', 'unknownCount'] as const;

const vulnerabilityReport = object(
  {
    updateTimestamp: time,
    scanner: object({ name: text, vendor: text, version: text }, 'name', 'vendor', 'version'),
    registry: object({ server: text }),
    artifact: object({ repository: text, digest: text, tag: text, mimeType: text, platform: text }),
    os: object({ family: text, name: text, eosl: flag }),
    summary: object(Object.fromEntries([...counts, 'noneCount'].map((name) => [name, count])), ...counts),
    vulnerabilities: list(vulnerability),
    database: object({ updatedAt: time }),
    truncated: flag,
    pratique: object({ scan, omitted: count, incomplete: list(text), accepted: list(accepted) }),
  },
  'artifact',
);

interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** Shown by `-o wide` only. */
  readonly priority?: 1;
}

const imageColumns: readonly Column[] = [
  { name: 'Repository', type: 'string', jsonPath: '.report.artifact.repository', description: 'Name of the image' },
  { name: 'Tag', type: 'string', jsonPath: '.report.artifact.tag', description: 'Tag of the image' },
  { name: 'Scanner', type: 'string', jsonPath: '.report.scanner.name', description: 'Program that made the report' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Age of the object' },
];

const wide = (name: string, type: Column['type'], jsonPath: string, description: string): Column => ({
  name,
  type,
  jsonPath,
  description,
  priority: 1,
});

const severityColumns: readonly Column[] = ['Critical', 'High', 'Medium', 'Low', 'Unknown'].map((name) =>
  wide(name, 'integer', `.report.summary.${name.toLowerCase()}Count`, `Findings of severity ${name}`),
);

const stateColumns: readonly Column[] = [
  wide('Scan', 'string', '.report.pratique.scan.phase', 'How the last scan ended'),
  wide('Reason', 'string', '.report.pratique.scan.reason', 'Why it failed'),
];

/** By name of the file. */
export const customResources: ReadonlyMap<string, Schema> = new Map([
  [
    'aquasecurity.github.io_vulnerabilityreports',
    definition({
      names: { kind: 'VulnerabilityReport', plural: 'vulnerabilityreports', shortNames: ['vuln', 'vulns'] },
      about: 'The vulnerabilities of an image that a workload runs.',
      columns: [...imageColumns, ...severityColumns, ...stateColumns],
      report: vulnerabilityReport,
    }),
  ],
  ['pratique.dev_vulnerabilityexceptions', exceptionDefinition],
]);

interface Definition {
  readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
  readonly about: string;
  readonly columns: readonly Column[];
  readonly report: Schema;
}

function definition({ names, about, columns, report }: Definition): Schema {
  const { kind, plural, shortNames } = names;
  const group = 'aquasecurity.github.io';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/managed-by': 'pratique' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), shortNames },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: about,
              required: ['apiVersion', 'kind', 'metadata', 'report'],
              // What other programs write beside it stays.
              'x-kubernetes-preserve-unknown-fields': true,
              properties: {
                apiVersion: text,
                kind: text,
                metadata: { type: 'object' },
                report: { ...report, 'x-kubernetes-preserve-unknown-fields': true },
              },
            },
          },
        },
      ],
    },
  };
}

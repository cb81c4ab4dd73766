/**
 * The definitions of our custom resources, as data: `scripts/crds.mjs` writes deploy/crds/*.yaml from them.
 * Source  https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
import { exceptionDefinition } from '../definitions/exception-definition.js';
import { ownResources } from './own-resources.js';
import {
  type Column,
  count,
  type Definition,
  flag,
  list,
  object,
  open,
  type Schema,
  text,
  time,
} from './schema-parts.js';

const severity: Schema = { type: 'string', enum: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] };

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

const ofFinding = {
  status: text,
  firstSeen: time,
  layer: text,
  severitySource: text,
  knownExploited: flag,
  epss: object({ score: { type: 'number' }, percentile: { type: 'number' } }),
  vendorIds: list(text),
};

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

const secret = object(
  {
    target: text,
    ruleID: text,
    title: text,
    category: text,
    severity,
    match: text,
    pratique: object({ startLine: count, endLine: count, layer: text }),
  },
  'target',
  'ruleID',
  'title',
  'category',
  'severity',
  'match',
);

/** CycloneDX, whose own schema says more; tools, licenses and the like stay as they are. */
const bill = object(
  {
    bomFormat: text,
    specVersion: text,
    serialNumber: text,
    version: count,
    metadata: open,
    components: list({
      ...object({ 'bom-ref': text, type: text, name: text, version: text, purl: text }),
      ...keepOthers(),
    }),
    dependencies: list(object({ ref: text, dependsOn: list(text) }, 'ref')),
  },
  'bomFormat',
  'specVersion',
);

const severityCounts = ['criticalCount', 'highCount', 'mediumCount', 'lowCount'] as const;
const counts = [...severityCounts, 'unknownCount'] as const;
const countsOf = (names: readonly string[], ...optional: readonly string[]): Schema =>
  object(Object.fromEntries([...names, ...optional].map((name) => [name, count])), ...names);

const ofReport = {
  scan,
  omitted: count,
  incomplete: list(text),
  fullReport: object({ location: text, digest: text }, 'location'),
};

const head = {
  updateTimestamp: time,
  scanner: object({ name: text, vendor: text, version: text }, 'name', 'vendor', 'version'),
  registry: object({ server: text }),
  artifact: object({ repository: text, digest: text, tag: text, mimeType: text, platform: text }),
  truncated: flag,
  pratique: object(ofReport),
};

const vulnerabilityReport = object(
  {
    ...head,
    os: object({ family: text, name: text, eosl: flag }),
    summary: countsOf(counts, 'noneCount'),
    vulnerabilities: list(vulnerability),
    database: object({ updatedAt: time, lists: list(text) }),
    pratique: object({ ...ofReport, created: time, partial: flag, accepted: list(accepted) }),
  },
  'artifact',
);

const exposedSecretReport = object({ ...head, summary: countsOf(severityCounts), secrets: list(secret) }, 'artifact');

const sbomReport = object(
  { ...head, summary: countsOf(['componentsCount', 'dependenciesCount']), components: bill },
  'artifact',
);

function keepOthers(): Schema {
  return { 'x-kubernetes-preserve-unknown-fields': true };
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

const severityColumns = (...names: readonly string[]): readonly Column[] =>
  names.map((name) =>
    wide(name, 'integer', `.report.summary.${name.toLowerCase()}Count`, `Findings of severity ${name}`),
  );
const fourSeverities = severityColumns('Critical', 'High', 'Medium', 'Low');
const fiveSeverities = [...fourSeverities, ...severityColumns('Unknown')];

const billColumns: readonly Column[] = [
  wide('Components', 'integer', '.report.summary.componentsCount', 'Components of the bill of materials'),
  wide('Dependencies', 'integer', '.report.summary.dependenciesCount', 'Entries of its dependency graph'),
];

const stateColumns: readonly Column[] = [
  wide('Scan', 'string', '.report.pratique.scan.phase', 'How the last scan ended'),
  wide('Reason', 'string', '.report.pratique.scan.reason', 'Why it failed'),
];

const definitions: readonly Definition[] = [
  {
    names: { kind: 'VulnerabilityReport', plural: 'vulnerabilityreports', shortNames: ['vuln', 'vulns'] },
    about: 'The vulnerabilities of an image that a workload runs.',
    columns: [...imageColumns, ...fiveSeverities, ...stateColumns],
    report: vulnerabilityReport,
  },
  {
    names: {
      kind: 'ClusterVulnerabilityReport',
      plural: 'clustervulnerabilityreports',
      shortNames: ['clustervuln'],
    },
    scope: 'Cluster',
    about: 'The vulnerabilities of Kubernetes itself, as far as its components are known.',
    columns: [...imageColumns, ...fiveSeverities, ...stateColumns],
    report: vulnerabilityReport,
  },
  {
    names: {
      kind: 'ExposedSecretReport',
      plural: 'exposedsecretreports',
      shortNames: ['exposedsecret', 'exposedsecrets'],
    },
    about: 'The secrets in an image that a workload runs, censored.',
    columns: [...imageColumns, ...fourSeverities, ...stateColumns],
    report: exposedSecretReport,
  },
  {
    names: { kind: 'SbomReport', plural: 'sbomreports', shortNames: ['sbom', 'sboms'] },
    about: 'The bill of materials of an image that a workload runs.',
    columns: [...imageColumns, ...billColumns, ...stateColumns],
    report: sbomReport,
  },
  {
    names: { kind: 'ClusterSbomReport', plural: 'clustersbomreports', shortNames: ['clustersbom'] },
    scope: 'Cluster',
    about: 'The bill of materials of the cluster.',
    columns: [...imageColumns, ...billColumns, ...stateColumns],
    report: sbomReport,
  },
];

const group = 'aquasecurity.github.io';

/** By name of the file. */
export const customResources: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ...definitions.map((one) => [`${group}_${one.names.plural}`, definition(one)] as const),
  ...ownResources,
  ['pratique.dev_vulnerabilityexceptions', exceptionDefinition],
]);

function definition({ names, scope = 'Namespaced', about, columns, report }: Definition): Schema {
  const { kind, plural, shortNames } = names;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'app.kubernetes.io/managed-by': 'pratique' } },
    spec: {
      group,
      scope,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames,
      },
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

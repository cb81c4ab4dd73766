/**
 * The reports of images that a JSON document holds: a report itself; the report of a cluster (`k8s --report all`), one for
 * each image of each workload; or VulnerabilityReport resources, as `kubectl get -o json` writes them.
 * Errors  `FormatError` for anything else, and for what is wrong inside.
 */
import { FormatError } from '#base';
import type { Report } from '#model';
import { readReport } from '#report';

type Json = Readonly<Record<string, unknown>>;

export interface ImageReports {
  readonly reports: readonly Report[];
  /** Images that run and were not scanned. */
  readonly missing: readonly string[];
}

export async function imageReportsOf(text: string): Promise<ImageReports> {
  const documents = documentsIn(text);
  if (documents === undefined) return { reports: [await readReport(text)], missing: [] };
  // Of an image that many workloads run, one is enough.
  const texts = new Set<string>();
  const missing = new Set<string>();
  for (const document of documents) {
    if (typeof document === 'string') missing.add(document);
    else texts.add(JSON.stringify(document));
  }
  const reports: Report[] = [];
  for (const one of texts) reports.push(await readReport(one));
  return { reports, missing: [...missing] };
}

/** As reports of images, or the name of one without; `undefined` where the document is none of a cluster. */
function documentsIn(text: string): (Json | string)[] | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    // Whoever reads it as a report tells what is wrong, and where.
    return undefined;
  }
  if (!isObject(root)) return undefined;
  if (isReportResource(root)) return [fromResource(root)];
  if (Array.isArray(root['items'])) return root['items'].filter(isObject).filter(isReportResource).map(fromResource);
  if (!('ClusterName' in root)) return undefined;
  if ('Findings' in root)
    throw new FormatError('the summary of a cluster does not tell images apart: make it with --report all');
  return list(root['Resources']).filter(isObject).map(fromWorkload);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isReportResource = ({ kind }: Json): boolean => kind === 'VulnerabilityReport';
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An image that a workload of a cluster runs; its name where it could not be scanned. */
function fromWorkload({ Kind: kind, Name: name, Metadata, Results, Pratique }: Json): Json | string {
  const own = objectOf(Pratique);
  const [image, digest] = [textOf(own['Image']), textOf(own['Digest'])];
  const [metadata] = list(Metadata);
  if (!isObject(metadata)) return image || `${textOf(kind)}/${textOf(name)}`;
  return imageReport(image || textOf(metadata['Reference']), {
    Metadata: {
      ...metadata,
      RepoTags: [...list(metadata['RepoTags']), ...(image && !image.includes('@') ? [image] : [])],
      RepoDigests: [...list(metadata['RepoDigests']), ...(image && digest ? [`${withoutTag(image)}@${digest}`] : [])],
    },
    Results: list(Results),
    Pratique: { Diagnostics: list(own['Diagnostics']) },
  });
}

/** The name where no scan succeeded yet. */
function fromResource({ report }: Json): Json | string {
  const { registry, artifact, vulnerabilities, summary } = objectOf(report);
  const { repository: path, tag: tagText, digest: digestText } = objectOf(artifact);
  const server = textOf(objectOf(registry)['server']);
  const repository = `${server ? `${server}/` : ''}${textOf(path)}`;
  const [tag, digest] = [textOf(tagText), textOf(digestText)];
  const name = tag ? `${repository}:${tag}` : `${repository}@${digest}`;
  if (!isObject(summary)) return name;
  return imageReport(name, {
    Metadata: {
      RepoTags: tag ? [`${repository}:${tag}`] : [],
      RepoDigests: digest ? [`${repository}@${digest}`] : [],
    },
    Results: list(vulnerabilities).filter(isObject).map(toResult),
  });
}

/** Reports of images tell by this reference that a vulnerability is known to be exploited. */
const catalogue = 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog';

/** Findings of resources name their target each; the others are not needed where images are told apart. */
const toResult = (one: Json): Json => ({
  Target: textOf(one['target']),
  Class: textOf(one['class']) || 'os-pkgs',
  Type: textOf(one['packageType']),
  Vulnerabilities: [
    {
      VulnerabilityID: one['vulnerabilityID'],
      PkgName: one['resource'],
      PkgPath: one['packagePath'],
      InstalledVersion: one['installedVersion'],
      FixedVersion: one['fixedVersion'],
      Severity: one['severity'],
      Title: one['title'],
      References: [...list(one['links']), ...(objectOf(one['pratique'])['knownExploited'] ? [catalogue] : [])],
    },
  ],
});

const imageReport = (name: string, more: Json): Json => ({
  SchemaVersion: 2,
  ArtifactName: name,
  ArtifactType: 'container_image',
  ...more,
});

const withoutTag = (image: string): string => image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

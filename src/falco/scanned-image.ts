/**
 * What a report says of an image: by which names it runs, and what was found.
 * Reads   reports of images; those of directories and repositories tell no image, and yield none.
 * Limits  1000 names of an image.
 */
import { compact } from '#base';
import type { Report, Severity, Vulnerability } from '#model';
import { severities } from '#model';
import { imageName, isDigest } from './image-name.js';

export interface ScannedImage {
  /** As the report calls it. */
  readonly name: string;
  readonly repositories: readonly string[];
  /** `repository:tag`, full names. */
  readonly tags: readonly string[];
  /** Of the manifest or index, as registries tell it. */
  readonly digests: readonly string[];
  /** Digest of the configuration. */
  readonly imageId?: string;
  readonly report: Report;
}

const MAX_NAMES = 1000;

/** `undefined` when the report names no image that could run. */
export function scannedImage(report: Report): ScannedImage | undefined {
  if (report.artifactType !== 'container_image') return undefined;
  const repositories = new Set<string>();
  const tags = new Set<string>();
  const digests = new Set<string>();
  for (const text of namesOf(report).slice(0, MAX_NAMES)) {
    const name = imageName(text);
    if (!name) continue;
    repositories.add(name.repository);
    if (name.tag !== undefined) tags.add(`${name.repository}:${name.tag}`);
    if (name.digest !== undefined) digests.add(name.digest);
  }
  const { imageId } = report.metadata;
  const id = imageId !== undefined && isDigest(imageId) ? imageId : undefined;
  if (repositories.size === 0 && id === undefined) return undefined;
  return compact({
    name: report.artifactName,
    repositories: [...repositories],
    tags: [...tags],
    digests: [...digests],
    imageId: id,
    report,
  });
}

export const namesImage = (report: Report): boolean => scannedImage(report) !== undefined;

function namesOf({ artifactName, metadata }: Report): string[] {
  const { repoTags = [], repoDigests = [], reference } = metadata;
  const names = [...repoTags, ...repoDigests, ...(reference === undefined ? [] : [reference])];
  // Without any of these, it is what was typed: a name, or the path of an archive.
  if (names.length > 0 || /^[./]|\.(?:tar|tgz|tar\.\w+)$/i.test(artifactName)) return names;
  return [artifactName];
}

export const vulnerabilitiesOf = ({ results }: Report): Vulnerability[] =>
  results.flatMap((result) => result.vulnerabilities);

/** Whether all of the image was compared with advisories. */
export const wasAssessed = ({ results, diagnostics }: Report): boolean =>
  results.every(({ assessed }) => assessed !== false) && diagnostics.every(({ severity }) => severity !== 'error');

/** Reports tell it by a reference to the catalogue: https://www.cisa.gov/known-exploited-vulnerabilities-catalog */
export const isExploited = ({ references = [] }: Vulnerability): boolean =>
  references.some((url) => /^https?:\/\/(?:www\.)?cisa\.gov\/known-exploited-vulnerabilities/i.test(url));

export const worstFirst = (a: Severity, b: Severity): number => severities.indexOf(b) - severities.indexOf(a);

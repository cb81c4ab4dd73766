/**
 * `github`: a dependency snapshot for GitHub's dependency submission API.
 * Source  https://docs.github.com/en/rest/dependency-graph/dependency-submission
 */
import { compact } from '#base';
import type { Package, Report, Result } from '#model';
import { defineFormat, type FormatOptions } from './format.js';
import { jsonText } from './json-text.js';
import { programName, programUrl } from './program-name.js';

export const github = defineFormat({
  id: 'github',
  title: 'dependency snapshot for GitHub',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    yield* jsonText(snapshot(report, options));
  },
});

function snapshot(report: Report, { version, github: run }: FormatOptions): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['version', 0],
    ['detector', { name: programName, version, url: programUrl }],
    ['metadata', metadata(report)],
    ['ref', run?.ref || undefined],
    ['sha', run?.sha || undefined],
    ['job', compact({ correlator: `${run?.workflow ?? ''}_${run?.job ?? ''}`, id: run?.runId || undefined })],
    ['scanned', report.createdAt],
    ['manifests', manifests(report)],
  ]);
}

function metadata({ metadata: { repoTags = [], repoDigests = [] } }: Report): unknown {
  if (repoTags.length + repoDigests.length === 0) return undefined;
  return compact({
    'aquasecurity:trivy:RepoTag': repoTags.join(', ') || undefined,
    'aquasecurity:trivy:RepoDigest': repoDigests.join(', ') || undefined,
  });
}

/** By target: of results with the same one, the last. */
function manifests(report: Report): ReadonlyMap<string, unknown> | undefined {
  const found = report.results.filter(({ packages }) => packages?.length);
  return found.length > 0 ? new Map(found.map((result) => [result.target, manifest(result, report)])) : undefined;
}

function manifest(result: Result, report: Report): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['name', result.type],
    ['file', result.class === 'lang-pkgs' ? { source_location: sourceLocation(result, report) } : undefined],
    ['resolved', new Map((result.packages ?? []).map((pkg) => [pkg.name, resolved(pkg)]))],
  ]);
}

/** Files are within images, which go by name and digest. */
function sourceLocation(
  result: Result,
  { artifactType, metadata: { repoTags = [], repoDigests = [] } }: Report,
): string {
  if (artifactType !== 'container_image') return result.target;
  const digests = repoDigests.map((one) => one.slice(one.indexOf('@')));
  return `${repoTags.join(', ')}${digests.join(', ')}`;
}

function resolved(pkg: Package): unknown {
  return compact({
    // Read from elsewhere it may be broken, and one refuses the whole snapshot.
    package_url: pkg.purl?.startsWith('pkg:') ? pkg.purl : undefined,
    relationship: pkg.relationship === 'indirect' ? 'indirect' : 'direct',
    dependencies: pkg.dependsOn?.length ? pkg.dependsOn : undefined,
    scope: 'runtime',
    metadata: pkg.path ? { source_location: pkg.path } : undefined,
  });
}

/**
 * The report of a cluster as the reference's JSON: `all` has a resource for each image of each workload, `summary` one for
 * each workload. Additions of ours under `Pratique`. Written one resource at a time.
 */
import { compact } from '#base';
import type { Diagnostic } from '#model';
import { type JsonOptions, reportHead, resultJson } from '#report';
import type { ClusterReport, ClusterResource, ScannedImage } from './cluster-report.js';

type Json = Readonly<Record<string, unknown>>;

export function* clusterJson(report: ClusterReport, kind: 'all' | 'summary', options: JsonOptions): Generator<string> {
  const head = {
    ClusterName: report.clusterName,
    Pratique: compact({
      Version: options.version,
      Diagnostics: report.diagnostics.length > 0 ? report.diagnostics.map(diagnosticJson) : undefined,
    }),
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "${kind === 'all' ? 'Resources' : 'Findings'}": [`;
  let separator = '\n    ';
  for (const resource of report.resources) {
    const list = kind === 'all' ? resourcesJson(resource, options) : [findingJson(resource, options)];
    for (const one of list) {
      yield separator + JSON.stringify(one, null, 2).replaceAll('\n', '\n    ');
      separator = ',\n    ';
    }
  }
  yield separator === '\n    ' ? ']\n}\n' : '\n  ]\n}\n';
}

function resourcesJson(resource: ClusterResource, options: JsonOptions): Json[] {
  if (resource.images.length === 0) return [{ ...identity(resource), ...compact({ Error: resource.error }) }];
  return resource.images.map((image) => ({
    ...identity(resource),
    ...compact({
      Metadata: metadataOf([image], options),
      Results: resultsOf([image], options),
      Error: image.error,
      Pratique: imageJson(image),
    }),
  }));
}

function findingJson(resource: ClusterResource, options: JsonOptions): Json {
  const { images } = resource;
  const errors = [resource.error, ...images.map(({ error }) => error)].filter(Boolean);
  return {
    ...identity(resource),
    ...compact({
      Metadata: metadataOf(images, options),
      Results: resultsOf(images, options),
      Error: errors.length > 0 ? errors.join('; ') : undefined,
      Pratique: images.length > 0 ? { Images: images.map(imageJson) } : undefined,
    }),
  };
}

const identity = ({ namespace, kind, name }: ClusterResource): Json => ({
  ...(namespace && { Namespace: namespace }),
  Kind: kind,
  Name: name,
});

function metadataOf(images: readonly ScannedImage[], options: JsonOptions): unknown[] | undefined {
  const found = images.flatMap(({ report }) => {
    const metadata = report && reportHead(report, options)['Metadata'];
    return metadata === undefined ? [] : [metadata];
  });
  return found.length > 0 ? found : undefined;
}

function resultsOf(images: readonly ScannedImage[], options: JsonOptions): Json[] | undefined {
  const found = images.flatMap(({ report }) =>
    (report?.results ?? []).map((result) => resultJson(result, report!, options)).filter((one) => one !== undefined),
  );
  return found.length > 0 ? found : undefined;
}

const imageJson = ({ image, digest, platform, containers, error, report }: ScannedImage): Json =>
  compact({
    Image: image,
    Digest: digest,
    Platform: platform,
    Containers: containers,
    Error: error,
    Diagnostics: report && report.diagnostics.length > 0 ? report.diagnostics.map(diagnosticJson) : undefined,
  });

const diagnosticJson = ({ code, severity, message, path }: Diagnostic): Json =>
  compact({ Code: code, Severity: severity, Message: message, Path: path });

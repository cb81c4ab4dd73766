/**
 * `gitlab` and `gitlab-dependency-scanning`: security reports of GitLab, schema 15.0.7, which every instance in
 * support reads; later revisions are refused by older ones. One over-long field refuses the whole report, so texts
 * are cut to its limits. Secrets and licenses have no place in these reports: a message counts them.
 * Sources  https://docs.gitlab.com/development/integrations/secure/#report ·
 *          https://gitlab.com/gitlab-org/security-products/security-report-schemas
 */
import { compact, oneLine } from '#base';
import type { Report, Result, Vulnerability } from '#model';
import { contentUuid } from '../content-uuid.js';
import { cutText } from '../cut-text.js';
import { flatFinding, linksOf } from '../flat-finding.js';
import { defineFormat, type FormatOptions } from '../format.js';
import { jsonText } from '../json-text.js';
import { plainText } from '../markup-text.js';
import { programName, programUrl } from '../program-name.js';

export const gitlab = defineFormat({
  id: 'gitlab',
  title: 'container scanning report of GitLab, schema 15.0.7',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    yield* securityReport(report, 'container_scanning', report.results, options);
  },
});

export const gitlabDependencyScanning = defineFormat({
  id: 'gitlab-dependency-scanning',
  title: 'dependency scanning report of GitLab, schema 15.0.7',
  mediaType: 'application/json',
  extension: 'json',
  async *encode(report, options) {
    const results = report.results.filter((result) => result.class === 'lang-pkgs');
    yield* securityReport(report, 'dependency_scanning', results, options);
  },
});

type Kind = 'container_scanning' | 'dependency_scanning';

function* securityReport(
  report: Report,
  kind: Kind,
  results: readonly Result[],
  options: FormatOptions,
): Generator<string> {
  yield* jsonText(
    new Map<string, unknown>([
      ['version', '15.0.7'],
      ['scan', scanJson(report, kind, options)],
      ['vulnerabilities', vulnerabilities(report, kind, results)],
      ['remediations', []],
      ['dependency_files', kind === 'dependency_scanning' ? dependencyFiles(results) : undefined],
    ]),
  );
  yield '\n';
}

function scanJson(report: Report, type: Kind, { version }: FormatOptions): unknown {
  const time = report.createdAt.slice(0, 19);
  const tool = { id: programName, name: programName, url: programUrl, vendor: { name: programName }, version };
  const messages = messagesOf(report);
  return compact({
    analyzer: tool,
    scanner: tool,
    start_time: time,
    end_time: time,
    status: 'success',
    type,
    messages: messages.length > 0 ? messages : undefined,
  });
}

function messagesOf({ diagnostics, results }: Report): readonly unknown[] {
  const told = diagnostics
    .filter(({ severity }) => severity !== 'info')
    .slice(0, 100)
    .map(({ path, message }) => ({ level: 'warn', value: oneLine(path ? `${path}: ${message}` : message) }));
  const others = results.reduce((sum, r) => sum + (r.secrets?.length ?? 0) + (r.licenses?.length ?? 0), 0);
  if (others === 0) return told;
  return [...told, { level: 'info', value: `${others} secrets and licenses are not part of this report` }];
}

function* vulnerabilities(report: Report, kind: Kind, results: readonly Result[]): Generator<unknown> {
  const seen = new Map<string, number>();
  for (const result of results)
    for (const v of result.vulnerabilities) {
      const { name, version, path = '' } = v.package;
      const id = contentUuid([kind, v.id, name, version, path, v.installedVersion, result.target]);
      const times = seen.get(id) ?? 0;
      seen.set(id, times + 1);
      yield vulnerabilityJson(v, result, report, kind, times > 0 ? contentUuid([id, `${times}`]) : id);
    }
}

function vulnerabilityJson(v: Vulnerability, result: Result, report: Report, kind: Kind, id: string): unknown {
  const { title, description } = flatFinding(v, result);
  const links = linksOf(v);
  const vectors = cvssVectors(v);
  return compact({
    id,
    name: cutText(oneLine(v.title ? `${v.id}: ${title}` : title), 255),
    description: cutText(plainText(description), 1_048_576) || undefined,
    severity: v.severity[0] + v.severity.slice(1).toLowerCase(),
    solution: cutText(
      oneLine(v.fixedVersion ? `Upgrade ${v.package.name} to ${v.fixedVersion}` : 'No solution provided'),
      7000,
    ),
    identifiers: identifiers(v),
    links: links.length > 0 ? links.map((url) => ({ url })) : undefined,
    cvss_vectors: vectors.length > 0 ? vectors : undefined,
    location: location(v, result, report, kind),
  });
}

function location(v: Vulnerability, { target }: Result, { metadata, artifactName }: Report, kind: Kind): unknown {
  const dependency = { package: { name: oneLine(v.package.name) }, version: oneLine(v.installedVersion) };
  if (kind === 'dependency_scanning') return { file: oneLine(v.package.path || target) || '-', dependency };
  const { os } = metadata;
  return {
    dependency,
    operating_system: (os && oneLine(`${os.family} ${os.name}`).trim()) || 'Unknown',
    image: oneLine(artifactName) || 'Unknown',
  };
}

/** The first one is the identity of the finding in GitLab. */
function identifiers({ id, primaryUrl, cweIds = [] }: Vulnerability): readonly unknown[] {
  const url = linksOf({ id, primaryUrl } as Vulnerability)[0];
  const type = /^[A-Za-z]+(?=-)/.exec(id)?.[0].toLowerCase() ?? 'other';
  const weaknesses = cweIds.flatMap((cwe) => {
    const value = /^CWE-(\d{1,6})$/.exec(cwe)?.[1];
    return value
      ? [{ type: 'cwe', name: cwe, value, url: `https://cwe.mitre.org/data/definitions/${value}.html` }]
      : [];
  });
  return [compact({ type, name: oneLine(id), value: oneLine(id), url }), ...weaknesses];
}

/** Version 4 is not in this schema. */
function cvssVectors({ cvss = {} }: Vulnerability): readonly unknown[] {
  return Object.keys(cvss)
    .sort()
    .flatMap((vendor) => {
      const vector = cvss[vendor]?.V3Vector ?? '';
      return vendor && /^CVSS:3[.][01](?:\/[A-Z]{1,3}:[A-Z]){8,}$/.test(vector) && vector.length <= 128
        ? [{ vendor: oneLine(vendor), vector }]
        : [];
    })
    .slice(0, 10);
}

function* dependencyFiles(results: readonly Result[]): Generator<unknown> {
  for (const { target, type = '', packages = [] } of results)
    yield {
      path: oneLine(target) || '-',
      package_manager: oneLine(type) || 'unknown',
      dependencies: packages.map(({ name, version }) => ({
        package: { name: oneLine(name) },
        version: oneLine(version),
      })),
    };
}

/**
 * `cyclonedx-vex`: the vulnerabilities of a report with their analysis, and the components they are about, in
 * CycloneDX 1.6 JSON, which more tools read than later versions.
 * Source  https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis
 */
import { compact, oneLine } from '#base';
import type { Report, Severity } from '#model';
import { contentUuid } from '../content-uuid.js';
import { linksOf } from '../flat-finding.js';
import { defineFormat } from '../format.js';
import { jsonText } from '../json-text.js';
import { plainText } from '../markup-text.js';
import { offsetTime } from '../offset-time.js';
import { programName } from '../program-name.js';
import { justificationOf, type VexStatement, type VexStatus, vexStatements } from './statements.js';

export const cyclonedxVex = defineFormat({
  id: 'cyclonedx-vex',
  title: 'VEX as CycloneDX 1.6 JSON',
  mediaType: 'application/vnd.cyclonedx+json; version=1.6',
  extension: 'vex.cdx.json',
  async *encode(report, { version }) {
    const all = [...vexStatements(report)];
    yield* jsonText(
      new Map<string, unknown>([
        ['$schema', 'http://cyclonedx.org/schema/bom-1.6.schema.json'],
        ['bomFormat', 'CycloneDX'],
        ['specVersion', '1.6'],
        ['serialNumber', `urn:uuid:${documentId(report, all)}`],
        ['version', 1],
        ['metadata', metadata(report, version)],
        ['components', components(all)],
        ['vulnerabilities', vulnerabilities(all)],
      ]),
    );
    yield '\n';
  },
});

const documentId = ({ artifactName }: Report, all: readonly VexStatement[]): string =>
  contentUuid([artifactName, ...all.flatMap(({ id, status, product, text }) => [id, status, product, text])]);

function metadata({ createdAt, artifactName, artifactType }: Report, version: string): unknown {
  return {
    timestamp: offsetTime(createdAt),
    tools: { components: [{ type: 'application', name: programName, version }] },
    component: {
      type: artifactType === 'container_image' ? 'container' : 'application',
      name: oneLine(artifactName) || '-',
    },
  };
}

function* components(all: readonly VexStatement[]): Generator<unknown> {
  const seen = new Set<string>();
  for (const { product, finding } of all) {
    if (seen.has(product)) continue;
    seen.add(product);
    yield {
      'bom-ref': product,
      type: 'library',
      name: oneLine(finding.package.name) || '-',
      version: oneLine(finding.installedVersion),
      purl: product,
    };
  }
}

function* vulnerabilities(all: readonly VexStatement[]): Generator<unknown> {
  const groups = new Map<string, { readonly first: VexStatement; readonly products: Map<string, string> }>();
  for (const statement of all) {
    const { id, status, text, finding, product } = statement;
    const key = JSON.stringify([id, status, text, finding.severity]);
    const group = groups.get(key) ?? { first: statement, products: new Map() };
    groups.set(key, group);
    group.products.set(product, finding.installedVersion);
  }
  for (const { first, products } of groups.values()) yield vulnerabilityJson(first, products);
}

/** Nobody has looked at a finding yet. */
const states: Readonly<Record<VexStatus, string>> = {
  not_affected: 'not_affected',
  fixed: 'resolved',
  affected: 'in_triage',
  under_investigation: 'in_triage',
};
const ranges: Readonly<Record<VexStatus, string>> = {
  not_affected: 'unaffected',
  fixed: 'unaffected',
  affected: 'affected',
  under_investigation: 'unknown',
};
const grades: Readonly<Record<Severity, string>> = {
  UNKNOWN: 'unknown',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};
const justified: Readonly<Record<string, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'protected_at_runtime',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

function vulnerabilityJson(statement: VexStatement, products: ReadonlyMap<string, string>): unknown {
  const { id, finding, status, text } = statement;
  const label = status === 'not_affected' ? justificationOf(text) : undefined;
  const links = linksOf(finding);
  return compact({
    'bom-ref': contentUuid([id, status, text, finding.severity]),
    id: oneLine(id),
    ratings: [{ severity: grades[finding.severity] }],
    description: plainText(finding.description ?? finding.title ?? '') || undefined,
    recommendation: status === 'affected' ? plainText(text) : undefined,
    advisories: links.length > 0 ? links.map((url) => ({ url })) : undefined,
    published: offsetTime(finding.publishedDate),
    analysis: compact({
      state: states[status],
      justification: label && justified[label],
      detail: plainText(text) || undefined,
    }),
    affects: [...products].map(([ref, version]) => ({
      ref,
      versions: [{ version: oneLine(version), status: ranges[status] }],
    })),
  });
}

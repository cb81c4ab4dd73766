/**
 * CycloneDX documents with vulnerability analyses, about the components of another CycloneDX document.
 * Reads   JSON of any version that has `vulnerabilities`.
 * Yields  analyses; what they affect is named by BOM-Link: serial number, version and reference of a component.
 * Limits  those of `located-json.ts`.
 * Errors  `FormatError` with line and field for a document of another shape; an unknown state or a reference that is no
 *         BOM-Link is left out and listed as a problem.
 * Source  https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis and https://cyclonedx.org/capabilities/bomlink/
 */
import type { LocatedJson } from './located-json.js';
import { child, items, problem, rootNode, table, text, type VexNode, type VexProblem } from './vex-node.js';

export interface BomLink {
  /** As in the document's `serialNumber`: `urn:uuid:…`, lower case. */
  readonly serialNumber: string;
  readonly version: number;
  /** `bom-ref` of a component. */
  readonly reference: string;
}

export interface CycloneDxAnalysis {
  readonly id: string;
  readonly status: 'not_affected' | 'fixed' | 'affected' | 'under_investigation';
  readonly justification?: string;
  readonly detail?: string;
  readonly affects: readonly BomLink[];
}

export interface CycloneDxVex {
  readonly kind: 'cyclonedx';
  readonly analyses: readonly CycloneDxAnalysis[];
  readonly problems: readonly VexProblem[];
}

export function decodeCycloneDxVex(json: LocatedJson): CycloneDxVex {
  const root = table(rootNode(json));
  const problems: VexProblem[] = [];
  const analyses = items(child(root, 'vulnerabilities')).flatMap((node) => analysisOf(table(node), problems) ?? []);
  return { kind: 'cyclonedx', analyses, problems };
}

const statusOfState: ReadonlyMap<string, CycloneDxAnalysis['status']> = new Map([
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
  ['exploitable', 'affected'],
  ['in_triage', 'under_investigation'],
]);

function analysisOf(node: VexNode, problems: VexProblem[]): CycloneDxAnalysis | undefined {
  const id = text(child(node, 'id'));
  const analysis = child(node, 'analysis');
  const state = text(child(analysis, 'state'));
  // A document may list vulnerabilities that nobody has analyzed yet.
  if (id === undefined || state === undefined) return undefined;
  const status = statusOfState.get(state);
  if (!status) {
    problems.push(problem(child(analysis, 'state'), `${JSON.stringify(state)} is not a state of an analysis`));
    return undefined;
  }
  const justification = text(child(analysis, 'justification'));
  const detail = text(child(analysis, 'detail'));
  return {
    id,
    status,
    ...(justification !== undefined && { justification }),
    ...(detail !== undefined && { detail }),
    affects: items(child(node, 'affects')).flatMap((affected) => linkOf(child(table(affected), 'ref'), problems) ?? []),
  };
}

const linkSyntax = /^urn:cdx:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([1-9]\d{0,8})#(.+)$/is;

function linkOf(node: VexNode, problems: VexProblem[]): BomLink | undefined {
  const value = text(node);
  const match = value === undefined ? null : linkSyntax.exec(value);
  if (match)
    return { serialNumber: `urn:uuid:${match[1]!.toLowerCase()}`, version: Number(match[2]), reference: match[3]! };
  problems.push(problem(node, `${JSON.stringify(value ?? '')} is not a BOM-Link`));
  return undefined;
}

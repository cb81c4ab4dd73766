/**
 * CSAF documents of the VEX profile: the state of products per vulnerability.
 * Reads   JSON of versions 2.0 and 2.1.
 * Yields  per vulnerability the products that are fixed or known not to be affected, and the package URLs of all
 *         products: named alone, or as a component of another product.
 * Limits  those of `located-json.ts`, and 100 levels of branches.
 * Errors  `FormatError` with line and field for a document of another shape; a package URL that is none is a problem.
 * Source  https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html
 */
import { FormatError } from '#base';
import type { LocatedJson } from './located-json.js';
import { decodePurl, type PackageUrl } from './purl.js';
import { child, items, problem, rootNode, table, text, texts, type VexNode, type VexProblem } from './vex-node.js';

/** A product made of two: the component inside the other. */
export interface CsafRelationship {
  readonly category: string;
  readonly product: string;
  readonly within: string;
}

export interface CsafVulnerability {
  /** CVE and other ids. */
  readonly ids: readonly string[];
  /** Product ids. */
  readonly fixed: readonly string[];
  readonly notAffected: readonly string[];
  /** Text of the first threat of the category `impact`. */
  readonly impact?: string;
}

export interface CsafDocument {
  readonly kind: 'csaf';
  readonly purls: ReadonlyMap<string, readonly PackageUrl[]>;
  /** By the id of the product they make. */
  readonly relationships: ReadonlyMap<string, readonly CsafRelationship[]>;
  readonly vulnerabilities: readonly CsafVulnerability[];
  readonly problems: readonly VexProblem[];
}

const maxDepth = 100;

export function decodeCsaf(json: LocatedJson): CsafDocument {
  const root = table(rootNode(json));
  const problems: VexProblem[] = [];
  const purls = new Map<string, PackageUrl[]>();
  const tree = child(root, 'product_tree');
  for (const product of items(child(tree, 'full_product_names'))) readProduct(product, purls, problems);
  for (const branch of items(child(tree, 'branches'))) readBranch(branch, purls, problems, 0);
  const relationships = new Map<string, CsafRelationship[]>();
  for (const node of items(child(tree, 'relationships'))) readRelationship(node, relationships, purls, problems);
  const vulnerabilities = items(child(root, 'vulnerabilities')).map((node) => vulnerabilityOf(table(node)));
  return { kind: 'csaf', purls, relationships, vulnerabilities, problems };
}

function readBranch(node: VexNode, purls: Map<string, PackageUrl[]>, problems: VexProblem[], depth: number): void {
  if (depth > maxDepth) throw new FormatError(`line ${node.line}: branches nested deeper than ${maxDepth} levels`);
  const product = child(table(node), 'product');
  if (product.value !== undefined && product.value !== null) readProduct(product, purls, problems);
  for (const branch of items(child(node, 'branches'))) readBranch(branch, purls, problems, depth + 1);
}

function readProduct(node: VexNode, purls: Map<string, PackageUrl[]>, problems: VexProblem[]): void {
  const id = text(child(table(node), 'product_id'));
  const help = child(node, 'product_identification_helper');
  if (id === undefined || help.value === undefined || help.value === null) return;
  const found = purls.get(id) ?? [];
  purls.set(id, found);
  // Version 2.1 has a list of package URLs.
  for (const at of [child(table(help), 'purl'), ...items(child(help, 'purls'))]) {
    const value = text(at);
    if (value === undefined) continue;
    try {
      found.push(decodePurl(value));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(problem(at, error.message));
    }
  }
}

function readRelationship(
  node: VexNode,
  relationships: Map<string, CsafRelationship[]>,
  purls: Map<string, PackageUrl[]>,
  problems: VexProblem[],
): void {
  const made = child(table(node), 'full_product_name');
  const id = text(child(table(made), 'product_id'));
  const product = text(child(node, 'product_reference'));
  const within = text(child(node, 'relates_to_product_reference'));
  if (id === undefined || product === undefined || within === undefined) {
    problems.push(problem(node, 'the relationship does not name its products'));
    return;
  }
  readProduct(made, purls, problems);
  const list = relationships.get(id) ?? [];
  list.push({ category: text(child(node, 'category')) ?? '', product, within });
  relationships.set(id, list);
}

function vulnerabilityOf(node: VexNode): CsafVulnerability {
  const status = child(node, 'product_status');
  const ids = [text(child(node, 'cve')), ...items(child(node, 'ids')).map((id) => text(child(id, 'text')))];
  const impact = items(child(node, 'threats')).find((threat) => text(child(threat, 'category')) === 'impact');
  const details = impact && text(child(impact, 'details'));
  return {
    ids: ids.filter((id) => id !== undefined),
    fixed: texts(child(status, 'fixed')),
    notAffected: texts(child(status, 'known_not_affected')),
    ...(details !== undefined && { impact: details }),
  };
}

/**
 * OpenVEX documents: what their author says about products and vulnerabilities.
 * Reads   JSON of version 0.2.0 and of 0.0.x, where vulnerability and products are plain texts.
 * Yields  statements oldest first (its own time, else the document's), so that of those which match the last one counts.
 * Limits  those of `located-json.ts`; the size of the text is its reader's.
 * Errors  `FormatError` with line and field for a document of another shape; a single statement with an unknown status,
 *         time or package URL is left out and listed as a problem.
 * Source  https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
import { FormatError } from '#base';
import type { LocatedJson } from './located-json.js';
import { decodePurl, type PackageUrl } from './purl.js';
import { child, items, problem, rootNode, table, text, texts, type VexNode, type VexProblem } from './vex-node.js';

export type OpenVexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/** Names of one piece of software. */
export interface OpenVexComponent {
  /** Everything that names it verbatim: `@id`, identifiers, digests. */
  readonly names: readonly string[];
  readonly purls: readonly PackageUrl[];
}

export interface OpenVexProduct extends OpenVexComponent {
  /** When there are any, the statement is about these inside the product only. */
  readonly subcomponents: readonly OpenVexComponent[];
}

export interface OpenVexStatement {
  /** Name, id and aliases of the vulnerability. */
  readonly vulnerabilities: readonly string[];
  readonly products: readonly OpenVexProduct[];
  readonly status: OpenVexStatus;
  readonly justification?: string;
  readonly impact?: string;
}

export interface OpenVexDocument {
  readonly kind: 'openvex';
  readonly statements: readonly OpenVexStatement[];
  readonly problems: readonly VexProblem[];
}

export function decodeOpenVex(json: LocatedJson): OpenVexDocument {
  const root = table(rootNode(json));
  if (text(child(root, '@context')) === undefined) throw new FormatError('line 1: @context is missing');
  const problems: VexProblem[] = [];
  const documentTime = timeOf(child(root, 'timestamp'), problems) ?? 0;
  const dated: { time: number; statement: OpenVexStatement }[] = [];
  for (const node of items(child(root, 'statements'))) {
    const statement = statementOf(table(node), problems);
    const time = timeOf(child(node, 'timestamp'), problems) ?? documentTime;
    if (statement) dated.push({ time, statement });
  }
  dated.sort((a, b) => a.time - b.time);
  return { kind: 'openvex', statements: dated.map(({ statement }) => statement), problems };
}

const statuses: ReadonlySet<string> = new Set(['not_affected', 'affected', 'fixed', 'under_investigation']);

function statementOf(node: VexNode, problems: VexProblem[]): OpenVexStatement | undefined {
  const status = text(child(node, 'status'));
  if (status === undefined || !statuses.has(status)) {
    problems.push(problem(child(node, 'status'), `${JSON.stringify(status ?? '')} is not a status of OpenVEX`));
    return undefined;
  }
  const vulnerabilities = vulnerabilitiesOf(child(node, 'vulnerability'));
  if (vulnerabilities.length === 0) {
    problems.push(problem(child(node, 'vulnerability'), 'the statement names no vulnerability'));
    return undefined;
  }
  const legacy = componentsOf(child(node, 'subcomponents'), problems);
  const products = items(child(node, 'products')).map((product) => ({
    ...componentOf(product, problems),
    subcomponents: [...items(child(product, 'subcomponents')).map((sub) => componentOf(sub, problems)), ...legacy],
  }));
  const justification = text(child(node, 'justification'));
  const impact = text(child(node, 'impact_statement'));
  return {
    vulnerabilities,
    products,
    status: status as OpenVexStatus,
    ...(justification !== undefined && { justification }),
    ...(impact !== undefined && { impact }),
  };
}

/** Before 0.2.0, subcomponents belong to the statement. */
const componentsOf = (node: VexNode, problems: VexProblem[]): readonly OpenVexComponent[] =>
  items(node).map((sub) => componentOf(sub, problems));

function vulnerabilitiesOf(node: VexNode): readonly string[] {
  if (typeof node.value === 'string') return node.value ? [node.value] : [];
  if (node.value === undefined || node.value === null) return [];
  const found = table(node);
  const names = [text(child(found, 'name')), text(child(found, '@id')), ...texts(child(found, 'aliases'))];
  return names.filter((name) => name !== undefined);
}

function componentOf(node: VexNode, problems: VexProblem[]): OpenVexComponent {
  if (typeof node.value === 'string') return named([{ name: node.value, node }], problems);
  const found = table(node);
  const id = child(found, '@id');
  const names = [{ name: text(id), node: id }];
  for (const list of ['identifiers', 'hashes']) {
    const node = child(found, list);
    if (node.value === undefined || node.value === null) continue;
    for (const key of Object.keys(table(node).value as object)) {
      const entry = child(node, key);
      names.push({ name: text(entry), node: entry });
    }
  }
  return named(
    names.flatMap(({ name, node }) => (name === undefined ? [] : [{ name, node }])),
    problems,
  );
}

function named(names: readonly { name: string; node: VexNode }[], problems: VexProblem[]): OpenVexComponent {
  const purls: PackageUrl[] = [];
  for (const { name, node } of names) {
    if (!name.startsWith('pkg:')) continue;
    try {
      purls.push(decodePurl(name));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(problem(node, error.message));
    }
  }
  return { names: names.map(({ name }) => name), purls };
}

function timeOf(node: VexNode, problems: VexProblem[]): number | undefined {
  const value = text(node);
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return time;
  problems.push(problem(node, `${JSON.stringify(value)} is not a time`));
  return undefined;
}

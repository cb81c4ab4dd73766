/**
 * `openvex`: an OpenVEX document that says of every vulnerability whether the products are affected, to go on from.
 * Source  https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (0.2.0)
 */
import { compact, oneLine } from '#base';
import type { Report } from '#model';
import { contentUuid } from '../content-uuid.js';
import { defineFormat } from '../format.js';
import { jsonText } from '../json-text.js';
import { plainText } from '../markup-text.js';
import { programName } from '../program-name.js';
import { justificationOf, type VexStatement, vexStatements } from './statements.js';

export const openvex = defineFormat({
  id: 'openvex',
  title: 'OpenVEX 0.2.0',
  mediaType: 'application/json',
  extension: 'vex.json',
  async *encode(report, { version }) {
    yield* jsonText(
      new Map<string, unknown>([
        ['@context', 'https://openvex.dev/ns/v0.2.0'],
        ['@id', `urn:uuid:${documentId(report)}`],
        ['author', programName],
        ['timestamp', report.createdAt],
        ['version', 1],
        ['tooling', `${programName}/${version}`],
        ['statements', statements(report)],
      ]),
    );
    yield '\n';
  },
});

function documentId(report: Report): string {
  function* parts(): Generator<string> {
    yield report.artifactName;
    for (const { id, status, product, text } of vexStatements(report)) yield* [id, status, product, text];
  }
  return contentUuid(parts());
}

/** Products of one vulnerability with the same answer are in one statement. */
function* statements(report: Report): Generator<unknown> {
  const groups = new Map<string, { readonly first: VexStatement; readonly products: Set<string> }>();
  for (const statement of vexStatements(report)) {
    const key = JSON.stringify([statement.id, statement.status, statement.text]);
    const group = groups.get(key) ?? { first: statement, products: new Set() };
    groups.set(key, group);
    group.products.add(statement.product);
  }
  for (const { first, products } of groups.values()) yield statementJson(first, products);
}

function statementJson({ id, finding, status, text }: VexStatement, products: ReadonlySet<string>): unknown {
  const justification = status === 'not_affected' ? justificationOf(text) : undefined;
  return compact({
    vulnerability: compact({ name: oneLine(id), description: plainText(finding.title ?? '') || undefined }),
    products: [...products].map((purl) => ({ '@id': purl, identifiers: { purl } })),
    status,
    justification,
    impact_statement: status === 'not_affected' && !justification ? plainText(text) || 'not affected' : undefined,
    action_statement: status === 'affected' ? plainText(text) : undefined,
  });
}

/** The verdicts of an OpenVEX document: of the statements that match, the last one counts. */
import type { OpenVexComponent, OpenVexDocument, OpenVexStatement } from '#formats';
import { purlMatches } from '../purl-matches.js';
import type { Component, VexSource } from './vex-source.js';

export function openVexSource(document: OpenVexDocument, source: string): VexSource {
  const byVulnerability = new Map<string, OpenVexStatement[]>();
  for (const statement of document.statements) {
    for (const name of new Set(statement.vulnerabilities)) {
      const list = byVulnerability.get(name);
      if (list) list.push(statement);
      else byVulnerability.set(name, [statement]);
    }
  }
  return {
    judge(vulnerability, product, leaf) {
      const last = byVulnerability.get(vulnerability)?.findLast((statement) => concerns(statement, product, leaf));
      if (last?.status !== 'not_affected' && last?.status !== 'fixed') return undefined;
      return { status: last.status, statement: last.justification ?? last.impact ?? '', source };
    },
  };
}

function concerns(statement: OpenVexStatement, product: Component, leaf: Component): boolean {
  return statement.products.some(
    (named) =>
      means(named, product) &&
      (named.subcomponents.length === 0 || named.subcomponents.some((sub) => means(sub, leaf))),
  );
}

function means(named: OpenVexComponent, component: Component): boolean {
  return (
    named.names.some((name) => component.names.includes(name)) ||
    named.purls.some((pattern) => component.purls.some((purl) => purlMatches(pattern, purl)))
  );
}

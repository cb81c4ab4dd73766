/** The verdicts of a CSAF document: products named alone, or as components of others. */
import type { CsafDocument, CsafVulnerability } from '#formats';
import { purlMatches } from '../purl-matches.js';
import type { Component, Verdict, VexSource } from './vex-source.js';

/** Categories that put a component into a product. */
const inside: ReadonlySet<string> = new Set(['default_component_of', 'installed_on', 'installed_with']);

export function csafSource(document: CsafDocument, source: string): VexSource {
  const byVulnerability = new Map<string, CsafVulnerability[]>();
  for (const vulnerability of document.vulnerabilities) {
    for (const id of new Set(vulnerability.ids)) {
      const list = byVulnerability.get(id);
      if (list) list.push(vulnerability);
      else byVulnerability.set(id, [vulnerability]);
    }
  }
  return {
    judge(id, product, leaf) {
      for (const found of byVulnerability.get(id) ?? []) {
        const status = statusOf(found, document, product, leaf);
        if (status) return { status, statement: found.impact ?? '', source };
      }
      return undefined;
    },
  };
}

function statusOf(
  found: CsafVulnerability,
  document: CsafDocument,
  product: Component,
  leaf: Component,
): Verdict['status'] | undefined {
  const concerns = (id: string): boolean => means(document, id, product) || relates(document, id, product, leaf);
  if (found.fixed.some(concerns)) return 'fixed';
  return found.notAffected.some(concerns) ? 'not_affected' : undefined;
}

function relates(document: CsafDocument, id: string, product: Component, leaf: Component): boolean {
  return (document.relationships.get(id) ?? []).some(
    ({ category, product: part, within }) =>
      inside.has(category) && means(document, part, leaf) && means(document, within, product),
  );
}

function means(document: CsafDocument, id: string, component: Component): boolean {
  const patterns = document.purls.get(id) ?? [];
  return patterns.some((pattern) => component.purls.some((purl) => purlMatches(pattern, purl)));
}
